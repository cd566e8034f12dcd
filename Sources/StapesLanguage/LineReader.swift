/// The lines of a text, however large, one at a time.
struct LineReader: ~Copyable {
  /// The number of the line that `next()` returned last, from 1.
  private(set) var lineNumber = 0

  private var source: TextSource
  private var block: [UInt8] = []
  private var position = 0
  private let blockSize = 1 << 18

  /// Opens a text: a file, also packed by gzip, or standard input for "-".
  ///
  /// - Throws: `LanguageError.unreadable` and `.gzipFailed`.
  init(path: String) throws(LanguageError) {
    source = try TextSource(path: path)
  }

  /// The next line without its end (LF or CR LF); nil behind the last one.
  ///
  /// - Throws: `LanguageError.unreadable` and `.gzipFailed`.
  mutating func next() throws(LanguageError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = block[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { position = end + 1 }
        return line(to: end)
      }
      searched = block.count - position
      let more = try source.read(blockSize)
      if more.isEmpty {
        guard position < block.count else { return nil }
        defer { position = block.count }
        return line(to: block.count)
      }
      block = block[position...] + more
      position = 0
    }
  }

  private mutating func line(to end: Int) -> ArraySlice<UInt8> {
    lineNumber += 1
    let hasReturn = end > position && block[end - 1] == UInt8(ascii: "\r")
    return block[position..<(hasReturn ? end - 1 : end)]
  }
}

/// The bytes of a text, unpacked where it is packed.
private struct TextSource: ~Copyable {
  private var file: ByteFile
  private let gzip: GzipProcess?

  init(path: String) throws(LanguageError) {
    var file = try ByteFile(path: path)
    guard path != "-", file.remainingByteCount != nil else {
      self.file = file
      gzip = nil
      return
    }
    let isPacked = try file.read(2) == [0x1F, 0x8B]
    file.seek(to: 0)
    if isPacked {
      let (process, output) = try GzipProcess.unpacking(file, path: path)
      self.file = ByteFile(owning: output, path: path)
      gzip = process
    } else {
      self.file = file
      gzip = nil
    }
  }

  mutating func read(_ count: Int) throws(LanguageError) -> [UInt8] {
    let bytes = try file.read(count)
    if bytes.count < count { try gzip?.finish() }
    return bytes
  }
}

/// Hands on the lines of a text, however large, one at a time, without their ends.
///
/// - Parameters:
///   - path: a file of UTF-8, also packed by gzip, or "-" for standard input; bytes that are no
///     UTF-8 become the replacement character.
///   - body: takes each line.
/// - Throws: `LanguageError.unreadable` and `.gzipFailed`, and what the body throws.
public func forEachLine(
  of path: String, _ body: (String) throws(LanguageError) -> Void
) throws(LanguageError) {
  var reader = try LineReader(path: path)
  while let line = try reader.next() { try body(String(decoding: line, as: UTF8.self)) }
}
