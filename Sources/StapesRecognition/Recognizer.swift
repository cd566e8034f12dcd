public import StapesAudio
package import StapesDecoding
internal import StapesFeatures
package import StapesKernels
public import StapesModel
internal import StapesNetwork
internal import StapesText
public import StapesTranscript

/// Turns sound into text with a trained model.
///
/// It holds no state between clips, so one recogniser serves any number of tasks at a time. A clip
/// of up to two minutes is held in memory as a whole, with about 0.3 MB for each second of it (for a
/// network of two layers of 128 units in both directions). What is longer is heard as a stream,
/// divided at pauses, so that memory does not grow with it.
public struct Recognizer: Sendable {
  /// The model.
  public let model: SpeechModel
  /// How it searches.
  public let options: RecognitionOptions
  let network: InferenceNetwork

  /// The beam's width with a language model or hotwords, where none is asked for.
  public static let wideBeamWidth = 600
  /// The same with a language model that predicts, which takes long for each prefix.
  private static let predictedBeamWidth = 256

  /// The words that it writes; nil for any.
  private let lexicon: Lexicon?
  /// The language model and hotwords that take part in the search; nil for none.
  package let language: LanguageFusion?
  /// What it chooses from; nil for any text.
  private let phrases: PhraseDecoder?

  /// The hotwords or phrases that hold characters which the model does not write; nil where all of
  /// them can be written.
  public let unwritable: UnwritableTexts?

  /// Whether it writes no other words than the model's vocabulary.
  package var writesOnlyItsVocabulary: Bool { lexicon != nil }

  /// Whether it chooses among phrases, so that nothing is known before an utterance ends.
  var choosesPhrases: Bool { phrases != nil }

  /// Whether what is said after a pause is another word.
  var separatesUtterances: Bool {
    writesOnlyItsVocabulary || choosesPhrases || model.alphabet.characters.contains(" ")
  }

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
  ///   `RecognitionError.foreignLanguageModel`, `.noPhrases` and `.unwritableTexts`; `.noCharacters`
  ///   where a model that tells clips apart is given one of the three.
  public init(
    model: ModelSource, options: RecognitionOptions = RecognitionOptions(),
    languageModel: LanguageModel? = nil, hotwords: HotwordList? = nil,
    phrases: PhraseList? = nil
  ) throws(RecognitionError) {
    try options.validate()
    let model = try model.load()
    self.model = model
    for (what, isGiven) in [
      ("language models", languageModel != nil), ("hotwords", hotwords != nil),
      ("lists of phrases", phrases != nil),
    ] where isGiven {
      try model.requireCharacters(for: what)
    }
    var unwritable = UnwritableTexts(path: phrases?.path ?? hotwords?.path)
    self.phrases =
      if let phrases { try model.decoder(of: phrases, noting: &unwritable) } else { nil }
    network = InferenceNetwork(model.network)
    self.options = options
    lexicon = options.allowsAnyWord ? nil : model.lexicon
    var favoured: WritableHotwords?
    if let hotwords { favoured = try model.hotwords(of: hotwords, noting: &unwritable) }
    self.unwritable = unwritable.isEmpty ? nil : unwritable
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
  ///     is not used, since the model's is, nor its channel where `options.splitsChannels`.
  /// - Throws: `RecognitionError.audio`; `.tooManyChannels` where `options.splitsChannels`.
  public func transcribe(
    contentsOf path: String, audio: AudioOptions = AudioOptions()
  ) throws(RecognitionError) -> Transcript {
    try transcribe(ClipWork.Clip(path: path, audio: audio, seconds: 0))
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
      return transcribe(resampled)
    } catch {
      throw .audio(error)
    }
  }

  /// Reads the samples of a file that was opened at the model's rate.
  func clip(_ sound: consuming SoundFile) throws(RecognitionError) -> AudioClip {
    do throws(AudioError) {
      return try AudioClip(sound)
    } catch {
      throw .audio(error)
    }
  }

  /// Opens a file, or a segment of it, to be read at the model's rate.
  func sound(
    contentsOf path: String, audio: AudioOptions, offset: Double = 0, duration: Double? = nil
  ) throws(RecognitionError) -> SoundFile {
    var audio = audio
    audio.sampleRate = sampleRate
    do throws(AudioError) {
      return try SoundFile(contentsOf: path, options: audio, offset: offset, duration: duration)
    } catch {
      throw .audio(error)
    }
  }

  /// Transcribes clips together, which is faster than one by one and gives the same.
  ///
  /// - Precondition: the clips are at the model's rate.
  package func transcribe(_ clips: [AudioClip]) -> [Transcript] {
    zip(clips, logProbabilities(of: clips)).map { transcript(of: $0, $1) }
  }

