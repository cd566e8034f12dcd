/// The words of a text as numbers, kept on the disk between the pass that learns the vocabulary and
/// the pass that counts.
struct TokenStore: ~Copyable {
  private static let sentenceEnd = UInt32.max

  private var file: SpillFile
  private var buffer: [UInt64] = []
  /// The first of two numbers that share a word of the file.
  private var half: UInt32?
  private let blockLength = 1 << 16

  /// Starts with no text.
  ///
  /// - Throws: `LanguageError.file`.
  init() throws(LanguageError) { file = try SpillFile() }

  /// Appends a word of the current sentence.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func append(_ token: Int) throws(LanguageError) { try put(UInt32(token)) }

  /// Ends the current sentence.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func endSentence() throws(LanguageError) { try put(Self.sentenceEnd) }

  /// Visits all words, and nil at the end of each sentence.
  ///
  /// - Throws: `LanguageError.file`, and what the body throws.
  consuming func forEach(
    _ body: (_ token: Int?) throws(LanguageError) -> Void
  ) throws(LanguageError) {
    // An end behind the last end is an empty sentence, which has no word to count.
    if half != nil { try put(Self.sentenceEnd) }
    try file.append(buffer)
    for start in stride(from: 0, to: file.count, by: blockLength) {
      for pair in try file.read(start, count: min(blockLength, file.count - start)) {
        for token in [UInt32(truncatingIfNeeded: pair >> 32), UInt32(truncatingIfNeeded: pair)] {
          try body(token == Self.sentenceEnd ? nil : Int(token))
        }
      }
    }
  }

  private mutating func put(_ token: UInt32) throws(LanguageError) {
    guard let first = half else {
      half = token
      return
    }
    buffer.append(UInt64(first) << 32 | UInt64(token))
    half = nil
    if buffer.count == blockLength {
      try file.append(buffer)
      buffer.removeAll(keepingCapacity: true)
    }
  }
}
