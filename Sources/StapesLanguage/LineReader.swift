/// The lines of a text, however large, one at a time.
struct LineReader: ~Copyable {
  /// The longest line, in bytes; a longer one comes in parts, so that memory stays bounded.
  static let longestLine = 1 << 16

  /// The number of the line that `next()` returned last, from 1.
  private(set) var lineNumber = 0
  /// Whether `next()` returned a part of a line, and the next one goes on with it.
  private(set) var isCut = false

  private var source: TextSource
  private var block: [UInt8] = []
  private var position = 0
  private let blockSize = 1 << 18

  /// Opens a text: a file, also packed by gzip, or standard input for "-"; a byte order mark is
  /// passed over.
  ///
  /// - Throws: `LanguageError.unreadable`, `.gzipFailed`, and `.otherKind` for a file that begins as
  ///   no text does.
  init(path: String) throws(LanguageError) {
    var source = try TextSource(path: path)
    let block = try source.read(blockSize)
    let start = block.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    let kind = ForeignKind(of: block[start...])
    if let kind { throw .otherKind(path: path, kind: kind.name, remedy: kind.remedy) }
    (self.block, position) = (block, start)
    self.source = source
  }

  /// The next line without its end (LF or CR LF), or the next part of a long one, cut at white space
  /// where there is some; nil behind the last one.
  ///
  /// - Throws: `LanguageError.unreadable` and `.gzipFailed`.
  mutating func next() throws(LanguageError) -> ArraySlice<UInt8>? {
    var searched = position
    while true {
      if let end = block[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        if end - position > Self.longestLine { return part() }
        defer { position = end + 1 }
        return line(to: end)
      }
      if block.count - position > Self.longestLine { return part() }
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
    let space = longest.lastIndex(where: LanguageUnit.isSpace)
    // Never within a character: bytes that go on with one begin with the bits 10.
    let start = longest.lastIndex { $0 & 0xC0 != 0x80 }
    let ends = [space.map { $0 + 1 }, start, longest.endIndex].compactMap(\.self)
    let end = ends.first { $0 > position } ?? longest.endIndex
    defer { position = end }
    return block[position..<end]
  }
}

/// The bytes of a text, unpacked where it is packed.
private struct TextSource: ~Copyable {
  /// How many times its size a packed text may unpack to: texts come to ten times, what was made to
  /// fill memories and disks to a thousand.
  private static let highestRatio = 500
  /// How many bytes any text may unpack to.
  private static let freeByteCount = 1 << 26

  private var file: ByteFile
  private let path: String
  private let gzip: GzipProcess?
  /// How many bytes may still be unpacked.
  private var allowance = Int.max

  init(path: String) throws(LanguageError) {
    self.path = path
    var file = try ByteFile(path: path)
    guard path != "-", let byteCount = file.remainingByteCount else {
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
      allowance = Self.freeByteCount + Self.highestRatio * byteCount
    } else {
      self.file = file
      gzip = nil
    }
  }

  mutating func read(_ count: Int) throws(LanguageError) -> [UInt8] {
    let bytes = try file.read(count)
    allowance -= bytes.count
    guard allowance >= 0 else {
      throw .unreadable(
        path: path, reason: "it unpacks to more than \(Self.highestRatio) times its size")
    }
    if bytes.count < count { try gzip?.finish() }
    return bytes
  }
}

/// Hands on the lines of a text, however large, one at a time, without their ends.
///
/// - Parameters:
///   - path: a file of UTF-8, also packed by gzip, or "-" for standard input; a byte order mark is
///     passed over, and bytes that are no UTF-8 become the replacement character.
///   - cutsLongLines: whether lines of more than 65,536 bytes are handed on in parts, cut at white
///     space where there is some.
///   - body: takes each line.
/// - Returns: how many lines were cut.
/// - Throws: `LanguageError.unreadable`, `.gzipFailed`, `.otherKind`, `.longLine` where lines are not
///   cut, and what the body throws.
@discardableResult
public func forEachLine(
  of path: String, cutsLongLines: Bool = false,
  _ body: (String) throws(LanguageError) -> Void
) throws(LanguageError) -> Int {
  var reader = try LineReader(path: path)
  var (cutCount, isWithin) = (0, false)
  while let line = try reader.next() {
    if reader.isCut, !isWithin {
      guard cutsLongLines else {
        throw .longLine(path: path, line: reader.lineNumber, limit: LineReader.longestLine)
      }
      cutCount += 1
    }
    isWithin = reader.isCut
    try body(String(decoding: line, as: UTF8.self))
  }
  return cutCount
}
