/// Unpacks a file that gzip has packed, of one member or several (RFC 1952).
struct GzipReader: ~Copyable {
  /// How many times its size a file may unpack to: texts come to ten times, what was made to fill
  /// memories and disks to a thousand.
  static let highestRatio = 500
  /// How many bytes any file may unpack to.
  private static let freeByteCount = 1 << 26

  private var stream = ZlibStream(.unpackingGzip)
  private var packed: ArraySlice<UInt8> = []
  private var isBetweenMembers = false
  /// How many bytes may still be unpacked.
  private var allowance: Int

  /// Begins at the start of a file.
  init(packedByteCount: Int) {
    allowance = Self.freeByteCount + Self.highestRatio * packedByteCount
  }

  /// The next unpacked bytes: as many as asked for, fewer only at the end.
  ///
  /// - Throws: `FileError`, also for a file that is damaged, cut short, or no text by its ratio.
  mutating func read(_ count: Int, from file: borrowing OpenFile) throws(FileError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      if packed.isEmpty { packed = try file.read(1 << 16)[...] }
      let isAtEnd = packed.isEmpty
      if isBetweenMembers {
        packed = packed.drop { $0 == 0 }
        if isAtEnd { break }
        if packed.isEmpty { continue }
        guard packed.first == 0x1F else { throw damage(of: file) }
        stream.restart()
        isBetweenMembers = false
      }
      guard let step = stream.step(packed, limit: count - bytes.count),
        !isAtEnd || step.isEnd || !step.bytes.isEmpty
      else { throw damage(of: file) }
      bytes += step.bytes
      packed = packed.dropFirst(step.usedCount)
      isBetweenMembers = step.isEnd
    }
    allowance -= bytes.count
    guard allowance >= 0 else {
      throw FileError(file.path, role: file.role, .read, .gzipBomb(highestRatio: Self.highestRatio))
    }
    return bytes
  }

  private func damage(of file: borrowing OpenFile) -> FileError {
    FileError(file.path, role: file.role, .read, .damagedGzip)
  }
}
