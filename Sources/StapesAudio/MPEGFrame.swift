/// The header of one frame of MPEG audio (ISO/IEC 11172-3 and 13818-3, and the "2.5" extension).
struct MPEGFrame {
  /// Whether it is layer III ("MP3").
  let isLayerThree: Bool
  /// Frames of sound per second.
  let sampleRate: Int
  /// The number of bytes of the frame, if it is layer III.
  let byteCount: Int
  /// The number of frames of sound in it, if it is layer III.
  let sampleCount: Int
  /// Whether it has one channel.
  let isMono: Bool
  /// The number of bytes of header and side information of a layer III frame without checksum.
  let sideByteCount: Int

  private static let kilobits = [
    [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],  // MPEG 1
    [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],  // MPEG 2 and 2.5
  ]

  /// Reads a header of four bytes; nil when it is none.
  init?(_ bytes: some Collection<UInt8>) {
    let bits = bytes.reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count == 4, bits >> 21 == 0x7FF else { return nil }
    let version = bits >> 19 & 3
    let layer = bits >> 17 & 3
    let bitRate = bits >> 12 & 15
    let rate = bits >> 10 & 3
    guard version != 1, layer != 0, (1...14).contains(bitRate), rate != 3 else { return nil }
    isLayerThree = layer == 1
    let isFirstVersion = version == 3
    sampleRate = [44_100, 48_000, 32_000][rate] >> (isFirstVersion ? 0 : version == 2 ? 1 : 2)
    let bitsPerSecond = 1000 * Self.kilobits[isFirstVersion ? 0 : 1][bitRate - 1]
    sampleCount = isFirstVersion ? 1152 : 576
    byteCount = (isFirstVersion ? 144 : 72) * bitsPerSecond / sampleRate + (bits >> 9 & 1)
    isMono = bits >> 6 & 3 == 3
    sideByteCount = 4 + (isFirstVersion ? (isMono ? 17 : 32) : (isMono ? 9 : 17))
  }

  /// Whether another frame can be of the same stream.
  func isContinued(by other: MPEGFrame) -> Bool {
    isLayerThree == other.isLayerThree && sampleRate == other.sampleRate && isMono == other.isMono
  }
}
