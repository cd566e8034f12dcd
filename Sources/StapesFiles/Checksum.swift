/// A running checksum: FNV-1a of 64 bits (Fowler, Noll and Vo), taking a word of 64 bits where the
/// original takes a byte.
///
/// Each step is a one-to-one map of the state, so a change of any single word always shows. It
/// guards against damage, not against intent.
package struct Checksum {
  private static let prime: UInt64 = 0x0000_0100_0000_01B3
  /// The checksum of all words so far.
  package private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  /// Starts without a word.
  package init() {}

  /// Adds a word.
  package mutating func add(_ word: UInt64) {
    value = (value ^ word) &* Self.prime
  }

  /// Adds a text: its length, then its bytes of UTF-8.
  package mutating func add(_ text: String) {
    add(UInt64(text.utf8.count))
    for byte in text.utf8 { add(UInt64(byte)) }
  }

  /// Adds numbers: their bytes in the order of the file, eight to a word, zeros in the last one.
  package mutating func add<Number: BitwiseCopyable>(_ values: [Number]) {
    value = values.foldWords(into: value, prime: Self.prime)
  }

  /// Adds a text byte by byte, as the original does, and a byte that stands in no text, so that two
  /// texts and their join differ.
  package mutating func addBytes(of text: some StringProtocol) {
    for byte in text.utf8 { add(UInt64(byte)) }
    add(0xFF)
  }

  /// Adds a number byte by byte, the least significant first.
  package mutating func addBytes(of number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(number >> UInt64(shift) & 0xFF) }
  }

  /// The value as 16 hexadecimal digits.
  package var digits: String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

/// A running hash of 64 bits that tells contents apart; it guards against chance, not intent.
package struct ContentHash: Sendable {
  private var state: UInt64 = 0x243F_6A88_85A3_08D3
  private var byteCount = 0

  /// Begins a hash.
  package init() {}

  /// Adds bytes; how they are divided into blocks counts too, unless blocks are multiples of eight.
  package mutating func add(_ bytes: [UInt8]) {
    state = bytes.mixWords(into: state)
    byteCount += bytes.count
  }

  /// Adds words of 64 bits, as the bytes that they are, the least significant first.
  package mutating func add(words: [UInt64]) {
    state = words.mixWords(into: state)
    byteCount += 8 * words.count
  }

  /// Adds a text, told from all others that could stand in its place.
  package mutating func add(_ text: String) {
    add(Array(text.utf8))
    state = [UInt64(text.utf8.count)].mixWords(into: state)
  }

  /// Adds the content of a file.
  ///
  /// - Throws: `FileError` when it cannot be read.
  package mutating func addFile(_ path: String, role: String = "file") throws(FileError) {
    let file = try OpenFile(reading: path, role: role)
    while true {
      let block = try file.read(1 << 18)
      if block.isEmpty { return }
      add(block)
    }
  }

  /// The hash of all that was added.
  package var value: UInt64 {
    var mixed = state ^ UInt64(byteCount)
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}
