/// The nearest of some known names, for «did you mean».
///
/// A name is near when it differs in case only, or by at most a third of its length in insertions,
/// removals, replacements and swaps of neighbours (optimal string alignment). The work is bounded:
/// names longer than 64 bytes get no suggestion.
public func nearest(to name: String, among known: some Sequence<String>) -> String? {
  let wanted = Array(name.lowercased().utf8)
  guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
  var best: (distance: Int, name: String)?
  for candidate in known {
    let other = Array(candidate.lowercased().utf8)
    let allowed = max(1, max(wanted.count, other.count) / 3)
    guard other.count <= 64, abs(other.count - wanted.count) <= allowed else { continue }
    let distance = alignmentDistance(wanted, other)
    if distance <= allowed, distance < best?.distance ?? .max { best = (distance, candidate) }
  }
  return best?.name
}

private func alignmentDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...b.count)
  for i in 0..<a.count {
    var current = [i + 1]
    current.reserveCapacity(b.count + 1)
    for j in 0..<b.count {
      var cost = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (a[i] == b[j] ? 0 : 1))
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
        cost = min(cost, beforePrevious[j - 1] + 1)
      }
      current.append(cost)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[b.count]
}
