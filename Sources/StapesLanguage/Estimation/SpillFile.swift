/// Words of 64 bits on the disk, for what does not fit into memory.
struct SpillFile: ~Copyable {
  private var file: ByteFile
  /// How many words there are.
  private(set) var count = 0

  /// Makes an empty file.
  ///
  /// - Throws: `LanguageError.cannotSpill`.
  init() throws(LanguageError) { file = try ByteFile() }

  /// Appends words.
  ///
  /// - Throws: `LanguageError.cannotSpill`.
  mutating func append(_ words: [UInt64]) throws(LanguageError) {
    file.seek(to: count * 8)
    try file.append(words)
    count += words.count
  }

  /// Reads words again.
  ///
  /// - Throws: `LanguageError.unreadable`.
  mutating func read(_ start: Int, count: Int) throws(LanguageError) -> [UInt64] {
    file.seek(to: start * 8)
    let words = try file.readWords(count)
    guard words.count == count else {
      throw .unreadable(path: file.path, reason: "a temporary file was cut")
    }
    return words
  }
}
