internal import StapesFiles

/// Words of 64 bits on the disk, for what does not fit into memory.
struct SpillFile: ~Copyable {
  /// What messages call it.
  static let role = "temporary file"

  private let file: OpenFile
  /// How many words there are.
  private(set) var count = 0

  /// Makes an empty file.
  ///
  /// - Throws: `LanguageError.file`.
  init() throws(LanguageError) {
    file = try LanguageError.wrapping(OpenFile(temporaryFor: Self.role))
  }

  /// Appends words.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func append(_ words: [UInt64]) throws(LanguageError) {
    file.seek(to: count * 8)
    try LanguageError.wrapping(file.write(words))
    count += words.count
  }

  /// Reads words again.
  ///
  /// - Throws: `LanguageError.file`.
  func read(_ start: Int, count: Int) throws(LanguageError) -> [UInt64] {
    file.seek(to: start * 8)
    let words = try LanguageError.wrapping(file.read(count, of: UInt64.self))
    guard words.count == count else {
      throw .file(FileError(file.path, role: Self.role, .read, .cutShort))
    }
    return words
  }
}
