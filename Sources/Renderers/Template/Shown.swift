/// What a reader sees of a plain value: control characters made visible, line ends folded where the
/// place is one line, and directional controls kept from reaching beyond the value.
enum Shown {
  /// U+2060 WORD JOINER, which nobody sees: it stands where nothing at all can't stand.
  static let filler: StaticString = "\u{2060}"

  /// Whether a value can be shown as it is: without control characters, but for tabs.
  static func isClean(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    for index in bytes.indices where needsLook(bytes[index]) {
      if isControl(bytes, index) { return false }
    }
    return true
  }

  @inline(__always)
  static func needsLook(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xD8 || byte == 0xE2
  }

  /// Whether something at `index` must not be written as it is.
  static func isControl(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    switch bytes[index] {
    case 0x09: false
    case 0x00..<0x20, 0x7F: true
    case 0xC2: index + 1 < bytes.count && bytes[index + 1] < 0xA0
    case 0xD8: index + 1 < bytes.count && bytes[index + 1] == 0x9C
    case 0xE2: directional(bytes, index) != nil
    default: false
    }
  }

  /// Whether a value has directional controls in it, so that it is shown within an isolate.
  static func isDirectional(_ text: String) -> Bool {
    var text = text
    return text.withUTF8 { bytes in
      bytes.indices.contains { index in
        bytes[index] == 0xE2 && directional(bytes, index) != nil
          || bytes[index] == 0xD8 && isControl(bytes, index)
      }
    }
  }

  private enum Direction {
    case mark
    case isolate
    case endOfIsolate
    case embedding
  }

  private static func directional(
    _ bytes: UnsafeBufferPointer<UInt8>, _ index: Int
  ) -> Direction? {
    guard index + 2 < bytes.count else { return nil }
    switch (bytes[index], bytes[index + 1], bytes[index + 2]) {
    case (0xE2, 0x80, 0x8E...0x8F): return .mark
    case (0xE2, 0x80, 0xAA...0xAE): return .embedding
    case (0xE2, 0x81, 0xA6...0xA8): return .isolate
    case (0xE2, 0x81, 0xA9): return .endOfIsolate
    default: return nil
    }
  }

  /// The value for a place of one line.
  static func line(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var start = 0
    var end = bytes.count
    while end > start, bytes[end - 1].isLineEnd { end -= 1 }
    while start < end, bytes[start].isLineEnd { start += 1 }
    var folded: [UInt8] = []
    folded.reserveCapacity(end - start + 16)
    var index = start
    while index < end {
      if bytes[index].isLineEnd {
        while index < end, bytes[index].isLineEnd { index += 1 }
        folded.append(.space)
      } else {
        folded.append(bytes[index])
        index += 1
      }
    }
    return folded.withUnsafeBufferPointer(visible)
  }

  static func line(_ text: String) -> [UInt8] {
    var text = text
    return text.withUTF8 { line($0) }
  }

  /// The value without the white space around it, for an address, which hides nothing else.
  static func trimmedLine(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var rest = bytes[...]
    while let first = rest.first, first <= 0x20 { rest = rest.dropFirst() }
    while let last = rest.last, last <= 0x20 { rest = rest.dropLast() }
    return Array(rest)
  }

  /// The lines of the value for a place that has many; the last has no line end.
  static func lines(_ bytes: UnsafeBufferPointer<UInt8>) -> [[UInt8]] {
    var lines: [[UInt8]] = []
    var start = 0
    var index = 0
    var end = bytes.count
    while end > 0, bytes[end - 1].isLineEnd { end -= 1 }
    while index <= end {
      if index == end || bytes[index].isLineEnd {
        lines.append(visible(UnsafeBufferPointer(rebasing: bytes[start..<index])))
        if index < end, bytes[index] == .carriageReturn, index + 1 < end,
          bytes[index + 1] == .lineFeed
        {
          index += 1
        }
        start = index + 1
      }
      index += 1
    }
    return lines
  }

  /// One line with its control characters visible and its directional controls balanced.
  static func visible(_ bytes: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count + 16)
    var isDirectional = false
    var open = 0
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      guard needsLook(byte), isControl(bytes, index) else {
        result.append(byte)
        index += 1
        continue
      }
      switch byte {
      case 0x00..<0x20:
        result += [0xE2, 0x90, 0x80 + byte]
        index += 1
      case 0x7F:
        result += [0xE2, 0x90, 0xA1]
        index += 1
      case 0xC2:
        result += [0xEF, 0xBF, 0xBD]
        index += 2
      case 0xD8:
        isDirectional = true
        result += bytes[index..<index + 2]
        index += 2
      default:
        isDirectional = true
        switch directional(bytes, index) {
        case .isolate:
          open += 1
          result += bytes[index..<index + 3]
        case .endOfIsolate where open == 0: result += [0xEF, 0xBF, 0xBD]
        case .endOfIsolate:
          open -= 1
          result += bytes[index..<index + 3]
        default: result += bytes[index..<index + 3]
        }
        index += 3
      }
    }
    guard isDirectional else { return result }
    let end = repeatElement([0xE2, 0x81, 0xA9] as [UInt8], count: open + 1).joined()
    return [0xE2, 0x81, 0xA8] + result + end
  }
}
