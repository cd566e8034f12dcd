/// The header of a frame of FLAC (RFC 9639, 9.1), as far as it tells where the frame belongs.
struct FLACFrame {
  /// The number of the frame's first sample.
  let firstSample: Int
  /// What all frames of a stream have in common.
  let kind: [UInt8]

  /// What the stream's first block tells.
  struct Stream {
    /// The block with its header, by which it is the last of its kind, and without its length.
    let block: [UInt8]
    let sampleRate: Int
    let blockSize: Int
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
    firstSample = bytes[1] & 1 == 1 ? number : number * blockSize
  }

  /// The remainder by x⁸ + x² + x + 1.
  private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
    bytes.reduce(0) { sum, byte in
      (0..<8).reduce(sum ^ byte) { value, _ in value & 0x80 == 0 ? value << 1 : value << 1 ^ 7 }
    }
  }
}

/// Looks for frames of FLAC to go on with behind damage.
struct FLACSearch {
  private let range: Range<Int>
  private let stream: FLACFrame.Stream
  private var offset: Int
  /// What the first frame tells of all others.
  private var kind: [UInt8]?
  private var window = ByteWindow()

  /// The number of samples that the part should have; nil when it does not tell.
  var sampleCount: Int? { stream.sampleCount == 0 ? nil : stream.sampleCount }

  /// Makes a search through a part; nil where that is not FLAC as it lies in the file.
  init?(_ part: SoundPart, of input: borrowing InputFile) throws(AudioError) {
    var window = ByteWindow()
    guard input.isSeekable, part.front.isEmpty, part.ranges.count == 1,
      let range = part.ranges.first,
      let stream = try FLACFrame.Stream(at: range.lowerBound, of: input, &window)
    else { return nil }
    self.range = range
    self.stream = stream
    offset = range.lowerBound + 42
  }

  /// The next frame that begins at a sample or later, and what a decoder is given from there on.
  mutating func next(
    behind sample: Int, of input: borrowing InputFile
  ) throws(AudioError) -> (sample: Int, part: SoundPart)? {
    let limit = sampleCount ?? sample + SoundPart.longestLoss * stream.sampleRate
    while let found = try window.next(0xFF, from: offset, to: range.upperBound, of: input) {
      offset = found + 1
      let bytes = Array(try window.slice(16, at: found, of: input))
      guard let frame = FLACFrame(bytes, blockSize: stream.blockSize) else { continue }
      if kind == nil { kind = frame.kind }
      guard frame.kind == kind, (sample..<max(limit, sample)).contains(frame.firstSample) else {
        continue
      }
      let part = SoundPart(ranges: [found..<range.upperBound], front: stream.block)
      return (frame.firstSample, part)
    }
    return nil
  }
}
