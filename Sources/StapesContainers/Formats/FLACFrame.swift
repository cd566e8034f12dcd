/// The header of a frame of FLAC (RFC 9639, 9.1), as far as it tells where the frame belongs.
struct FLACFrame {
  /// The number of the frame's first sample.
  let firstSample: Int
  /// The number of samples of each channel.
  let sampleCount: Int
  /// The number of the sample behind its last one.
  var endSample: Int { firstSample + sampleCount }
  /// What all frames of a stream have in common.
  let kind: [UInt8]

  /// What the stream's first block tells.
  struct Stream {
    /// The block with its header, by which it is the last of its kind, and without its length.
    let block: [UInt8]
    let sampleRate: Int
    let blockSize: Int
    /// No frame has more bytes.
    let longestFrame: Int
    let sampleCount: Int

    /// Reads the block that begins a file at an offset; nil where none does.
    init?(
      at offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
    ) throws(AudioError) {
      let bytes = try window.slice(42, at: offset, of: input)
      guard bytes.count == 42, bytes.has("fLaC"), bytes.bigEndian(at: 5, count: 3) == 34 else {
        return nil
      }
      blockSize = bytes.bigEndian(at: 8, count: 2)
      let longest = bytes.bigEndian(at: 15, count: 3)
      longestFrame = longest == 0 ? 1 << 21 : longest
      let numbers = bytes.bigEndian(at: 18, count: 8)
      sampleRate = numbers >> 44 & 0xF_FFFF
      sampleCount = numbers & 0xF_FFFF_FFFF
      var block = Array(bytes)
      block[4] = 0x80
      block[21] &= 0xF0
      for index in 22..<42 { block[index] = 0 }
      self.block = block
      guard sampleRate > 0 else { return nil }
    }
  }

  /// The part of FLAC that begins at an offset: up to where another file was joined.
  static func parts(
    from offset: Int, of input: borrowing InputFile, _ window: inout ByteWindow
  ) throws(AudioError) -> SoundLayout.Parts? {
    let end = input.byteCount ?? 0
    var position = offset + 4
    var isLast = false
    while !isLast {
      let block = try window.slice(4, at: position, of: input)
      guard block.count == 4 else { break }
      isLast = block[block.startIndex] & 0x80 != 0
      position += 4 + block.bigEndian(at: 1, count: 3)
    }
    let next = try SoundLayout.nextFile(from: position, to: end, of: input, &window) ?? end
    return .init(parts: [SoundPart(ranges: [offset..<next])], end: next)
  }

  /// Reads a header; nil when its bytes are none, by its checksum.
  init?(_ bytes: [UInt8], blockSize: Int) {
    guard bytes.count >= 6, bytes[0] == 0xFF, bytes[1] & 0xFE == 0xF8, bytes[3] & 1 == 0 else {
      return nil
    }
    let (sizeCode, rateCode) = (bytes[2] >> 4, bytes[2] & 15)
    guard sizeCode != 0, rateCode != 15 else { return nil }
    // The number is coded as in UTF-8, with up to seven bytes.
    let ones = (~bytes[4]).leadingZeroBitCount
    guard ones != 1, ones < 8 else { return nil }
    let count = max(ones, 1)
    var number = ones == 0 ? Int(bytes[4]) : Int(bytes[4]) & (0x7F >> ones)
    guard bytes.count > 4 + count else { return nil }
    for byte in bytes[5..<4 + count] {
      guard byte & 0xC0 == 0x80 else { return nil }
      number = number << 6 | Int(byte & 0x3F)
    }
    let extra =
      (sizeCode == 6 ? 1 : sizeCode == 7 ? 2 : 0) + (rateCode == 12 ? 1 : rateCode > 12 ? 2 : 0)
    let length = 4 + count + extra
    guard bytes.count > length, Self.checksum(bytes[..<length]) == bytes[length] else { return nil }
    kind = [bytes[1], rateCode, bytes[3] & 15]
    let size = Int(sizeCode)
    switch size {
    case 1: sampleCount = 192
    case 2...5: sampleCount = 576 << (size - 2)
    case 6, 7: sampleCount = bytes.bigEndian(at: 4 + count, count: size - 5) + 1
    default: sampleCount = 256 << (size - 8)
    }
    firstSample = bytes[1] & 1 == 1 ? number : number * blockSize
  }

  /// The remainder by x⁸ + x² + x + 1.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { value, _ in value & 0x80 == 0 ? value << 1 : value << 1 ^ 7 }
    }
  }
}
