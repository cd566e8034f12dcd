internal import StapesFiles

/// Reads the binary format of n-gram models from start to end, and trusts nothing in it.
struct BinaryReader: ~Copyable {
  /// "StapesLM", the least significant byte first.
  static let magic: UInt64 = 0x4D4C_7365_7061_7453
  /// The format that is written and read.
  static let version: UInt64 = 1

  private let path: String
  private var source: Source
  /// How many words the head announces that are not yet read.
  private var remaining: Int
  private let expected: UInt64
  private var checksum = Checksum()

  /// Where the words come from.
  private enum Source: ~Copyable {
    case file(OpenFile)
    case memory([UInt64], position: Int)

    /// The next words: as many as asked for, fewer only at the end.
    mutating func words(_ count: Int) throws(LanguageError) -> [UInt64] {
      switch consume self {
      case .file(let file):
        let words = Result { () throws(LanguageError) in
          try rethrowing(file.read(count, of: UInt64.self), as: LanguageError.file)
        }
        self = .file(file)
        return try words.get()
      case .memory(let words, let position):
        let end = min(position + count, words.count)
        self = .memory(words, position: end)
        return Array(words[position..<end])
      }
    }
  }

  /// Whether a file begins as binary models do.
  static func isBinary(_ path: String) throws(LanguageError) -> Bool {
    guard path != "-" else { return false }
    let file = try rethrowing(
      OpenFile(reading: path, role: NGramModel.role), as: LanguageError.file)
    guard file.byteCount != nil else { return false }
    return try rethrowing(file.read(1, of: UInt64.self), as: LanguageError.file) == [magic]
  }

  /// Opens a file and reads its head.
  init(path: String) throws(LanguageError) {
    let file = try rethrowing(
      OpenFile(reading: path, role: NGramModel.role), as: LanguageError.file)
    guard let byteCount = file.byteCount else {
      throw .file(FileError(path, role: NGramModel.role, .read, .irregular))
    }
    try self.init(.file(file), byteCount: byteCount, path: path)
  }

  /// Reads the head of a file in memory, which messages call by a name.
  init(words: [UInt64], name: String) throws(LanguageError) {
    try self.init(.memory(words, position: 0), byteCount: words.count * 8, path: name)
  }

  private init(
    _ source: consuming Source, byteCount: Int, path: String
  ) throws(LanguageError) {
    var source = source
    let head = try source.words(4)
    guard head.first == Self.magic else {
      throw .damagedBinary(path: path, detail: "it is a file of another kind")
    }
    guard head.count == 4 else { throw .damagedBinary(path: path, detail: "it is cut short") }
    guard head[1] == Self.version else {
      throw .unknownBinaryVersion(
        path: path, found: Int(truncatingIfNeeded: head[1]), supported: Int(Self.version))
    }
    guard head[2] == UInt64(byteCount / 8 - 4), byteCount % 8 == 0 else {
      let isCut = head[2] > UInt64(byteCount / 8 - 4)
      throw .damagedBinary(
        path: path, detail: isCut ? "it is cut short" : "its length is not what its head says")
    }
    self.path = path
    remaining = byteCount / 8 - 4
    expected = head[3]
    self.source = source
  }

  /// The error for a fault in the content.
  func fault(_ detail: String) -> LanguageError { .damagedBinary(path: path, detail: detail) }

  /// The next words.
  private mutating func words(_ count: Int) throws(LanguageError) -> [UInt64] {
    guard count <= remaining else { throw fault("a list goes beyond its end") }
    let words = try source.words(count)
    guard words.count == count else { throw fault("it is cut short") }
    remaining -= count
    checksum.add(words)
    return words
  }

  /// The next word as a number.
  mutating func number() throws(LanguageError) -> Int {
    guard let number = Int(exactly: try words(1)[0]), number < 1 << 40 else {
      throw fault("a number in it is too large")
    }
    return number
  }

  /// The next list of integers.
  mutating func integers() throws(LanguageError) -> PackedIntegers {
    let (width, count) = (try number(), try number())
    guard width <= 32 else { throw fault("an integer in it has \(width) bits") }
    let storage = try words(PackedIntegers.wordCount(width: width, count: count))
    guard let integers = PackedIntegers(width: width, count: count, storage: storage) else {
      throw fault("a list in it has another length than it says")
    }
    return integers
  }

  /// The next list of values.
  mutating func values() throws(LanguageError) -> PackedValues {
    let levels = try words(2).map { Float(bitPattern: UInt32(truncatingIfNeeded: $0)) }
    let codes = try integers()
    let isExact = codes.width == PackedValues.exactBits
    guard isExact || PackedValues.codedBits.contains(codes.width),
      let values = PackedValues(codes: codes, highest: levels[0], step: levels[1])
    else { throw fault("a list of values in it is unusable") }
    return values
  }

  /// The vocabulary.
  mutating func vocabulary() throws(LanguageError) -> Vocabulary {
    let places = try integers()
    let byteCount = try number()
    let packed = try words((byteCount + 7) / 8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(packed.count * 8)
    for word in packed {
      for shift in 0..<8 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt64(shift * 8))) }
    }
    bytes.removeLast(bytes.count - byteCount)
    // Each word has a byte at least; a list without bits could claim any length.
    guard places.count <= byteCount + 1 else { throw fault("its words are not in order") }
    let offsets = (0..<places.count).map { places[$0] }
    guard let vocabulary = Vocabulary(bytes: bytes, offsets: offsets) else {
      throw fault("its words are not in order")
    }
    return vocabulary
  }

  /// Makes sure that all was read and is what was written.
  func finish() throws(LanguageError) {
    guard remaining == 0 else { throw fault("it goes on after its end") }
    guard checksum.value == expected else {
      throw fault("it was altered after it was written (its checksum differs)")
    }
  }
}
