import CSndFile
import StapesAudio
import TestSupport
import Testing

private let integers = [
  (SoundFormat(name: "WAV 8 bit", code: SF_FORMAT_WAV | SF_FORMAT_PCM_U8), 8),
  (SoundFormat(name: "WAV 16 bit", code: SF_FORMAT_WAV | SF_FORMAT_PCM_16), 16),
  (SoundFormat(name: "WAV 24 bit", code: SF_FORMAT_WAV | SF_FORMAT_PCM_24), 24),
  (SoundFormat(name: "WAV 32 bit", code: SF_FORMAT_WAV | SF_FORMAT_PCM_32), 32),
  (SoundFormat(name: "extensible WAV 24 bit", code: SF_FORMAT_WAVEX | SF_FORMAT_PCM_24), 24),
  (SoundFormat(name: "RF64 16 bit", code: SF_FORMAT_RF64 | SF_FORMAT_PCM_16), 16),
  (SoundFormat(name: "AIFF 8 bit", code: SF_FORMAT_AIFF | SF_FORMAT_PCM_S8), 8),
  (SoundFormat(name: "AIFF 16 bit", code: SF_FORMAT_AIFF | SF_FORMAT_PCM_16), 16),
  (SoundFormat(name: "FLAC 16 bit", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_16), 16),
  (SoundFormat(name: "FLAC 24 bit", code: SF_FORMAT_FLAC | SF_FORMAT_PCM_24), 24),
]
private let floats = [
  SoundFormat(name: "WAV float", code: SF_FORMAT_WAV | SF_FORMAT_FLOAT),
  SoundFormat(name: "WAV double", code: SF_FORMAT_WAV | SF_FORMAT_DOUBLE),
  SoundFormat(name: "extensible WAV float", code: SF_FORMAT_WAVEX | SF_FORMAT_FLOAT),
  SoundFormat(name: "AIFF float", code: SF_FORMAT_AIFF | SF_FORMAT_FLOAT),
]
private let logarithmic = [
  SoundFormat(name: "WAV µ-law", code: SF_FORMAT_WAV | SF_FORMAT_ULAW),
  SoundFormat(name: "WAV A-law", code: SF_FORMAT_WAV | SF_FORMAT_ALAW),
  SoundFormat(name: "extensible WAV µ-law", code: SF_FORMAT_WAVEX | SF_FORMAT_ULAW),
]
private let lossy = [
  SoundFormat(name: "Ogg Vorbis", code: SF_FORMAT_OGG | SF_FORMAT_VORBIS),
  SoundFormat(name: "Ogg Opus", code: SF_FORMAT_OGG | SF_FORMAT_OPUS),
  SoundFormat(name: "MP3", code: SF_FORMAT_MPEG | SF_FORMAT_MPEG_LAYER_III),
]

/// A planted sine, written in every format and read back.
@Suite struct FormatTests {
  let rate = 16_000
  let left = sine(440, sampleRate: 16_000, count: 20_001)
  let right = sine(300, sampleRate: 16_000, count: 20_001, amplitude: 0.25)

  /// Reads what was planted in both channels, from a file and from a pipe.
  private func readBack(_ format: SoundFormat, _ compare: ([Float], [Float]) -> Void) throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound"
      let samples = interleaved([left, right])
      try encode(samples, sampleRate: rate, channelCount: 2, as: format.code, to: path)
      let properties = try AudioProperties(ofFileAt: path)
      #expect(properties.sampleRate == rate)
      #expect(properties.channelCount == 2)
      #expect(properties.frameCount == left.count)
      #expect(properties.seconds == Double(left.count) / Double(rate))
      for (channel, planted) in [left, right].enumerated() {
        let options = AudioOptions(channel: .index(channel))
        let clip = try AudioClip(contentsOf: path, options: options)
        #expect(clip.sampleRate == rate && clip.sourceRate == rate)
        #expect(clip.sourceChannelCount == 2)
        #expect(clip.warnings == [])
        compare(clip.samples, planted)
        let piped = try withPipe(contents(of: path)) {
          try AudioClip(SoundFile(fileDescriptor: $0, options: options))
        }
        #expect(piped == clip)
      }
    }
  }

  @Test(arguments: integers)
  func integersAreExactToOneStep(format: SoundFormat, bits: Int) throws {
    // libsndfile's encoders scale by 2ⁿ⁻¹ - 1, its decoders by 2ⁿ⁻¹: half a step at half scale,
    // and half a step of rounding. Beyond 24 bits the floats' own precision is the limit.
    let step = max(1 / Float(1 << (bits - 1)), Float.ulpOfOne / 2)
    try readBack(format) { #expect(largestDifference($0, $1) <= 1.01 * step) }
  }

  @Test(arguments: floats)
  func floatsAreExact(format: SoundFormat) throws {
    try readBack(format) { #expect(largestDifference($0, $1) == 0) }
  }

  @Test(arguments: logarithmic)
  func logarithmicCodesAreWithinTheirStep(format: SoundFormat) throws {
    // G.711 has 16 steps an octave, and a linear segment near zero; encoders may cut instead of
    // rounding. The codes themselves are checked one by one in `RawFormatTests`.
    try readBack(format) { samples, planted in
      #expect(
        zip(samples, planted).allSatisfy { abs($0 - $1) <= max(abs($1) / 16, 0.002) })
    }
  }

  @Test(arguments: lossy)
  func lossyFormatsAreInPlace(format: SoundFormat) throws {
    // An error of one sample in time would give 0.06.
    try readBack(format) { #expect(rootMeanSquareDifference($0, $1) < 0.015) }
  }

  @Test func opusTellsTheRateBeforeEncoding() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/sound.opus"
      let code = SF_FORMAT_OGG | SF_FORMAT_OPUS
      try encode(sine(300, sampleRate: 8_000, count: 8_000), sampleRate: 8_000, as: code, to: path)
      let properties = try AudioProperties(ofFileAt: path)
      #expect(properties.sampleRate == 8_000)
      #expect(properties.frameCount == 8_000)
      #expect(properties.formatName.contains("Opus"))
    }
  }
}