  /// The transcript of a clip from the network's outputs, [outputs × classes].
  func transcript(of clip: AudioClip, _ logProbabilities: Matrix) -> Transcript {
    let (hypotheses, reason) = judgedHypotheses(of: logProbabilities, samples: clip.samples)
    return Transcript(
      hypotheses: hypotheses, seconds: clip.duration, warnings: clip.warnings, emptyReason: reason)
  }

  /// The network's outputs for clips, [outputs × classes] each.
  ///
  /// - Precondition: the clips are at the model's rate.
  package func logProbabilities(of clips: [AudioClip]) -> [Matrix] {
    network.logits(of: features(of: clips)).map { logits in
      var logProbabilities = logits
      logProbabilities.takeLogSoftmaxOfRows()
      return logProbabilities
    }
  }

  /// As `logProbabilities(of:)`, computed by several child tasks.
  func logProbabilities(of clips: [AudioClip], threadCount: Int) async -> [Matrix] {
    await network.logProbabilities(of: features(of: clips), threadCount: threadCount)
  }

  private func features(of clips: [AudioClip]) -> [Matrix] {
    guard var extractor = try? FeatureExtractor(configuration: model.features) else {
      preconditionFailure("a model whose front end is not valid")
    }
    let level = ClipLevel(model)
    var all: [Matrix] = []
    for clip in clips {
      var features = extractor.features(of: clip.samples)
      if let gain = level?.gain(for: clip.samples, features) {
        features = extractor.features(of: clip.samples.map { $0 * gain })
      }
      model.normalization.apply(to: &features)
      all.append(features)
    }
    return all
  }

  /// What sound that the model would take for a pause is multiplied by first; 1 for other sound.
  func gain(for samples: [Float]) -> Float {
    guard let level = ClipLevel(model),
      var extractor = try? FeatureExtractor(configuration: model.features)
    else { return 1 }
    return level.gain(for: samples, extractor.features(of: samples)) ?? 1
  }

  /// The readings of a clip, [outputs × classes], best first; at least one, and each text once.
  package func readings(of logProbabilities: Matrix, language: LanguageFusion?) -> [Reading] {
    if let labels = model.outputs.labels { return readings(of: logProbabilities, amongst: labels) }
    if let phrases { return readings(of: logProbabilities, among: phrases) }
    let found =
      decoder(language: language)?
      .decode(logProbabilities, hypothesisCount: options.hypothesisCount)
      ?? [GreedyDecoder(dependents: model.dependents).decode(logProbabilities)]
    return readings(of: found)
  }

  /// Hypotheses with their texts, each text once; at least one.
  package func readings(of found: [Hypothesis]) -> [Reading] {
    var texts: Set<String> = []
    let readings = found.compactMap { hypothesis -> Reading? in
      let text = text(of: hypothesis.labels)
      guard texts.insert(text).inserted else { return nil }
      return Reading(text: text, hypothesis: hypothesis)
    }
    return readings.isEmpty
      ? [Reading(text: "", hypothesis: Hypothesis(labels: [], logProbability: -.infinity))]
      : readings
  }

  /// The search that is asked for; nil where the best class of each output is taken.
  func decoder(language: LanguageFusion?) -> BeamDecoder? {
    if language == nil, lexicon == nil, options.beamWidth == 1, options.hypothesisCount == 1 {
      return nil
    }
    guard let language else {
      return BeamDecoder(options: beam(width: BeamOptions.usualWidth), lexicon: lexicon)
    }
    let width = language.predicts ? Self.predictedBeamWidth : Self.wideBeamWidth
    return BeamDecoder(options: beam(width: width), language: language)
  }

  /// The text of labels.
  ///
  /// Spaces are characters to the network: it may write several, or one at an end.
  func text(of labels: [Int]) -> String {
    model.alphabet.text(of: labels).split(separator: " ").joined(separator: " ")
  }

  /// The most probable label sequence when any may be written.
  func freeHypothesis(_ logProbabilities: Matrix) -> Hypothesis {
    BeamDecoder(options: beam(width: BeamOptions.usualWidth)).decode(logProbabilities).first
      ?? Hypothesis(labels: [], logProbability: -.infinity)
  }

  /// A beam of the width that is asked for, or another.
  private func beam(width: Int) -> BeamOptions {
    BeamOptions(
      beamWidth: max(options.beamWidth ?? width, options.hypothesisCount),
      dependents: model.dependents)
  }
}
