import CSndFile
import StapesAudio
import StapesKernels
import TestSupport
import Testing

/// Whatever a file holds, it gives samples or an error, never a trap.
@Suite struct DamageTests {
  private static let formats = [
    SoundFormat(name: "WAV", code: SF_FORMAT_WAV | SF_FORMAT_PCM_16),
    SoundFormat(name: "extensible WAV", code: SF_FORMAT_WAVEX | SF_FORMAT_FLOAT),
    SoundFormat(name: "RF64", code: SF_FORMAT_RF64 | SF_FORMAT_PCM_24),
    SoundFormat(name: "AIFF", code: SF_FORMAT_AIFF | SF_FORMAT_PCM_16),
    SoundFormat(name: "AU", code: SF_FORMAT_AU | SF_FORMAT_ULAW),
    SoundFormat(name: "FLAC", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_16),
    SoundFormat(name: "Ogg Opus", code: SF_FORMAT_OGG | SF_FORMAT_OPUS),
  ]

  private func smallFile(_ format: SoundFormat) throws -> [UInt8] {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      let samples = sine(440, sampleRate: 8_000, count: 400)
      try encode(samples, sampleRate: 8_000, channelCount: 2, as: format.code, to: path)
      return try contents(of: path)
    }
  }

  /// Expects finite samples or an error from a file, or from a pipe.
  private func read(_ file: [UInt8], fromPipe: Bool) throws {
    let options = AudioOptions(sampleRate: 16_000)
    do {
      let clip =
        try fromPipe
        ? withPipe(file) { try AudioClip(SoundFile(fileDescriptor: $0, options: options)) }
        : withFile(file) { try AudioClip(contentsOf: $0, options: options) }
      #expect(clip.samples.contains { !$0.isFinite } == false)
    } catch let error as AudioError {
      #expect(!error.description.isEmpty)
    }
  }

  @Test(arguments: formats)
  func everyStartOfAFile(format: SoundFormat) throws {
    let file = try smallFile(format)
    for count in stride(from: 0, to: min(file.count, 160), by: 3) {
      try read(Array(file.prefix(count)), fromPipe: count % 2 == 0)
    }
  }

  @Test(arguments: formats)
  func everyByteOfTheHeaderAltered(format: SoundFormat) throws {
    let file = try smallFile(format)
    var random = SplitMix64(seed: 1)
    for index in 0..<min(file.count, 96) {
      var altered = file
      altered[index] = UInt8.random(in: 0...255, using: &random)
      try read(altered, fromPipe: random.next() % 2 == 0)
    }
  }
}
