internal import StapesContainers
internal import StapesFiles

/// Writes samples to sound files.
public enum AudioFileWriter {
  /// Writes mono samples as a WAV file of 16-bit integers.
  ///
  /// The file appears under its name only when it is complete; a file that was there before is
  /// replaced. Samples beyond -1...1 are clipped; no samples give a file of zero frames.
  ///
  /// - Throws: `AudioError.nonFiniteSample`, and `AudioError.cannotWrite` for what the system
  ///   refuses and for more than WAV can hold (2³¹ - 19 samples).
  /// - Precondition: the rate is within `AudioOptions.allowedSampleRates`.
  public static func writeWAV(
    samples: [Float], sampleRate: Int, to path: String
  ) throws(AudioError) {
    precondition(AudioOptions.allowedSampleRates.contains(sampleRate), "\(sampleRate) Hz")
    if let frame = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteSample(path: path, frame: frame)
    }
    guard let dataByteCount = UInt32(exactly: samples.count * 2), dataByteCount < .max - 36 else {
      throw .cannotWrite(path: path, reason: "\(samples.count) samples are too many for WAV")
    }
    let header = header(sampleRate: UInt32(sampleRate), dataByteCount: dataByteCount)
    try rethrowing(
      write(header, samples, to: path),
      as: { (error: FileError) in AudioError.cannotWrite(path: path, reason: error.reason) })
  }

  /// A WAV file of 16-bit integers, in memory; for clips, as it is there twice.
  ///
  /// - Precondition: the samples are finite, and fewer than WAV can hold.
  package static func wav(samples: some Collection<Float>, sampleRate: Int) -> [UInt8] {
    header(sampleRate: UInt32(sampleRate), dataByteCount: UInt32(samples.count * 2))
      + pcm16(samples)
  }

  private static func write(
    _ header: [UInt8], _ samples: [Float], to path: String
  ) throws(FileError) {
    var file = try ReplacedFile(path: path, followsLinks: false)
    try file.write(header)
    let blockLength = 1 << 15
    for start in stride(from: 0, to: samples.count, by: blockLength) {
      try file.write(pcm16(samples[start..<min(start + blockLength, samples.count)]))
    }
    try file.commit(isForced: false)
  }

  /// The 44 bytes in front of the samples.
  private static func header(sampleRate: UInt32, dataByteCount: UInt32) -> [UInt8] {
    var bytes = Array("RIFF".utf8)
    bytes += littleEndian(36 + dataByteCount)
    bytes += Array("WAVEfmt ".utf8) + littleEndian(UInt32(16))
    bytes += littleEndian(UInt16(1)) + littleEndian(UInt16(1))  // integers, one channel
    bytes += littleEndian(sampleRate) + littleEndian(sampleRate * 2)
    bytes += littleEndian(UInt16(2)) + littleEndian(UInt16(16))  // bytes a frame, bits a sample
    return bytes + Array("data".utf8) + littleEndian(dataByteCount)
  }

  /// Samples as 16-bit integers, the least significant byte first; beyond -1...1 they are clipped.
  ///
  /// - Precondition: the samples are finite.
  package static func pcm16(_ samples: some Collection<Float>) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(samples.count * 2)
    for sample in samples {
      let integer = Int16(min(max((sample * 32768).rounded(), -32768), 32767))
      bytes.append(UInt8(truncatingIfNeeded: integer))
      bytes.append(UInt8(truncatingIfNeeded: integer >> 8))
    }
    return bytes
  }

  private static func littleEndian(_ value: some FixedWidthInteger) -> [UInt8] {
    (0..<value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
  }
}
