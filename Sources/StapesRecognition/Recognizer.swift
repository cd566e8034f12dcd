public import StapesAudio
internal import StapesConcurrency
package import StapesDecoding
internal import StapesFeatures
internal import StapesFiles
package import StapesKernels
public import StapesModel
internal import StapesNetwork
internal import StapesStreaming
internal import StapesText
public import StapesTranscript

/// Turns sound into text with a trained model.
///
/// It holds no state between clips, so one recogniser serves any number of tasks at a time. A clip
/// of up to two minutes is held in memory as a whole, with about 0.3 MB for each second of it (for
/// a network of two layers of 128 units in both directions). What is longer is recognised as a
/// stream, divided at pauses, so that memory does not grow with it.
public struct Recognizer: Sendable {
  /// The model.
  public let model: SpeechModel
  /// How it searches.
  public let options: RecognitionOptions
  let network: InferenceNetwork

  /// The beam's width with a language model or hotwords, where none is asked for.
  public static let wideBeamWidth = 1500
  /// The same with a language model that predicts, which takes long for each prefix.
  static let predictedBeamWidth = 256

  /// The words that it writes; nil for any.
  let lexicon: Lexicon?
  /// The language model and hotwords that take part in the search; nil for none.
  package let language: LanguageFusion?
  /// What it chooses from; nil for any text.
  let phrases: PhraseDecoder?

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

  /// The model's sample rate, in hertz; other sound is resampled.
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
  ///   `RecognitionError.foreignLanguageModel`, `.noPhrases` and `.unwritableTexts`;
  ///   `.noCharacters` where a model that tells clips apart is given one of the three.
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
    self.options = options
    lexicon = options.allowsAnyWord ? nil : model.lexicon
    let favoured = try hotwords.flatMap { (list) throws(RecognitionError) in
      try model.hotwords(of: list, noting: &unwritable)
    }
    self.unwritable = unwritable.isEmpty ? nil : unwritable
    let weights = options.languageWeights(over: model.languageWeights ?? LanguageWeights())
    let (network, fusion) = together {
      InferenceNetwork(model.network, products: model.network.usualProducts)
    } _: {
      Result { () throws(RecognitionError) in
        try model.fusion(
          with: languageModel, hotwords: favoured, weights: weights,
          allowsAnyWord: options.allowsAnyWord)
      }
    }
    (self.network, language) = (network, try fusion.get())
  }

  /// Transcribes a sound file.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: which channel to take, and the format of a file without header; its sample rate
  ///     is not used, since the model's is, nor its channel where `options.splitsChannels`.
  ///   - threadCount: how many child tasks compute the network, at least 1; no number changes the
  ///     result, and more than there are cores do not help.
  /// - Throws: `RecognitionError.audio`; `.tooManyChannels` where `options.splitsChannels`.
  public func transcribe(
    contentsOf path: String, audio: AudioOptions = AudioOptions(), threadCount: Int = 1
  ) async throws(RecognitionError) -> Transcript {
    let clip = ClipWork.Clip(path: path, audio: audio, seconds: 0)
    return try await transcribe(clip, threadCount: threadCount)
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
    return transcribe(
      try rethrowing(
        Resampler.resample(samples, from: sampleRate, to: self.sampleRate),
        as: RecognitionError.audio))
  }

  /// Transcribes clips together, which is faster than one by one and gives the same.
  ///
  /// - Precondition: the clips are at the model's rate.
  package func transcribe(_ clips: [AudioClip]) -> [Transcript] {
    zip(clips, logProbabilities(of: clips)).map { transcript(of: $0, $1) }
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
}
