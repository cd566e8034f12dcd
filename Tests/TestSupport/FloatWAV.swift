public import Foundation

/// A WAV file of one channel of 32-bit floats, which may be other than finite.
///
/// - Parameters:
///   - samples: what it holds.
///   - sampleRate: in hertz.
public func floatWAV(samples: [Float], sampleRate: Int = 8000) -> Data {
  func bytes(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
  let size = UInt32(4 * samples.count)
  var file = Array("RIFF".utf8) + bytes(36 + size) + Array("WAVEfmt ".utf8) + bytes(UInt32(16))
  file += bytes(UInt16(3)) + bytes(UInt16(1))
  file += bytes(UInt32(sampleRate)) + bytes(UInt32(4 * sampleRate))
  file += bytes(UInt16(4)) + bytes(UInt16(32)) + Array("data".utf8) + bytes(size)
  return Data(file + samples.flatMap { bytes($0.bitPattern) })
}
