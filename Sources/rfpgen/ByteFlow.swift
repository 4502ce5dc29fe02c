/// How far a flow of bytes has got, in words.
struct ByteFlow {
  let done: Int
  /// How many bytes there are; 0 where nobody knows.
  let total: Int
  let milliseconds: Int

  /// `1.2 GB of 10.0 GB · 512 MB/s · 18 s left`; what is not known yet is left out.
  var text: String {
    var parts: [String] = []
    if total > 0 {
      parts.append("\(Self.size(min(done, total))) of \(Self.size(total))")
    } else {
      parts.append(Self.size(done))
    }
    // Without a second's worth it would be a guess.
    guard milliseconds >= 1000, done > 0 else { return parts.joined() }
    let rate = Int(Double(done) / Double(milliseconds) * 1000)
    parts.append("\(Self.size(rate))/s")
    if total > done, rate > 0 { parts.append("\(Self.time((total - done) / rate + 1)) left") }
    return parts.joined(separator: " · ")
  }

  private static func time(_ seconds: Int) -> String {
    if seconds < 100 { return "\(seconds) s" }
    let minutes = (seconds + 59) / 60
    return minutes < 100 ? "\(minutes) min" : "\(minutes / 60) h \(minutes % 60) min"
  }

  /// A size in the units of makers of disks, who count by thousands.
  private static func size(_ count: Int) -> String {
    let units = [("TB", 1_000_000_000_000), ("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1000)]
    guard let (name, unit) = units.first(where: { count >= $0.1 }) else { return "\(count) bytes" }
    let tenths = count / (unit / 10)
    return tenths >= 1000 ? "\(tenths / 10) \(name)" : "\(tenths / 10).\(tenths % 10) \(name)"
  }
}
