internal import StapesText

/// Reads the elements of an XML text one after the other, as far as files of labels need it: no
/// document types, no name spaces.
package struct XMLScanner {
  /// The beginning or the end of an element, or the text between them.
  package enum Event: Equatable {
    case open(name: String, attributes: [String: String])
    case close(name: String)
    case text(String)
  }

  private var rest: Substring.UTF8View
  /// An element that is closed where it is opened.
  private var closing: String?
  /// The number of the line that is read.
  private(set) var line = 1

  package init(_ text: String) { rest = text[...].utf8 }

  /// The next event; nil at the end, and where an element or a comment has no end.
  package mutating func next() -> Event? {
    if let name = closing {
      closing = nil
      return .close(name: name)
    }
    while let first = rest.first {
      guard first == UInt8(ascii: "<") else {
        let text = rest.prefix { $0 != UInt8(ascii: "<") }
        advance(to: text.endIndex)
        return .text(Self.unescaped(String(Substring(text))))
      }
      let text = Substring(rest)
      if text.hasPrefix("<!--") {
        guard skip(past: "-->") != nil else { return nil }
      } else if text.hasPrefix("<![CDATA[") {
        guard let inner = skip(past: "]]>") else { return nil }
        return .text(String(inner.dropFirst("<![CDATA[".count)))
      } else if text.hasPrefix("<?") || text.hasPrefix("<!") {
        guard skip(past: ">") != nil else { return nil }
      } else {
        guard let tag = skip(past: ">") else { return nil }
        return element(tag.dropFirst())
      }
    }
    return nil
  }

  /// An element by what stands between its brackets.
  private mutating func element(_ tag: Substring) -> Event {
    if tag.hasPrefix("/") { return .close(name: tag.dropFirst().trimmed) }
    let isClosed = tag.hasSuffix("/")
    let (name, list) = (isClosed ? tag.dropLast() : tag).splitAtFirstSpace
    var attributes: [String: String] = [:]
    var rest = list
    while let equals = rest.firstIndex(of: "=") {
      let key = rest[..<equals].trimmed
      let value = rest[equals...].dropFirst().drop(while: \.isWhitespace)
      guard let mark = value.first, "\"'".contains(mark) else { break }
      let text = value.dropFirst().prefix { $0 != mark }
      attributes[key] = Self.unescaped(String(text))
      rest = value[text.endIndex...].dropFirst()
    }
    if isClosed { closing = String(name) }
    return .open(name: String(name), attributes: attributes)
  }

  /// What stands before the mark, which is passed; nil where there is none.
  private mutating func skip(past mark: String) -> Substring? {
    guard let range = Substring(rest).firstRange(of: mark) else { return nil }
    let skipped = Substring(rest)[..<range.lowerBound]
    advance(to: range.upperBound)
    return skipped
  }

  private mutating func advance(to index: String.Index) {
    line += rest[..<index].count { $0 == UInt8(ascii: "\n") }
    rest = rest[index...]
  }

  /// A text with the characters that its entities stand for.
  package static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var (result, rest) = ("", text[...])
    while let start = rest.firstIndex(of: "&") {
      result += rest[..<start]
      let name = rest[start...].dropFirst().prefix(10).prefix { $0 != ";" }
      guard name.endIndex < rest.endIndex, rest[name.endIndex] == ";",
        let character = character(named: name)
      else {
        result += "&"
        rest = rest[start...].dropFirst()
        continue
      }
      result.unicodeScalars.append(character)
      rest = rest[name.endIndex...].dropFirst()
    }
    return result + rest
  }

  private static func character(named name: Substring) -> Unicode.Scalar? {
    let known: [Substring: Unicode.Scalar] = [
      "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
      "lrm": "\u{200E}", "rlm": "\u{200F}",
    ]
    if let scalar = known[name] { return scalar }
    guard name.hasPrefix("#") else { return nil }
    let isHexadecimal = name.dropFirst().lowercased().hasPrefix("x")
    let digits = name.dropFirst(isHexadecimal ? 2 : 1)
    return UInt32(digits, radix: isHexadecimal ? 16 : 10).flatMap(Unicode.Scalar.init)
  }
}
