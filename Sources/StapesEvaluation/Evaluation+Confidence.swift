public import StapesCorpus
public import StapesModel
public import StapesRecognition
public import StapesScoring
internal import StapesText
internal import StapesTranscript

extension Evaluation {
  /// How well the words' confidences are calibrated.
  ///
  /// A word is right where it stands for the same word of the reference, in the alignment that
  /// counts the errors. There are words only with `RecognitionOptions.wantsWords`.
  /// A class counts as one word.
  public var wordReliability: Reliability {
    Reliability(
      of: (confusion == nil ? wordSamples : textSamples).map { ($0.probability, $0.isRight) })
  }

  /// The calibration that suits these clips.
  ///
  /// - Precondition: the recogniser's model had no calibration, so that its confidences are its
  ///   probabilities, and `RecognitionOptions.wantsWords` was set.
  public var calibration: ConfidenceCalibration {
    ConfidenceCalibration(
      words: ConfidenceCurve(fitting: wordSamples), texts: ConfidenceCurve(fitting: textSamples))
  }

  private var wordSamples: [ConfidenceCurve.Sample] {
    pairs.flatMap { pair in
      zip(pair.reading.words, pair.alignment.rightness).map { word, isRight in
        ConfidenceCurve.Sample(
          probability: word.confidence, length: word.characters.count, isRight: isRight)
      }
    }
  }

  private var textSamples: [ConfidenceCurve.Sample] {
    pairs.map { pair in
      ConfidenceCurve.Sample(
        probability: pair.reading.confidence, length: pair.hypothesis.count,
        isRight: pair.hypothesis == pair.reference)
    }
  }
}

extension Evaluation {
  /// Evaluates a model as if it had no calibration, to find the one that suits it.
  ///
  /// - Parameters:
  ///   - model: the model; a calibration that it has does not count.
  ///   - options: how it searches.
  ///   - languageModel: a language model that it is used with; nil for none.
  ///   - corpus: clips with their texts that neither model has learned from.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: is told of each clip as it is done.
  /// - Throws: what `Recognizer.init` throws, and `CancellationError` when the task is cancelled
  ///   before the end.
  public init(
    uncalibrated model: SpeechModel, options: RecognitionOptions,
    languageModel: LanguageModel? = nil,
    on corpus: Corpus, threadCount: Int, report: (LabelledClip) -> Void = { _ in }
  ) async throws {
    var (model, options) = (model, options)
    (model.calibration, model.languageCalibration, options.wantsWords) = (nil, nil, true)
    let recognizer = try Recognizer(
      model: .model(model), options: options, languageModel: languageModel)
    try await self.init(of: recognizer, on: corpus, threadCount: threadCount, report: report)
  }
}

extension SpeechModel {
  /// Takes over the calibration that suits an evaluation of this model without one and, beside a
  /// language model, how well it did.
  ///
  /// - Parameters:
  ///   - evaluation: the evaluation.
  ///   - clips: on which clips it was, in a few words.
  ///   - besideLanguageModel: whether it was with a language model.
  public mutating func calibrate(
    by evaluation: Evaluation, on clips: String, besideLanguageModel: Bool
  ) {
    guard besideLanguageModel else {
      calibration = evaluation.calibration
      return
    }
    languageCalibration = evaluation.calibration
    let figures = [Provenance.Figure](evaluation.rates, on: clips, besideLanguageModel: true)
    provenance.figures.removeAll { old in figures.contains { $0.clips == old.clips } }
    provenance.figures += figures
  }
}
