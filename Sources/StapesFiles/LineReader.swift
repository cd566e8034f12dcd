/// The lines of a text, however large, one at a time.
package struct LineReader: ~Copyable {
  /// The longest line, in bytes; a longer one comes in parts, so that memory stays bounded.
  package static let longestLine = 1 << 16

  /// The number of the line that `next()` returned last, from 1.
  package private(set) var lineNumber = 0
  /// Whether `next()` returned a part of a line, and the next one goes on with it.
  package private(set) var isCut = false

  private var source: TextSource
  private var block: [UInt8] = []
  private var position = 0
  private static let blockSize = 1 << 18

  /// Opens a text: a file, also packed by gzip, or standard input for "-"; a byte order mark is
  /// passed over.
  ///
  /// - Parameters:
  ///   - path: the file, or "-".
  ///   - role: what it is to whoever uses it.
  /// - Throws: `FileError`.
  package init(path: String, role: String = "file") throws(FileError) {
    var source = try TextSource(path: path, role: role)
    let block = try source.read(Self.blockSize)
    self.block = block
    position = block.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.source = source
  }

  /// The text as far as it is in memory; before the first line, its beginning.
  package var upcoming: ArraySlice<UInt8> { block[position...] }

  /// The next line without its end (LF or CR LF), or the next part of a long one, cut at white space
  /// where there is some; nil behind the last one.
  ///
  /// - Throws: `FileError`.
  package mutating func next() throws(FileError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = block[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        if end - position > Self.longestLine { return part() }
        defer { position = end + 1 }
        return line(to: end)
      }
      if block.count - position > Self.longestLine { return part() }
      searched = block.count - position
      let more = try source.read(Self.blockSize)
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
    lineNumber += isCut ? 0 : 1
    isCut = false
    let hasReturn = end > position && block[end - 1] == UInt8(ascii: "\r")
    return block[position..<(hasReturn ? end - 1 : end)]
  }

  /// The start of a line that is too long.
  private mutating func part() -> ArraySlice<UInt8> {
    lineNumber += isCut ? 0 : 1
    isCut = true
    let longest = block[position..<position + Self.longestLine]
    let space = longest.lastIndex { $0 == 0x20 || $0 >= 0x09 && $0 <= 0x0D }
    // Never within a character: bytes that go on with one begin with the bits 10.
    let start = longest.lastIndex { $0 & 0xC0 != 0x80 }
    let ends = [space.map { $0 + 1 }, start, longest.endIndex].compactMap(\.self)
    let end = ends.first { $0 > position } ?? longest.endIndex
    defer { position = end }
    return block[position..<end]
  }
}

/// The bytes of a text, unpacked where a regular file is packed by gzip.
private struct TextSource: ~Copyable {
  private let file: OpenFile
  private var gzip: GzipReader?

  init(path: String, role: String) throws(FileError) {
    let file = try OpenFile(reading: path, role: role)
    let byteCount = path == "-" ? nil : file.byteCount
    let start = byteCount == nil ? [] : try file.read(2, at: 0)
    gzip = start == [0x1F, 0x8B] ? GzipReader(packedByteCount: byteCount ?? 0) : nil
    self.file = file
  }

  /// The next bytes: as many as asked for, fewer only at the end.
  mutating func read(_ count: Int) throws(FileError) -> [UInt8] {
    if let bytes = try gzip?.read(count, from: file) { return bytes }
    return try file.read(count)
  }
}
