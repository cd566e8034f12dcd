/// The header of one frame of MPEG audio (ISO/IEC 11172-3 and 13818-3, and the "2.5" extension).
package struct MPEGFrame {
  /// Whether it is layer III ("MP3").
  package let isLayerThree: Bool
  /// Frames of sound per second.
  let sampleRate: Int
  /// The layer, from 1 to 3.
  private let layer: Int
  /// The number of bytes of the frame.
  let byteCount: Int
  /// The number of frames of sound in it.
  let sampleCount: Int
  /// Whether it has one channel.
  let isMono: Bool
  /// The number of bytes of header and side information of a layer III frame without checksum.
  let sideByteCount: Int

  /// By the layer; first of MPEG 1, then of MPEG 2 and 2.5.
  private static let kilobits = [
    [
      [32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
      [32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
      [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
    ],
    [
      [32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
      [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
      [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ],
  ]

  /// Reads a header of four bytes; nil when it is none.
  init?(_ bytes: some Collection<UInt8>) {
    let bits = bytes.reduce(0) { $0 << 8 | Int($1) }
    guard bytes.count == 4, bits >> 21 == 0x7FF else { return nil }
    let version = bits >> 19 & 3
    layer = 4 - (bits >> 17 & 3)
    let bitRate = bits >> 12 & 15
    let rate = bits >> 10 & 3
    guard version != 1, layer != 4, (1...14).contains(bitRate), rate != 3 else { return nil }
    isLayerThree = layer == 3
    let isFirstVersion = version == 3
    sampleRate = [44_100, 48_000, 32_000][rate] >> (isFirstVersion ? 0 : version == 2 ? 1 : 2)
    let bitsPerSecond = 1000 * Self.kilobits[isFirstVersion ? 0 : 1][layer - 1][bitRate - 1]
    sampleCount = layer == 1 ? 384 : isLayerThree && !isFirstVersion ? 576 : 1152
    let slot = layer == 1 ? 4 : 1  // bytes
    byteCount =
      (sampleCount / 8 / slot * bitsPerSecond / sampleRate + (bits >> 9 & 1)) * slot
    isMono = bits >> 6 & 3 == 3
    sideByteCount = 4 + (isFirstVersion ? (isMono ? 17 : 32) : (isMono ? 9 : 17))
  }

  /// Whether another frame can be of the same stream.
  func isContinued(by other: MPEGFrame) -> Bool {
    layer == other.layer && sampleRate == other.sampleRate && isMono == other.isMono
  }
}
