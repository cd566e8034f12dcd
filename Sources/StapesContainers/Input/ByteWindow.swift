/// A view of the bytes of a file that can seek, for those who look at a few of them here and there.
package struct ByteWindow {
  /// Where the bytes at hand begin in the file.
  private var start = 0
  private var bytes: [UInt8] = []

  private static let length = 1 << 18

  package init() {}

  /// Makes sure that some bytes are at hand, and tells where they begin in `loaded`.
  ///
  /// - Returns: nil where the file ends before them.
  mutating func load(
    _ count: Int, at offset: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int? {
    if offset < start || offset + count > start + bytes.count {
      guard offset >= 0, offset + count <= input.byteCount ?? 0 else { return nil }
      bytes = try input.bytes(at: offset, count: max(count, Self.length))
      start = offset
      guard count <= bytes.count else { return nil }
    }
    return offset - start
  }

  /// The bytes at an offset; fewer where the file ends.
  mutating func slice(
    _ count: Int, at offset: Int, of input: borrowing InputFile
  ) throws(AudioError) -> ArraySlice<UInt8> {
    let available = min(count, (input.byteCount ?? 0) - offset)
    guard available > 0, let index = try load(available, at: offset, of: input) else { return [] }
    return bytes[index..<index + available]
  }

  /// The byte at an offset; nil behind the end.
  mutating func byte(
    at offset: Int, of input: borrowing InputFile
  ) throws(AudioError) -> UInt8? {
    try load(1, at: offset, of: input).map { bytes[$0] }
  }

  /// Where a byte stands next, from an offset up to a limit.
  mutating func next(
    _ byte: UInt8, from offset: Int, to limit: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int? {
    var position = offset
    while position < limit, let index = try load(1, at: position, of: input) {
      let end = min(bytes.count, index + limit - position)
      for candidate in index..<end where bytes[candidate] == byte { return start + candidate }
      position = start + end
    }
    return nil
  }

  /// Where one of several pairs of bytes begins next, from an offset up to a limit.
  mutating func next(
    oneOf pairs: BytePairs, from offset: Int, to limit: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int? {
    var position = offset
    while position < limit, let index = try load(2, at: position, of: input) {
      let end = min(bytes.count - 1, index + limit - position)
      for candidate in index..<end {
        let first = pairs.first[Int(bytes[candidate])]
        if first & pairs.second[Int(bytes[candidate + 1])] != 0 { return start + candidate }
      }
      position = start + end
    }
    return nil
  }

  /// Where zero bytes end that begin at an offset.
  package mutating func endOfZeros(
    from offset: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int {
    var position = offset
    while let index = try load(1, at: position, of: input) {
      if let end = bytes[index...].firstIndex(where: { $0 != 0 }) { return start + end }
      position = start + bytes.count
    }
    return position
  }

  /// Where some bytes stand next, from an offset up to a limit.
  mutating func next(
    _ pattern: [UInt8], from offset: Int, to limit: Int, of input: borrowing InputFile
  ) throws(AudioError) -> Int? {
    var position = offset
    while let found = try next(pattern[0], from: position, to: limit, of: input) {
      if try slice(pattern.count, at: found, of: input).elementsEqual(pattern) { return found }
      position = found + 1
    }
    return nil
  }
}

/// Pairs of bytes that are looked for, each of which has a bit of its own.
struct BytePairs {
  /// For each byte the pairs that it is the first of.
  private(set) var first = [UInt32](repeating: 0, count: 256)
  /// For each byte the pairs that it is the second of.
  private(set) var second = [UInt32](repeating: 0, count: 256)

  /// Takes pairs, and ranges that their second bytes lie in; at most 32.
  init(_ pairs: [(first: UInt8, second: ClosedRange<UInt8>)]) {
    for (bit, pair) in pairs.enumerated() {
      first[Int(pair.first)] |= 1 << UInt32(bit)
      for byte in pair.second { second[Int(byte)] |= 1 << UInt32(bit) }
    }
  }
}
