package import NIOCore

/// Samples as protocols send them, in pieces of any size.
package struct PCMDecoder: Sendable {
  /// How a sample is written.
  package enum Encoding: Sendable, Equatable {
    /// Signed integers of so many bytes, the least significant first; 1 to 4.
    case integer(byteCount: Int)
    /// G.711 (ITU-T), a byte a sample.
    case muLaw
    case aLaw
  }

  private let encoding: Encoding
  private let channelCount: Int
  private var rest = ByteBuffer()

  /// Begins a stream whose channels are mixed.
  package init(_ encoding: Encoding = .integer(byteCount: 2), channelCount: Int = 1) {
    (self.encoding, self.channelCount) = (encoding, channelCount)
  }

  private var sampleSize: Int {
    if case .integer(let byteCount) = encoding { byteCount } else { 1 }
  }

  /// The samples that the next bytes complete, mono, in -1...1.
  package mutating func samples(of bytes: ByteBuffer) -> [Float] {
    rest.discardReadBytes()
    rest.writeImmutableBuffer(bytes)
    let frameSize = sampleSize * channelCount
    let frames = rest.readBytes(length: rest.readableBytes / frameSize * frameSize) ?? []
    return stride(from: 0, to: frames.count, by: frameSize).map { start in
      var sum: Float = 0
      for channel in 0..<channelCount { sum += sample(frames, at: start + channel * sampleSize) }
      return sum / Float(channelCount)
    }
  }

  private func sample(_ bytes: [UInt8], at start: Int) -> Float {
    switch encoding {
    case .integer(let byteCount):
      var bits: UInt32 = 0
      for index in 0..<byteCount { bits |= UInt32(bytes[start + index]) << (8 * UInt32(index)) }
      let shifted = Int32(bitPattern: bits << (8 * UInt32(4 - byteCount)))
      return Float(shifted) / 2_147_483_648
    case .muLaw: return Self.muLaw(bytes[start])
    case .aLaw: return Self.aLaw(bytes[start])
    }
  }

  /// A sample of G.711 µ-law: sign, exponent and mantissa, all inverted.
  private static func muLaw(_ byte: UInt8) -> Float {
    let code = ~byte
    let magnitude = ((Int(code & 15) << 3) + 132) << Int(code >> 4 & 7)
    return Float(code & 128 == 0 ? magnitude - 132 : 132 - magnitude) / 32_768
  }

  /// A sample of G.711 A-law: the even bits inverted.
  private static func aLaw(_ byte: UInt8) -> Float {
    let code = byte ^ 0x55
    let exponent = Int(code >> 4 & 7)
    let mantissa = Int(code & 15) << 4
    let magnitude = exponent == 0 ? mantissa + 8 : (mantissa + 264) << (exponent - 1)
    return Float(code & 128 == 0 ? -magnitude : magnitude) / 32_768
  }
}
