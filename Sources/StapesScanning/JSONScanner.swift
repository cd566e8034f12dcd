internal import StapesText

/// Reads JSON (RFC 8259) such as people edit by hand: what is wrong is named by its line, and what
/// stands behind it is read.
///
/// Commas may be missing or too many, and what follows a fault in an array is read from the next
/// line that begins an object.
package struct JSONScanner {
  /// A value of a JSON text.
  package indirect enum Value {
    case object([(key: String, item: Item)])
    case array([Item])
    case string(String)
    /// A number, as it is written.
    case number(String)
    /// Null, true or false, or no number.
    case other
  }

  /// A value and the line in which it begins.
  package typealias Item = (line: Int, value: Value)

  private var bytes: ArraySlice<UInt8>
  private var line: Int
  /// What was wrong in the arrays that were read.
  package private(set) var faults: [(line: Int, fault: LineFault)] = []

  /// How deep the objects of a list may lie; arrays in these are parts of a clip.
  package static let depthOfClips = 3
  private static let deepest = 64

  /// - Parameter line: the number of the text's first line.
  package init(_ text: String, line: Int) {
    bytes = Array(text.utf8)[...]
    self.line = line
  }

  /// Whether nothing but white space and commas is left.
  package var isAtEnd: Bool {
    mutating get {
      skipSpace(andCommas: true)
      return bytes.isEmpty
    }
  }

  /// The values up to the end of the text.
  package mutating func valuesToTheEnd() -> [Item] {
    (try? items(upTo: nil, depth: 0)) ?? []
  }

  /// Reads a value.
  package mutating func value(depth: Int = 0) throws(LineFault) -> Value {
    skipSpace()
    guard depth < Self.deepest else { throw .form(expected: "JSON of less depth") }
    switch bytes.first {
    case UInt8(ascii: "{"):
      bytes.removeFirst()
      return .object(try members(depth: depth + 1))
    case UInt8(ascii: "["):
      bytes.removeFirst()
      return .array(try items(upTo: UInt8(ascii: "]"), depth: depth + 1))
    case quote: return .string(try string())
    default:
      let word = bytes.prefix { !Self.endsWord($0) }
      bytes = bytes[word.endIndex...]
      let text = String(decoding: word, as: UTF8.self)
      // What is no number is what Python's writer makes of one that is missing.
      if ["null", "true", "false", "NaN", "Infinity", "-Infinity"].contains(text) { return .other }
      guard Double(text) != nil else { throw .form(expected: "valid JSON: a value is missing") }
      return .number(text)
    }
  }

  /// Reads the values of an array, or of the whole text.
  ///
  /// - Throws: what is wrong in an array that is part of a clip.
  private mutating func items(
    upTo end: UInt8?, depth: Int
  ) throws(LineFault) -> [Item] {
    var items: [Item] = []
    while true {
      skipSpace(andCommas: true)
      guard let next = bytes.first else {
        if end != nil, faults.isEmpty {
          faults.append((line, .form(expected: "valid JSON: a ] is missing")))
        }
        return items
      }
      if next == end {
        bytes.removeFirst()
        return items
      }
      let start = line
      do throws(LineFault) {
        items.append((start, try value(depth: depth)))
      } catch {
        guard depth < Self.depthOfClips else { throw error }
        faults.append((start, error))
        skipToObject()
      }
    }
  }

  private mutating func members(
    depth: Int
  ) throws(LineFault) -> [(key: String, item: Item)] {
    var members: [(key: String, item: Item)] = []
    while true {
      skipSpace(andCommas: true)
      if bytes.first == UInt8(ascii: "}") {
        bytes.removeFirst()
        return members
      }
      guard bytes.first == quote else { throw .form(expected: "valid JSON: a key or } is missing") }
      let start = line
      let key = try string()
      skipSpace()
      guard bytes.popFirst() == UInt8(ascii: ":") else {
        throw .form(expected: "valid JSON: a : is missing")
      }
      members.append((key, (start, try value(depth: depth))))
    }
  }

  private mutating func string() throws(LineFault) -> String {
    bytes.removeFirst()
    var content: [UInt8] = []
    while let byte = bytes.popFirst(), byte != lineFeed {
      switch byte {
      case quote: return String(decoding: content, as: UTF8.self)
      case backslash: content += Array(String(try escaped()).utf8)
      default: content.append(byte)
      }
    }
    line += 1
    throw .unclosedQuote
  }

  /// The character that a backslash and what follows stand for.
  private mutating func escaped() throws(LineFault) -> Unicode.Scalar {
    let plain: [Character: Unicode.Scalar] = [
      "\"": "\"", "\\": "\\", "/": "/", "b": "\u{8}", "f": "\u{C}", "n": "\n", "r": "\r", "t": "\t",
    ]
    let next = bytes.popFirst() ?? 0
    if let scalar = plain[Character(Unicode.Scalar(next))] { return scalar }
    guard next == UInt8(ascii: "u"), let high = hexadecimal() else {
      throw .form(expected: "valid JSON: a backslash that is meant is written twice")
    }
    if let scalar = Unicode.Scalar(high) { return scalar }
    // Beyond the first plane, two halves stand for one character.
    guard bytes.starts(with: [backslash, UInt8(ascii: "u")]) else { return "\u{FFFD}" }
    bytes.removeFirst(2)
    guard let low = hexadecimal(), (0xDC00...0xDFFF).contains(low), high < 0xDC00 else {
      return "\u{FFFD}"
    }
    return Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)) ?? "\u{FFFD}"
  }

  private mutating func hexadecimal() -> UInt32? {
    let digits = bytes.prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
      return nil
    }
    bytes.removeFirst(4)
    return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
  }

  private mutating func skipSpace(andCommas: Bool = false) {
    while let byte = bytes.first, Self.isSpace(byte) || andCommas && byte == comma {
      line += byte == lineFeed ? 1 : 0
      bytes.removeFirst()
    }
  }

  /// Goes on to the next line that begins with an object, or to the end.
  private mutating func skipToObject() {
    repeat {
      let rest = bytes.prefix { $0 != lineFeed }
      bytes = bytes[rest.endIndex...]
      skipSpace()
    } while !bytes.isEmpty && bytes.first != UInt8(ascii: "{")
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private static func endsWord(_ byte: UInt8) -> Bool {
    isSpace(byte) || [comma, UInt8(ascii: "}"), UInt8(ascii: "]")].contains(byte)
  }
}

private let quote = UInt8(ascii: "\"")
private let backslash = UInt8(ascii: "\\")
private let comma = UInt8(ascii: ",")
private let lineFeed = UInt8(ascii: "\n")
