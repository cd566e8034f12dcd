public import StapesAudio
internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
public import StapesLanguage
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

  /// The beam's width where none is asked for: without a language model or hotwords and with them.
  private static let (beamWidth, wideBeamWidth) = (8, 256)

  /// The words that it writes; nil for any.
  private let lexicon: Lexicon?
  /// The language model and hotwords that take part in the search; nil for none.
  let language: LanguageFusion?
  /// What it chooses from; nil for any text.
  private let phrases: PhraseDecoder?

  /// Whether it writes no other words than the model's vocabulary.
  var writesOnlyItsVocabulary: Bool { lexicon != nil }

  /// The rate at which the model hears, in hertz; other sound is resampled.
  public var sampleRate: Int { model.features.sampleRate }

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - options: how it searches.
  ///   - languageModel: what it knows of the language beside the model; nil for nothing.
  ///   - hotwords: words and phrases that it favours; nil for none.
  ///   - phrases: the only texts to choose from, in which neither the model's vocabulary nor a
  ///     language model or hotwords then have a say; nil for any text.
  /// - Throws: what `ModelSource.load()` and `RecognitionOptions.validate()` throw, and
  ///   `RecognitionError.foreignLanguageModel`, `.noPhrases` and `.unwritablePhrase`.
  public init(
    model: ModelSource, options: RecognitionOptions = RecognitionOptions(),
    languageModel: NGramModel? = nil, hotwords: HotwordList? = nil,
    phrases: PhraseList? = nil
  ) throws(RecognitionError) {
    try options.validate()
    let model = try model.load()
    self.model = model
    if let phrases { self.phrases = try model.decoder(of: phrases) } else { self.phrases = nil }
    network = InferenceNetwork(model.network)
    self.options = options
    lexicon = options.allowsAnyWord ? nil : model.lexicon
    var favoured: WritableHotwords?
    if let hotwords { favoured = try model.hotwords(of: hotwords) }
    language = try model.fusion(
      with: languageModel, hotwords: favoured,
      weights: options.languageWeights(over: model.languageWeights ?? LanguageWeights()),
      allowsAnyWord: options.allowsAnyWord)
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
    zip(clips, logProbabilities(of: clips)).map { clip, logProbabilities in
      let readings = readings(of: logProbabilities, language: language)
      return Transcript(
        hypotheses: readings.map {
          hypothesis(of: $0, in: logProbabilities, seconds: clip.duration)
        },
        seconds: clip.duration, warnings: clip.warnings)
    }
  }

  /// The network's outputs for clips, [outputs × classes] each.
  ///
  /// - Precondition: the clips are at the model's rate.
  func logProbabilities(of clips: [AudioClip]) -> [Matrix] {
    network.logits(of: features(of: clips)).map { logits in
      var logProbabilities = logits
      logProbabilities.takeLogSoftmaxOfRows()
      return logProbabilities
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

  /// The readings of a clip, [outputs × classes], best first; at least one, and each text once.
  func readings(of logProbabilities: Matrix, language: LanguageFusion?) -> [Reading] {
    if let phrases { return readings(of: logProbabilities, among: phrases) }
    let found: [Hypothesis]
    if language == nil, lexicon == nil, options.beamWidth == 1, options.hypothesisCount == 1 {
      found = [GreedyDecoder().decode(logProbabilities)]
    } else {
      let beam = beam(width: language == nil ? Self.beamWidth : Self.wideBeamWidth)
      let decoder =
        language.map { BeamDecoder(options: beam, language: $0) }
        ?? BeamDecoder(options: beam, lexicon: lexicon)
      found = decoder.decode(logProbabilities, hypothesisCount: options.hypothesisCount)
    }
    var texts: Set<String> = []
    return found.compactMap { hypothesis in
      // Spaces are characters to the network: it may write several, or one at an end.
      let words = model.alphabet.text(of: hypothesis.labels).split(separator: " ")
      let text = words.joined(separator: " ")
      guard texts.insert(text).inserted else { return nil }
      return Reading(text: text, hypothesis: hypothesis)
    }
  }

  /// The most probable label sequence when any may be written.
  func freeHypothesis(_ logProbabilities: Matrix) -> Hypothesis {
    BeamDecoder(options: beam(width: Self.beamWidth)).decode(logProbabilities).first
      ?? Hypothesis(labels: [], logProbability: -.infinity)
  }

  /// A beam of the width that is asked for, or another.
  private func beam(width: Int) -> BeamOptions {
    BeamOptions(beamWidth: max(options.beamWidth ?? width, options.hypothesisCount))
  }
}
