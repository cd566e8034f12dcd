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
    file = try rethrowing(OpenFile(temporaryFor: Self.role), as: LanguageError.file)
  }

  /// Appends words.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func append(_ words: [UInt64]) throws(LanguageError) {
    file.seek(to: count * 8)
    try rethrowing(file.write(words), as: LanguageError.file)
    count += words.count
  }

  /// Reads words again.
  ///
  /// - Throws: `LanguageError.file`.
  func read(_ start: Int, count: Int) throws(LanguageError) -> [UInt64] {
    file.seek(to: start * 8)
    let words = try rethrowing(file.read(count, of: UInt64.self), as: LanguageError.file)
    guard words.count == count else {
      throw .file(FileError(file.path, role: Self.role, .read, .cutShort))
    }
    return words
  }
}
