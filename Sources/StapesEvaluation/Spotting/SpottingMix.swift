package import StapesAudio
public import StapesAugmentation
public import StapesCorpus
internal import StapesFiles
internal import StapesKernels
internal import StapesText
internal import StapesTraining

/// Streams to measure the spotting of phrases on: clips of phrases among other sound, and noise over
/// all of it.
///
/// Each recording of the background is followed by its share of the clips, in random order, as loud
/// as the recording and with short pauses around them; noise lies a ratio below the power of the whole.
/// The same material and seed give the same streams.
public struct SpottingMix: Sendable {
  /// A clip of a phrase in a stream.
  package struct Place: Sendable, Equatable {
    /// The clip, by its index.
    package let clip: Int
    /// Where the clip lies, in samples.
    package let samples: Range<Int>
    /// Where its last loud part ends, in samples.
    package let spokenEnd: Int
  }

  /// A stream.
  package struct Stream: Sendable {
    package var samples: [Float] = []
    package var places: [Place] = []
  }

  let clips: Corpus
  private let background: Corpus
  private let sounds: SoundLibrary
  private let signalToNoiseDecibels: Double
  private let seed: UInt64
  /// The recordings of each stream, each with the clips behind it.
  private let scenes: [[(recording: Int, clips: [Int])]]

  /// About how long a stream is, in seconds.
  private static let streamSeconds = 120.0

  /// Plans the streams.
  ///
  /// - Parameters:
  ///   - clips: clips that each say one phrase, their text.
  ///   - background: recordings without phrases.
  ///   - noiseFolder: recordings of noise; empty for none.
  ///   - signalToNoiseDecibels: the power of the sound over that of the noise.
  ///   - sampleRate: in hertz.
  ///   - seed: of all choices.
  /// - Throws: `AugmentationError.noSounds`.
  public init(
    clips: Corpus, background: Corpus, noiseFolder: String = "",
    signalToNoiseDecibels: Double = 10, sampleRate: Int, seed: UInt64 = 1
  ) throws(AugmentationError) {
    var noise = Augmentation()
    (noise.noiseFolder, noise.noiseShare) = (noiseFolder, noiseFolder.isEmpty ? 0 : 1)
    sounds = try SoundLibrary(for: noise, sampleRate: sampleRate, seed: seed)
    (self.clips, self.background, self.seed) = (clips, background, seed)
    self.signalToNoiseDecibels = signalToNoiseDecibels
    var random = SplitMix64(seed: seed)
    let recordings = background.clips.indices.shuffled(using: &random)
    let order = clips.clips.indices.shuffled(using: &random)
    var (scenes, seconds) = ([[(recording: Int, clips: [Int])]](), Double.infinity)
    for (index, recording) in recordings.enumerated() {
      let share = [index, index + 1].map { $0 * order.count / recordings.count }
      let part = Array(order[share[0]..<share[1]])
      if seconds >= Self.streamSeconds { (scenes, seconds) = (scenes + [[]], 0) }
      scenes[scenes.count - 1].append((recording, part))
      seconds += part.reduce(background.clips[recording].duration) {
        $0 + clips.clips[$1].duration
      }
    }
    self.scenes = scenes
  }

  /// How many streams there are.
  package var streamCount: Int { scenes.count }

  /// Makes a stream.
  ///
  /// - Throws: `AudioError` for a clip or recording that cannot be read.
  package func stream(_ index: Int, sampleRate: Int) throws(AudioError) -> Stream {
    var random = SplitMix64(seed: seed, stream: 1, UInt64(index))
    var stream = Stream()
    for scene in scenes[index] {
      let first = stream.samples.count
      let recording = try background.clips[scene.recording].read(sampleRate: sampleRate).samples
      var sound = recording
      for clip in scene.clips {
        var samples = try clips.clips[clip].read(sampleRate: sampleRate).samples
        Waveform.amplify(&samples, toPower: Waveform.power(of: recording))
        sound += Self.pause(sampleRate, using: &random)
        let start = first + sound.count
        stream.places.append(
          Place(
            clip: clip, samples: start..<start + samples.count,
            spokenEnd: start + Self.spokenEnd(of: samples, sampleRate: sampleRate)))
        sound += samples + Self.pause(sampleRate, using: &random)
      }
      if !sounds.noises.isEmpty, !sound.isEmpty {
        Waveform.mix(
          sounds.noise(sampleCount: sound.count, using: &random), into: &sound,
          speechPower: Waveform.power(of: sound), signalToNoiseDecibels: signalToNoiseDecibels)
      }
      stream.samples += sound
    }
    return stream
  }

  private static func pause(_ sampleRate: Int, using random: inout SplitMix64) -> [Float] {
    let seconds = Double.random(in: 0.1...0.5, using: &random)
    return [Float](repeating: 0, count: Int(seconds * Double(sampleRate)))
  }

  /// The end of the last 20 ms of a clip that are at most 20 dB below its loudest.
  static func spokenEnd(of samples: [Float], sampleRate: Int) -> Int {
    let length = max(1, sampleRate / 50)
    let powers = stride(from: 0, to: samples.count, by: length).map {
      Waveform.power(of: Array(samples[$0..<min($0 + length, samples.count)]))
    }
    let loud = (powers.max() ?? 0) / 100
    guard let last = powers.lastIndex(where: { $0 >= loud }) else { return samples.count }
    return min((last + 1) * length, samples.count)
  }
}
