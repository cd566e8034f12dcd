internal import StapesConcurrency
public import StapesCorpus
public import StapesDecoding
internal import StapesKernels
internal import StapesLanguage
internal import StapesModel
public import StapesRecognition
public import StapesScoring
internal import StapesText

/// Which weights of a language model make the fewest errors on clips whose texts are known.
///
/// The network's outputs are computed once; then weights are tried on all clips, those of a coarse
/// grid first. From the best of these on, one weight at a time is moved up or down as long as that
/// helps, in steps that are then halved. Fewer word errors are better, and with as many, fewer
/// character errors.
public struct LanguageTuning: Sendable {
  /// Weights that were tried.
  public struct Trial: Sendable, Equatable {
    /// The weights.
    public let weights: LanguageWeights
    /// The word edits of all clips.
    public let words: EditCounts
    /// The character edits of all clips.
    public let characters: EditCounts

    func isBetter(than other: Trial) -> Bool {
      (words.errors, characters.errors) < (other.words.errors, other.characters.errors)
    }
  }

  /// How far it has come.
  public enum Progress: Sendable {
    /// A clip went through the network.
    case heard(LabelledClip)
    /// Weights were tried.
    case tried(Trial)
  }

  /// The network's label priors on the clips; nil for no clips.
  public let labelPriors: LabelPriors?
  /// All that was tried, in order.
  public let trials: [Trial]
  /// The best.
  public let best: Trial
  /// The clips that could not be read, in the order of the corpus.
  public let failures: [Evaluation.Failure]

  /// Tries out weights.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser, with a language model; its own weights are not used.
  ///   - corpus: the clips and their texts; neither model may have learned from them.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: is told how far it has come.
  /// - Throws: `CancellationError` when the task is cancelled before the end.
  /// - Precondition: the recogniser has a language model.
  public init(
    of recognizer: Recognizer, on corpus: Corpus, threadCount: Int,
    report: (Progress) -> Void = { _ in }
  ) async throws(CancellationError) {
    let results = try await ClipWork.run(
      on: corpus, with: recognizer, threadCount: threadCount,
      recognize: { recognizer.logProbabilities(of: $0) },
      finish: { HeardClip(logProbabilities: $1, reference: recognizer.model.normalized($0.text)) },
      report: { report(.heard($0)) })
    let clips = results.outputs.map(\.output)
    labelPriors = LabelPriors(counts: clips.map { LabelPriors.counts(in: $0.logProbabilities) })
    let search = try await WeightSearch(
      on: clips, by: recognizer, labelPriors: labelPriors, threadCount: threadCount
    ) { report(.tried($0)) }
    (trials, best, failures) = (search.trials, search.best, results.failures)
  }
}

/// The network's outputs for a clip, and its text.
private struct HeardClip: Sendable {
  var logProbabilities: Matrix
  var reference: String
}

/// The search for the best weights.
private struct WeightSearch {
  private let clips: [HeardClip]
  private let recognizer: Recognizer
  private let language: LanguageFusion
  private let threadCount: Int
  private(set) var trials: [LanguageTuning.Trial] = []
  private(set) var best: LanguageTuning.Trial

  /// Searches.
  init(
    on clips: [HeardClip], by recognizer: Recognizer, labelPriors: LabelPriors?, threadCount: Int,
    report: (LanguageTuning.Trial) -> Void
  ) async throws(CancellationError) {
    guard var language = recognizer.language else {
      preconditionFailure("tuning without a language model")
    }
    language.labelPriors = labelPriors
    (self.clips, self.recognizer, self.language) = (clips, recognizer, language)
    self.threadCount = threadCount
    let weights = LanguageWeights()
    best = LanguageTuning.Trial(weights: weights, words: EditCounts(), characters: EditCounts())
    best = try await trial(of: weights)
    trials = [best]
    report(best)
    for languageWeight in [0.4, 0.8, 1.2, 1.6] {
      for wordBonus in [0, 1.5, 3] {
        let weights = LanguageWeights(languageWeight: languageWeight, wordBonus: wordBonus)
        _ = try await isBetter(weights, report: report)
      }
    }
    for scale in [1, 0.5, 0.25] { try await climb(scale: scale, report: report) }
    if language.countsWords, !recognizer.writesOnlyItsVocabulary {
      for penalty in [16.0, 8, 4, 0] {
        var weights = best.weights
        weights.unknownWordPenalty = penalty
        _ = try await isBetter(weights, report: report)
      }
    }
  }

  /// Moves one weight at a time as long as that helps.
  private mutating func climb(
    scale: Double, report: (LanguageTuning.Trial) -> Void
  ) async throws(CancellationError) {
    let axes: [(WritableKeyPath<LanguageWeights, Double>, step: Double)] = [
      (\.languageWeight, 0.2 * scale), (\.labelPriorWeight, 0.2 * scale),
      (\.wordBonus, 0.8 * scale),
    ]
    for (path, step) in axes {
      for signedStep in [step, -step] {
        var (helps, hasMoved) = (true, false)
        while helps {
          var weights = best.weights
          weights[keyPath: path] += signedStep
          helps = try await isBetter(weights, report: report)
          hasMoved = hasMoved || helps
        }
        if hasMoved { break }
      }
    }
  }

  /// Tries weights, unless they were tried before.
  ///
  /// - Returns: whether they are the best so far.
  private mutating func isBetter(
    _ weights: LanguageWeights, report: (LanguageTuning.Trial) -> Void
  ) async throws(CancellationError) -> Bool {
    guard weights.languageWeight >= 0, weights.labelPriorWeight >= 0,
      !trials.contains(where: { $0.weights == weights })
    else {
      return false
    }
    let trial = try await trial(of: weights)
    trials.append(trial)
    report(trial)
    guard trial.isBetter(than: best) else { return false }
    best = trial
    return true
  }

  /// Decodes all clips with some weights.
  private func trial(
    of weights: LanguageWeights
  ) async throws(CancellationError) -> LanguageTuning.Trial {
    let (clips, recognizer) = (clips, recognizer)
    var language = language
    language.weights = weights
    let edits = try? await concurrentResults(
      count: clips.count, threadCount: threadCount, makeTools: {}
    ) { [language] _, index in
      let found = recognizer.hypotheses(in: clips[index].logProbabilities, language: language)
      return ErrorTally.Utterance(
        reference: clips[index].reference, hypothesis: found[0].text)
    }
    // Nothing but the cancellation of the task ends it early.
    guard let edits, !Task.isCancelled else { throw CancellationError() }
    let words = edits.reduce(into: EditCounts()) { $0 += $1.words }
    let characters = edits.reduce(into: EditCounts()) { $0 += $1.characters }
    return LanguageTuning.Trial(weights: weights, words: words, characters: characters)
  }
}
