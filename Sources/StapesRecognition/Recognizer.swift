public import StapesAudio
internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
public import StapesModel
internal import StapesNetwork
internal import StapesText

/// Turns sound into text with a trained model.
///
/// It holds no state between clips, so one recogniser serves any number of tasks at a time. A clip
/// is held in memory as a whole, with about 0.3 MB for each second of it (for a network of two
/// layers of 128 units in both directions); cut recordings of many hours into parts.
public struct Recognizer: Sendable {
  /// The model.
  public let model: SpeechModel
  /// How it searches.
  public let options: RecognitionOptions
  private let network: InferenceNetwork

  /// The words that it writes; nil for any.
  private let lexicon: Lexicon?

  /// The rate at which the model hears, in hertz; other sound is resampled.
  public var sampleRate: Int { model.features.sampleRate }

  /// Loads a model.
  ///
  /// - Throws: what `ModelSource.load()` and `RecognitionOptions.validate()` throw.
  public init(
    model: ModelSource, options: RecognitionOptions = RecognitionOptions()
  ) throws(RecognitionError) {
    try options.validate()
    self.model = try model.load()
    network = InferenceNetwork(self.model.network)
    self.options = options
    lexicon = options.allowsAnyWord ? nil : self.model.lexicon
  }

  /// Transcribes a sound file.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: which channel to take, and the format of a file without header; its sample rate
  ///     is not used, since the model's is.
  /// - Throws: `RecognitionError.audio`.
  public func transcribe(
    contentsOf path: String, audio: AudioOptions = AudioOptions()
  ) throws(RecognitionError) -> Transcript {
    transcribe([try clip(contentsOf: path, audio: audio)])[0]
  }

  /// Transcribes samples in memory.
  ///
  /// - Parameters:
  ///   - samples: mono, in -1...1; none give an empty transcript.
  ///   - sampleRate: their rate, in hertz.
  /// - Throws: `RecognitionError.nonFiniteSample`, `.settingOutOfRange` for the sample rate.
  public func transcribe(
    samples: [Float], sampleRate: Int
  ) throws(RecognitionError) -> Transcript {
    let allowed = AudioOptions.allowedSampleRates
    guard allowed.contains(sampleRate) else {
      throw .settingOutOfRange(name: "sample rate", found: sampleRate, allowed: allowed)
    }
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteSample(index: index)
    }
    do throws(AudioError) {
      let resampled = try Resampler.resample(samples, from: sampleRate, to: self.sampleRate)
      return transcribe([AudioClip(samples: resampled, sampleRate: self.sampleRate)])[0]
    } catch {
      throw .audio(error)
    }
  }

  /// Reads a clip, or a segment of a file, at the model's rate.
  func clip(
    contentsOf path: String, audio: AudioOptions, offset: Double = 0, duration: Double? = nil
  ) throws(RecognitionError) -> AudioClip {
    var audio = audio
    audio.sampleRate = sampleRate
    do throws(AudioError) {
      return try AudioClip(contentsOf: path, options: audio, offset: offset, duration: duration)
    } catch {
      throw .audio(error)
    }
  }

  /// Transcribes clips together, which is faster than one by one and gives the same.
  ///
  /// - Precondition: the clips are at the model's rate.
  func transcribe(_ clips: [AudioClip]) -> [Transcript] {
    let logits = network.logits(of: features(of: clips))
    return zip(clips, logits).map { clip, logits in
      var logProbabilities = logits
      logProbabilities.takeLogSoftmaxOfRows()
      return Transcript(
        hypotheses: hypotheses(logProbabilities), seconds: clip.duration, warnings: clip.warnings)
    }
  }

  private func features(of clips: [AudioClip]) -> [Matrix] {
    guard var extractor = try? FeatureExtractor(configuration: model.features) else {
      preconditionFailure("a model whose front end is not valid")
    }
    var all: [Matrix] = []
    for clip in clips {
      var features = extractor.features(of: clip.samples)
      model.normalization.apply(to: &features)
      all.append(features)
    }
    return all
  }

  /// The readings of a clip: [outputs × classes] to texts.
  private func hypotheses(_ logProbabilities: Matrix) -> [Transcript.Hypothesis] {
    let found: [Hypothesis]
    if options.beamWidth == 1, options.hypothesisCount == 1, lexicon == nil {
      found = [GreedyDecoder().decode(logProbabilities)]
    } else {
      let width = max(options.beamWidth, options.hypothesisCount)
      found = BeamDecoder(options: BeamOptions(beamWidth: width), lexicon: lexicon)
        .decode(logProbabilities, hypothesisCount: options.hypothesisCount)
    }
    var texts: Set<String> = []
    return found.compactMap { hypothesis in
      // Spaces are characters to the network: it may write several, or one at an end.
      let words = model.alphabet.text(of: hypothesis.labels).split(separator: " ")
      let text = words.joined(separator: " ")
      guard texts.insert(text).inserted else { return nil }
      return Transcript.Hypothesis(text: text, logProbability: hypothesis.logProbability)
    }
  }
}

extension SpeechModel {
  /// The vocabulary as the decoder needs it.
  fileprivate var lexicon: Lexicon? {
    guard let vocabulary else { return nil }
    return Lexicon(
      words: vocabulary.compactMap { try? alphabet.labels(of: $0) },
      separator: try? alphabet.labels(of: " ").first)
  }
}
