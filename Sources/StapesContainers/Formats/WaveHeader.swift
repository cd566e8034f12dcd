/// The header of a WAV or RF64 file.
///
/// libsndfile reads it too, but silently replaces a length that cannot be right, and needs to seek
/// or to own the pipe from its first byte on.
package struct WaveHeader {
  /// Frames per second.
  package let sampleRate: Int
  /// The number of interleaved channels.
  package let channelCount: Int
  /// The code of the encoding, that of the subformat for WAVE_FORMAT_EXTENSIBLE.
  package let formatTag: Int
  /// How a sample is stored, for encodings that are nothing but samples.
  private let encoding: RawFormat.Encoding?
  /// Where the sound starts.
  package let dataOffset: Int
  private let statedByteCount: Int
  /// Whether it is BW64 (ITU-R BS.2088), which libsndfile does not know.
  package let isBW64: Bool

  /// Programs that write to a pipe put a length near 2 or 4 GiB there, or 0.
  private static let unknownByteCounts = 0x7FFF_0000...0xFFFF_FFFF
  /// What may precede the sound in a pipe, all of which is kept.
  private static let longestPipeHeader = 1 << 20

  /// Reads a header up to the first byte of the sound.
  ///
  /// It is nil when the file is not WAV, ends within its header, has sound in front of its format,
  /// or, in a pipe, has too much in front of the sound.
  ///
  /// - Parameter start: the first 12 bytes, which were read from `input` already.
  package init?(after start: [UInt8], from input: inout InputFile) throws(AudioError) {
    let isLong = start.has("RF64") || start.has("BW64")
    guard start.has("RIFF") || isLong, start.has("WAVE", at: 8) else { return nil }
    var offset = start.count
    var format: [UInt8] = []
    var longByteCount: Int?
    for _ in 0..<SoundLength.mostChunks {
      let chunk = try input.read(8)
      guard chunk.count == 8 else { return nil }
      let byteCount = chunk.littleEndian(at: 4, count: 4)
      offset += 8
      if chunk.has("data") {
        guard format.count >= 16 else { return nil }
        let isUnknown = byteCount == 0xFFFF_FFFF
        self.init(
          format, at: offset, byteCount: isUnknown ? longByteCount ?? byteCount : byteCount,
          isBW64: start.has("BW64"))
        return
      }
      let next = offset + byteCount + byteCount % 2
      guard input.isSeekable || next <= Self.longestPipeHeader else { return nil }
      if chunk.has("fmt ") || chunk.has("ds64") {
        let body = try input.read(Swift.min(byteCount, 40))
        offset += body.count
        if chunk.has("fmt ") {
          format = body
        } else if isLong, body.count >= 16 {
          longByteCount = body.littleEndian(at: 8, count: 8)
        }
      }
      try input.skip(next - offset)
      offset = next
    }
    return nil
  }

  private init(_ format: [UInt8], at offset: Int, byteCount: Int, isBW64: Bool) {
    self.isBW64 = isBW64
    var tag = format.littleEndian(at: 0, count: 2)
    if tag == 0xFFFE, format.count >= 26 { tag = format.littleEndian(at: 24, count: 2) }
    formatTag = tag
    channelCount = format.littleEndian(at: 2, count: 2)
    sampleRate = format.littleEndian(at: 4, count: 4)
    let sampleByteCount = (format.littleEndian(at: 14, count: 2) + 7) / 8
    let frameByteCount = format.littleEndian(at: 12, count: 2)
    encoding =
      frameByteCount == sampleByteCount * channelCount
      ? Self.encoding(tag: tag, sampleByteCount: sampleByteCount) : nil
    dataOffset = offset
    statedByteCount = byteCount
  }

  /// The number of bytes of sound; nil when the program that wrote the file did not know.
  package var dataByteCount: Int? {
    statedByteCount <= 0 || Self.unknownByteCounts.contains(statedByteCount)
      ? nil : statedByteCount
  }

  /// Whether the file holds nothing but samples behind the header.
  package var isPlain: Bool { encoding != nil }

  /// What the file holds behind the header, if that is nothing but samples.
  package func rawFormat() throws(AudioError) -> RawFormat? {
    guard let encoding else { return nil }
    return try RawFormat(encoding: encoding, sampleRate: sampleRate, channelCount: channelCount)
  }

  /// Whether a file was never completed by the program that wrote it: no length, but sound.
  package func isUnfinished(in input: inout InputFile) throws(AudioError) -> Bool {
    guard statedByteCount == 0, let fileByteCount = input.byteCount else { return false }
    try input.seek(to: dataOffset)
    let rest = try input.read(8)
    guard rest.count == 8 else { return false }
    // After a chunk that is really empty, others may follow.
    let isChunk =
      rest.prefix(4).allSatisfy { (0x20..<0x7F).contains($0) }
      && dataOffset + 8 + rest.littleEndian(at: 4, count: 4) <= fileByteCount
    return !isChunk
  }

  private static func encoding(tag: Int, sampleByteCount: Int) -> RawFormat.Encoding? {
    switch (tag, sampleByteCount) {
    case (1, 1): .u8
    case (1, 2): .s16le
    case (1, 3): .s24le
    case (1, 4): .s32le
    case (3, 4): .f32le
    case (3, 8): .f64le
    case (6, 1): .alaw
    case (7, 1): .ulaw
    default: nil
    }
  }
}
