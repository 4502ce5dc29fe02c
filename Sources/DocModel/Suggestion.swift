/// The nearest of some known names, for «did you mean».
///
/// A name is near when it differs in case only, or by at most a third of its length in insertions,
/// removals, replacements and swaps of neighbours (optimal string alignment). Quotes and spaces of
/// any kind, which word processors put around a name, don't count. Of an identifier such as
/// `section.item` whose section is wrong, the one known that ends in this item is near. The work is
/// bounded: names longer than 64 bytes get no suggestion.
public func nearest(to name: String, among known: some Sequence<String>) -> String? {
  var wanted = Array(bare(name).lowercased().utf8)
  guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
  if let near = nearest(to: wanted, among: known, by: { $0 }) { return near }
  guard let dot = wanted.lastIndex(of: UInt8(ascii: ".")), dot + 1 < wanted.count else {
    return nil
  }
  wanted.removeFirst(dot)
  let identifiers = known.filter { $0.utf8.contains(UInt8(ascii: ".")) }
  func item(_ name: [UInt8]) -> [UInt8] {
    Array(name[(name.lastIndex(of: UInt8(ascii: ".")) ?? 0)...])
  }
  guard let near = nearest(to: wanted, among: identifiers, by: item) else { return nil }
  let ending = item(Array(near.utf8))
  return identifiers.count { item(Array($0.utf8)) == ending } == 1 ? near : nil
}

/// A name without the quotes and the spaces around it.
private func bare(_ name: String) -> String {
  func isKept(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "'", "`", "«", "»", "\u{2018}"..."\u{201F}", "\u{200B}", "\u{FEFF}": false
    default: !scalar.properties.isWhitespace
    }
  }
  var scalars = name.unicodeScalars[...]
  while let first = scalars.first, !isKept(first) { scalars.removeFirst() }
  while let last = scalars.last, !isKept(last) { scalars.removeLast() }
  return String(scalars)
}

private func nearest(
  to wanted: [UInt8], among known: some Sequence<String>, by part: ([UInt8]) -> [UInt8]
) -> String? {
  var best: (distance: Int, name: String)?
  for candidate in known {
    let other = part(Array(candidate.lowercased().utf8))
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
