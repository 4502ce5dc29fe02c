/// What an open link or image came out as.
enum HTMLLink {
  /// A link, with its address and the place behind it in the output, and where its words begin.
  case link(address: Range<Int>, words: Int)
  case image
  /// A link in place of an image, with the place where its words begin.
  case linkToImage(words: Int)
  /// Nothing: only the words are shown.
  case words
}

/// Links, images and raw HTML: all that could lead elsewhere or do something.
extension HTMLWriter {
  mutating func openLink(to destination: LentBytes, title: LentBytes) {
    let isAllowed = options.isUnsafe || Address(destination).isSafeLink
    if !isAllowed { omissions += 1 }
    guard isAllowed, imageDepth == 0, options.isUnsafe || linkDepth == 0 else {
      links.append(.words)
      return
    }
    let address = openAnchor(to: destination, title: title)
    spanDepth += 1
    links.append(.link(address: address, words: out.count))
  }

  mutating func closeLink() {
    guard case .link(let address, let words) = links.popLast() else { return }
    closeSpan()
    let isBare =
      options.isEnriched && out.count - words == address.count
      && out.bytes[words...].elementsEqual(out.bytes[address])
    closeAnchor()
    // Paper shows the addresses of links, but none twice.
    if isBare { out.insert(HTMLBytes(" class=\"bare\""), at: address.upperBound + 1) }
  }

  mutating func openImage(of destination: LentBytes, title: LentBytes) {
    let address = Address(destination)
    if imageDepth > 0 {
      imageDepth += 1
      links.append(.image)
    } else if options.isUnsafe || (address.isSafeImage && !address.isElsewhere) {
      imageDepth = 1
      links.append(.image)
      out.markup("<img src=\"")
      out.address(destination)
      out.markup("\" alt=\"")
    } else {
      omissions += 1
      if address.isSafeImage, linkDepth == 0 {
        _ = openAnchor(to: destination, title: title)
        spanDepth += 1
        links.append(.linkToImage(words: out.count))
      } else {
        links.append(.words)
      }
    }
  }

  mutating func closeImage(of destination: LentBytes, title: LentBytes) {
    switch links.popLast() {
    case .image:
      imageDepth -= 1
      guard imageDepth == 0 else { return }
      writeTitle(title)
      out.markup(options.isEnriched ? "\">" : "\" />")
    case .linkToImage(let words):
      if out.count == words { out.text(destination) }
      closeSpan()
      closeAnchor()
    case .link, .words, nil: break
    }
  }

  /// Begins a link, and returns where its address stands in the output.
  private mutating func openAnchor(
    to destination: LentBytes, title: LentBytes
  ) -> Range<Int> {
    linkDepth += 1
    out.markup("<a href=\"")
    let start = out.count
    out.address(destination)
    let end = out.count
    writeTitle(title)
    out.markup("\">")
    return start..<end
  }

  private mutating func closeAnchor() {
    linkDepth -= 1
    out.markup("</a>")
  }

  /// Adds a title behind an attribute that is still open, and leaves its own open.
  private mutating func writeTitle(_ title: LentBytes) {
    if title.isEmpty { return }
    out.markup("\" title=\"")
    out.text(title)
  }

  // MARK: Raw HTML

  /// The ways in which an end of a line is written where none can stand, as in a table's cell.
  private static let breaks: [StaticString] = ["<br>", "<br/>", "<br />"]

  mutating func html(_ bytes: LentBytes) {
    if options.isUnsafe {
      if imageDepth > 0 { out.text(bytes) } else { out.raw(bytes) }
    } else if Self.breaks.contains(where: {
      bytes.count == $0.utf8CodeUnitCount && bytes.has($0, at: 0)
    }) {
      lineBreak()
    } else if !writeLanguage(bytes), !writeAnchors(in: bytes) {
      omissions += 1
    }
  }

  /// Writes the anchors in some raw HTML; `false` where it holds more than anchors and comments.
  mutating func writeAnchors(in html: LentBytes) -> Bool {
    var holdsMore = false
    var index = 0
    while index < html.count {
      if let id = Anchor.id(in: html, at: index) {
        writeAnchor(id)
        index = html.firstIndex(of: .greater, from: index).map { $0 + 1 } ?? html.count
      } else if html.has("</a>", at: index) {
        index += 4
      } else if html.has("<!--", at: index) {
        index = html.firstRange(of: "-->", from: index + 2).map { $0 + 3 } ?? html.count
      } else {
        if !html[index].isMarkdownSpace { holdsMore = true }
        index += 1
      }
    }
    return !holdsMore
  }

  private mutating func writeAnchor(_ id: String) {
    guard imageDepth == 0, anchors.insert(id).inserted else { return }
    out.markup(linkDepth == 0 ? "<a id=\"" : "<span id=\"")
    out.text(id)
    out.markup(linkDepth == 0 ? "\"></a>" : "\"></span>")
  }
}

/// `<a id="…">`, the one piece of raw HTML that every text may use: a place to link to.
enum Anchor {
  static let start: StaticString = "<a id=\""

  /// The identifier of an anchor that begins at an offset; letters, digits, `.`, `_`, `:` and `-`.
  static func id(in text: LentBytes, at offset: Int) -> String? {
    guard text.has(start, at: offset) else { return nil }
    let first = offset + start.utf8CodeUnitCount
    guard let end = text[first...].firstIndex(where: { !standsInID($0) }), end > first,
      text.has("\">", at: end)
    else { return nil }
    return String(decoding: text[first..<end], as: UTF8.self)
  }

  private static func standsInID(_ byte: UInt8) -> Bool {
    byte.isAlphanumeric || [.period, .underscore, .colon, .dash].contains(byte)
  }
}

/// What an address would do if it were followed or fetched.
private struct Address {
  private let address: LentBytes

  init(_ address: LentBytes) { self.address = address }

  /// Whether following it neither runs a script nor opens a file.
  var isSafeLink: Bool {
    switch address.first?.asciiLowercased {
    case 0x6A: !has("javascript:")
    case 0x76: !has("vbscript:")
    case 0x66: !has("file:")
    case 0x64: !has("data:")
    default: true
    }
  }

  /// Whether showing it does no harm: data may be pictures that can't hold scripts.
  var isSafeImage: Bool {
    isSafeLink || has("data:image/png") || has("data:image/gif") || has("data:image/jpeg")
      || has("data:image/webp")
  }

  /// Whether showing it would fetch something over the network.
  var isElsewhere: Bool { has("http:") || has("https:") || has("ftp:") || has("//") }

  private func has(_ prefix: StaticString) -> Bool {
    guard address.count >= prefix.utf8CodeUnitCount else { return false }
    return prefix.withUTF8Buffer { prefix in
      prefix.indices.allSatisfy { address[$0].asciiLowercased == prefix[$0] }
    }
  }
}
