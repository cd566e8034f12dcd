/// A text file, decoded: UTF-8 or UTF-16, with or without a byte order mark, or what says of itself
/// that it is of Windows-1252, the common extension of Latin-1.
package struct TextFile {
  /// The text without the byte order mark.
  package let text: String
  /// Whether the file begins with a byte order mark.
  package let hasByteOrderMark: Bool
  /// Whether the file was decoded as Windows-1252.
  package let isWindows1252: Bool

  /// The number of lines that end in CR LF.
  package var carriageReturnCount: Int {
    zip(text.utf8, text.utf8.dropFirst()).count { $0 == carriageReturn && $1 == lineFeed }
  }

  /// The lines that hold more than white space, with their numbers, which count from 1.
  ///
  /// Lines end in LF or CR LF, which are not part of them.
  package var lines: [(number: Int, text: Substring)] {
    allLines.enumerated().compactMap { index, text in
      text.allSatisfy(\.isWhitespace) ? nil : (index + 1, text)
    }
  }

  /// All lines, without what ends them.
  package var allLines: [Substring] {
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { line in
      Substring(line.last == carriageReturn ? line.dropLast() : line)
    }
  }

  /// Decodes a file; nil where it is in no encoding that is known.
  package init?(bytes: [UInt8]) {
    let order = UTF16Order(of: bytes)
    let unicode =
      order.map { $0.text(of: bytes) } ?? String(validating: bytes, as: UTF8.self)
    let legacy = unicode == nil ? windows1252Text(of: bytes) : nil
    guard let decoded = unicode ?? legacy else { return nil }
    let isMarked = decoded.unicodeScalars.first == "\u{FEFF}"
    var text = isMarked ? String(decoded.unicodeScalars.dropFirst()) : decoded
    // Lines of old Macintosh programs.
    if text.utf8.contains(carriageReturn), !text.utf8.contains(lineFeed) {
      text = String(decoding: text.utf8.map { $0 == carriageReturn ? lineFeed : $0 }, as: UTF8.self)
    }
    self.text = text
    hasByteOrderMark = isMarked
    isWindows1252 = legacy != nil
  }

  /// Decodes the beginning of a file, whatever is no UTF-8 in it being replaced.
  package init?(beginning bytes: [UInt8]) {
    let isUTF16 = UTF16Order(of: bytes) != nil
    self.init(bytes: isUTF16 ? bytes : Array(String(decoding: bytes, as: UTF8.self).utf8))
  }
}

private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")
