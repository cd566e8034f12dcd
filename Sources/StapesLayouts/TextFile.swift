internal import FoundationEssentials
internal import StapesFiles

/// A text file, decoded: UTF-8 or UTF-16, with or without a byte order mark, or what says of itself
/// that it is of Windows-1252, the common extension of Latin-1.
struct TextFile {
  /// The text without the byte order mark.
  let text: String
  /// Whether the file begins with a byte order mark.
  let hasByteOrderMark: Bool
  /// Whether the file was decoded as Windows-1252.
  let isWindows1252: Bool

  /// The number of lines that end in CR LF.
  var carriageReturnCount: Int {
    zip(text.utf8, text.utf8.dropFirst()).count { $0 == carriageReturn && $1 == lineFeed }
  }

  /// The lines that hold more than white space, with their numbers, which count from 1.
  ///
  /// Lines end in LF or CR LF, which are not part of them.
  var lines: [(number: Int, text: Substring)] {
    allLines.enumerated().compactMap { index, text in
      text.allSatisfy(\.isWhitespace) ? nil : (index + 1, text)
    }
  }

  /// All lines, without what ends them.
  var allLines: [Substring] {
    text.utf8.split(separator: lineFeed, omittingEmptySubsequences: false).map { line in
      Substring(line.last == carriageReturn ? line.dropLast() : line)
    }
  }

  /// Reads a file.
  ///
  /// - Throws: `CorpusError.file` and `.notUnicode`.
  init(path: String, memory: [ByteName: [UInt8]]? = nil) throws(CorpusError) {
    try self.init(bytes: Self.bytes(at: path, memory), path: path)
  }

  /// Reads the beginning of a file, whatever is no UTF-8 in it being replaced.
  ///
  /// - Throws: `CorpusError.file`.
  init(
    beginningOf path: String, byteCount: Int, memory: [ByteName: [UInt8]]? = nil
  ) throws(CorpusError) {
    let bytes = try Self.bytes(at: path, memory, upTo: byteCount)
    guard UTF16Order(of: bytes) != nil else {
      // What is replaced is valid, so that nothing is thrown here.
      try self.init(bytes: Array(String(decoding: bytes, as: UTF8.self).utf8), path: path)
      return
    }
    try self.init(bytes: bytes, path: path)
  }

  private init(bytes: [UInt8], path: String) throws(CorpusError) {
    let order = UTF16Order(of: bytes)
    let unicode =
      order.map { $0.text(of: bytes) } ?? String(validating: bytes, as: UTF8.self)
    let legacy = unicode == nil ? windows1252Text(of: bytes) : nil
    guard let decoded = unicode ?? legacy else { throw .notUnicode(path: path) }
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

  private static func bytes(
    at path: String, _ memory: [ByteName: [UInt8]]?, upTo count: Int = .max
  ) throws(CorpusError) -> [UInt8] {
    guard let memory else {
      return try Array(rethrowing(FileSystem.read(path), as: CorpusError.file).prefix(count))
    }
    guard let bytes = memory[path.byteName] else {
      throw .file(FileError(path, .read, .missing))
    }
    return Array(bytes.prefix(count))
  }
}

private let carriageReturn = UInt8(ascii: "\r")
private let lineFeed = UInt8(ascii: "\n")
