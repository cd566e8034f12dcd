public import StapesCorpus
package import StapesDecoding
internal import StapesLanguage
public import StapesModel
internal import StapesRecognition
public import StapesScoring
public import StapesTraining

/// A trial of whether the language model that is used with a model suits clips that it never saw,
/// as before it is trained further on them.
public struct LanguageModelTrial: Sendable {
  /// Whether it makes no more word errors with the language model than without.
  public let helps: Bool
  /// The word errors with the language model, and without any.
  public let wordErrors: (with: Rate, without: Rate)
  private let model: SpeechModel
  private let language: NGramModel

  /// So many clips are tried at most, and none longer than so many seconds.
  private static let (clipCount, longestSeconds) = (60, 30.0)

  /// Tries it on some of the clips, spread over all; it knows the words of the others.
  ///
  /// - Returns: nil for a model without a language model of words, for a training whose texts that
  ///   cannot suit, since it has fewer than half of their words or they are written otherwise, and
  ///   where none of the clips can be read.
  /// - Throws: `RecognitionError`, or `CancellationError` when the task is cancelled before the end.
  public init?(
    of model: SpeechModel, trainedTo options: TrainingOptions, on corpus: Corpus, threadCount: Int
  ) async throws {
    guard options.mayKeepLanguageModel(of: model), case let clips = corpus.clips,
      case .ngrams(let language)? = try model.usualLanguageModel(), language.unit == .word
    else { return nil }
    let words = model.words(of: clips)
    guard words.count(where: { language.index(of: $0) == nil }) <= words.count / 2 else {
      return nil
    }
    let step = max(2, clips.count / Self.clipCount)
    let others = clips.indices.filter { $0 % step != 0 }.map { clips[$0] }
    let tried = stride(from: 0, to: clips.count, by: step).map { clips[$0] }.filter {
      $0.duration <= Self.longestSeconds
    }
    let knowing = model.knowing(others, beside: language)
    var rates: [Rate] = []
    for language in [LanguageModel.ngrams(language), nil] {
      let recognizer = try Recognizer(model: .model(knowing), languageModel: language)
      let evaluation = try await Evaluation(
        of: recognizer, on: Corpus(clips: tried), threadCount: threadCount)
      guard !evaluation.pairs.isEmpty else { return nil }
      rates.append(evaluation.rates.wer)
    }
    (self.model, self.language) = (model, language)
    wordErrors = (rates[0], rates[1])
    helps = wordErrors.with.value <= wordErrors.without.value
  }

  /// The language model as it is used with what is trained on clips, of whose words it knows all, and
  /// the search with it; nil where it does not help.
  ///
  /// - Throws: `RecognitionError`.
  package func language(
    for training: Corpus
  ) throws -> (model: UsualLanguageModel, decoder: BeamDecoder)? {
    guard helps else { return nil }
    let model = model.knowing(training.clips, beside: language)
    let recognizer = try Recognizer(model: .model(model), languageModel: .ngrams(language))
    guard let usual = model.languageModel,
      let decoder = recognizer.decoder(language: recognizer.language)
    else { return nil }
    return (usual, decoder)
  }
}

extension SpeechModel {
  /// The words of the clips' texts, in order.
  fileprivate func words(of clips: [LabelledClip]) -> [String] {
    clips.flatMap { normalized($0.text).split(separator: " ").map(String.init) }
  }

  /// The model with the words of the clips that its usual language model lacks.
  fileprivate func knowing(_ clips: [LabelledClip], beside language: NGramModel) -> SpeechModel {
    var knowing = self
    let lacking = Set(words(of: clips)).filter { language.index(of: $0) == nil }
    knowing.languageModel?.furtherWords = lacking.union(languageModel?.furtherWords ?? []).sorted()
    return knowing
  }
}
