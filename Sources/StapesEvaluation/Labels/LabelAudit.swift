internal import StapesAudio
public import StapesCorpus
internal import StapesCTC
internal import StapesKernels
internal import StapesModel
public import StapesRecognition
internal import StapesText

/// Which clips of a corpus have a text that a model cannot believe.
///
/// The doubt about a text is how much less probable the model thinks it than what it recognises,
///
///     (ln P(heard) − ln P(text)) / characters,
///
/// summed over all alignments and divided by the characters of the longer of both, so that long and
/// short clips compare. A text that the model cannot write, or that does not fit the clip, is of
/// infinite doubt.
public struct LabelAudit: Sendable {
  /// A clip and what there is to say about its text.
  public struct Entry: Sendable, Equatable {
    /// The clip.
    public let clip: LabelledClip
    /// Its text as the model writes it.
    public let reference: String
    /// The hypothesis of the model.
    public let heard: String
    /// How much less probable the text is, in nats a character; 0 where it is the hypothesis.
    public let doubt: Double
    /// Whether the text is probably wrong.
    public let isSuspect: Bool
  }

  /// The clips, those of the greatest doubt first.
  public let entries: [Entry]
  /// The clips that could not be read, in the order of the corpus.
  public let failures: [Evaluation.Failure]

  /// Less doubt than this, in nats a character, is never suspect: the model recognises about the
  /// same.
  private static let leastDoubt = 0.5

  /// Listens to the clips.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser, best trained on other clips, since a model may know wrong
  ///     texts by heart.
  ///   - corpus: the clips and their texts.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: is told of each clip as it is done, one at a time, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before all clips are done.
  public init(
    of corpus: Corpus, by recognizer: Recognizer, threadCount: Int,
    report: (LabelledClip) -> Void = { _ in }
  ) async throws(CancellationError) {
    let results = try await ClipWork.run(
      on: corpus, with: recognizer, threadCount: threadCount,
      recognize: { recognizer.logProbabilities(of: $0) },
      finish: { Judgement(of: $0.text, in: $1, by: recognizer) }, report: report)
    let judged = results.outputs
    let limit = Self.limit(of: judged.map(\.output.doubt))
    // Sorting is stable, so equal doubts keep the order of the corpus.
    entries = judged.sorted { $0.output.doubt > $1.output.doubt }.map { _, clip, judgement in
      Entry(
        clip: clip, reference: judgement.reference, heard: judgement.heard,
        doubt: judgement.doubt, isSuspect: judgement.doubt > limit)
    }
    failures = results.failures
  }

  /// The doubt above which a text stands out from the others: a model that mishears much doubts
  /// many right texts a little.
  private static func limit(of doubts: [Double]) -> Double {
    let sorted = doubts.sorted()
    guard let last = sorted.indices.last else { return 0 }
    let (median, upper) = (sorted[last / 2], sorted[last * 3 / 4])
    guard upper.isFinite else { return leastDoubt }
    return max(leastDoubt, upper + 3 * (upper - median))
  }
}

/// What a model thinks of a text.
private struct Judgement: Sendable {
  let reference: String
  let heard: String
  let doubt: Double

  init(of text: String, in logProbabilities: Matrix, by recognizer: Recognizer) {
    let model = recognizer.model
    reference = model.normalized(text)
    heard =
      recognizer.hypotheses(in: logProbabilities, language: recognizer.language)[0].text
    func logProbability(of text: String) -> Double {
      var foreign = ForeignCharacters()
      let fitted = text.isEmpty ? "" : model.alphabet.fitted(text, noting: &foreign)
      guard let fitted, foreign.unwritable.isEmpty,
        let labels = try? model.alphabet.labels(of: fitted)
      else { return -.infinity }
      let loss = CTC.loss(logits: logProbabilities, labels: labels).loss
      return loss.isNaN ? -.infinity : -loss
    }
    let characterCount = Double(max(reference.count, heard.count, 1))
    let (best, own) = (logProbability(of: heard), logProbability(of: reference))
    doubt = own == -.infinity ? .infinity : max(0, (best - own) / characterCount)
  }
}
