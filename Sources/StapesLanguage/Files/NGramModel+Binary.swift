internal import StapesFiles

extension NGramModel {
  /// What messages call its file.
  static let role = "language model"

  /// Reads a model, whether binary or in ARPA's text format, as its first bytes show.
  ///
  /// - Parameter path: a file; text may be packed by gzip.
  /// - Throws: as `init(binary:)` and `init(arpa:)`.
  public init(contentsOf path: String) throws(LanguageError) {
    self =
      try BinaryReader.isBinary(path) ? NGramModel(binary: path) : NGramModel(arpa: path)
  }

  /// Reads a model in the binary format of `writeBinary(to:)`, in one go.
  ///
  /// - Throws: `LanguageError.file`, `.unknownBinaryVersion`, and `.damagedBinary` for a file
  ///   that is something else, was cut, or was altered.
  public init(binary path: String) throws(LanguageError) {
    try self.init(BinaryReader(path: path))
  }

  /// Reads a model in the binary format from memory.
  ///
  /// - Parameters:
  ///   - words: the file's bytes, eight to a word, the least significant first.
  ///   - name: what messages call it.
  /// - Throws: `LanguageError.unknownBinaryVersion` and `.damagedBinary`.
  package init(binary words: [UInt64], name: String) throws(LanguageError) {
    try self.init(BinaryReader(words: words, name: name))
  }

  private init(_ reader: consuming BinaryReader) throws(LanguageError) {
    var reader = reader
    let vocabulary = try reader.vocabulary()
    let order = try reader.number()
    guard NGramModel.allowedOrders.contains(order) else {
      throw reader.fault("its order is \(order)")
    }
    var levels: [NGramLevel] = []
    for _ in 1...order {
      levels.append(
        NGramLevel(
          words: try reader.integers(), probabilities: try reader.values(),
          backoffs: try reader.values(), children: try reader.integers()))
    }
    try reader.finish()
    for index in levels.indices {
      let next = index + 1 < order ? levels[index + 1] : nil
      guard levels[index].fits(before: next, isFirst: index == 0, wordCount: vocabulary.count)
      else { throw reader.fault("its \(index + 1)-grams do not fit together") }
    }
    self.init(vocabulary: vocabulary, levels: levels)
  }

  /// Writes the model in a binary format, which is read a hundred times as fast as text.
  ///
  /// All are words of 64 bits, the least significant byte first: "StapesLM", the version 1, how
  /// many words follow the head of four, and their checksum; then the vocabulary, the order, and
  /// for each order the last words, the probabilities, the back-off weights and the starts of
  /// the continuations. Each list of integers is its width in bits, their number, and the integers
  /// without gaps; each list of values is that with two numbers in front, see `PackedValues`.
  ///
  /// The file appears under its name only when it is complete; one that was there is replaced.
  ///
  /// - Throws: `LanguageError.file`.
  public func writeBinary(to path: String) throws(LanguageError) {
    var content: [[UInt64]] = [vocabulary.words, [UInt64(order)]]
    for level in levels {
      content += [level.words.head, level.words.storage]
      for values in [level.probabilities, level.backoffs] {
        content.append([UInt64(values.highest.bitPattern), UInt64(values.step.bitPattern)])
        content += [values.codes.head, values.codes.storage]
      }
      content += [level.children.head, level.children.storage]
    }
    var checksum = Checksum()
    for part in content { checksum.add(part) }
    let count = content.reduce(0) { $0 + $1.count }
    let start = [BinaryReader.magic, BinaryReader.version, UInt64(count), checksum.value]
    try rethrowing(Self.write([start] + content, to: path), as: LanguageError.file)
  }

  private static func write(_ parts: [[UInt64]], to path: String) throws(FileError) {
    var file = try ReplacedFile(path: path, role: role, followsLinks: false)
    for part in parts { try file.write(part) }
    try file.commit()
  }
}

extension NGramLevel {
  /// Whether all lengths and places agree.
  fileprivate func fits(before next: NGramLevel?, isFirst: Bool, wordCount: Int) -> Bool {
    let firstCount = isFirst ? wordCount : words.count
    guard probabilities.count == firstCount, words.count == (isFirst ? 0 : firstCount) else {
      return false
    }
    for index in 0..<words.count where words[index] >= UInt32(wordCount) { return false }
    guard probabilities.isFinite, backoffs.isFinite else { return false }
    guard let next else { return backoffs.count == 0 && children.count == 0 }
    guard backoffs.count == count, children.count == count + 1, children[0] == 0 else {
      return false
    }
    var previous: UInt32 = 0
    for index in 0...count {
      let current = children[index]
      if current < previous { return false }
      previous = current
    }
    return Int(previous) == next.count
  }
}

extension PackedValues {
  /// Whether every value is a number; levels are by their making.
  fileprivate var isFinite: Bool {
    codes.width < Self.exactBits || (0..<count).allSatisfy { self[$0].isFinite }
  }
}

extension PackedIntegers {
  /// What stands in front of the integers in a file.
  fileprivate var head: [UInt64] { [UInt64(width), UInt64(count)] }
}

extension Vocabulary {
  /// The vocabulary as it stands in a file: the number of words and of bytes, where each word
  /// begins, and the bytes.
  fileprivate var words: [UInt64] {
    let places = PackedIntegers(width: 32, offsets)
    var packed = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    for (index, byte) in bytes.enumerated() {
      packed[index >> 3] |= UInt64(byte) << UInt64(index & 7 * 8)
    }
    return places.head + places.storage + [UInt64(bytes.count)] + packed
  }
}
