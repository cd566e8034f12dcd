internal import StapesFiles
internal import StapesAudio
public import StapesCorpus
internal import StapesKernels
internal import StapesModel
public import StapesRecognition
public import StapesScoring
internal import StapesText
public import StapesTranscript

/// How well a recogniser does on clips whose texts are known.
public struct Evaluation: Sendable {
  /// A clip's text and what was recognised.
  public struct Pair: Sendable, Equatable {
    /// The clip.
    public let clip: LabelledClip
    /// Its text as the model's own normalisation writes it, so that `SEVEN`, `seven` and `7` are
    /// one.
    public let reference: String
    /// The best hypothesis.
    public let reading: Transcript.Hypothesis
    /// How they differ.
    public let edits: ErrorTally.Utterance

    /// The text of that.
    public var hypothesis: String { reading.text }
  }

  /// A clip that could not be read.
  public struct Failure: Sendable, Equatable {
    /// The clip.
    public let clip: LabelledClip
    /// Why.
    public let error: RecognitionError
  }

  /// The clips that could be read, in the order of the corpus.
  public let pairs: [Pair]
  /// The others, in the same order; they do not count in the rates.
  public let failures: [Failure]
  /// The error rates over all pairs, with intervals of 95 %.
  public let rates: ErrorRates
  /// The confusion matrix of a classifier; nil for a model that transcribes.
  public let confusion: ConfusionMatrix?

  /// Transcribes a corpus and compares the transcripts with the texts.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - corpus: the clips and their texts.
  ///   - threadCount: how many tasks share the work, at least 1; more than there are cores do not
  ///     help, and no number changes the result.
  ///   - seed: of the random draws behind the intervals.
  ///   - report: is told of each clip as it is done, one at a time, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before all clips are done.
  public init(
    of recognizer: Recognizer, on corpus: Corpus, threadCount: Int, seed: UInt64 = 1,
    report: (LabelledClip) -> Void = { _ in }
  ) async throws(CancellationError) {
    let (model, outputs) = (recognizer.model, recognizer.model.outputs)
    let results = try await ClipWork.run(
      on: corpus, with: recognizer, threadCount: threadCount,
      recognize: { recognizer.transcribe($0) },
      recognizeLong: { (clip) throws(RecognitionError) in try await recognizer.transcribe(clip) },
      finish: { clip, transcript in
        let (reference, reading) = (model.normalized(clip.text), transcript.hypotheses[0])
        let edits = outputs.edits(reference: reference, hypothesis: reading.text)
        return Pair(clip: clip, reference: reference, reading: reading, edits: edits)
      }, report: report)
    let pairs = results.outputs.map(\.output)
    (self.pairs, failures) = (pairs, results.failures)
    var tally = ErrorTally()
    for pair in pairs { tally.add(pair.edits) }
    var generator = SplitMix64(seed: seed)
    rates = tally.rates(using: &generator)
    confusion = outputs.labels.map { labels in
      ConfusionMatrix(
        of: pairs.map { ConfusionMatrix.Pair(said: $0.reference, heard: $0.hypothesis) },
        classes: labels)
    }
  }
}

extension Evaluation {
  /// Writes the pairs as a table with the columns `path`, `offset`, `reference`, `hypothesis`,
  /// `word_errors`, `character_errors` and `alignment`.
  ///
  /// In the alignment words stand for themselves where they are right, `seven>eleven` for a wrong
  /// one, `-seven` for one left out and `+uh` for one too many.
  ///
  /// - Throws: `RecognitionError.file`; an existing file is then as before.
  public func writeDetails(to path: String) throws(RecognitionError) {
    let header = "path\toffset\treference\thypothesis\tword_errors\tcharacter_errors\talignment\n"
    let table = header + pairs.map(\.tableLine).joined()
    try rethrowing(FileSystem.write(table, to: path), as: RecognitionError.file)
  }

  /// Writes the confusion matrix as a table, a row for each class that was said, and a column for
  /// each recognised one.
  ///
  /// - Throws: `RecognitionError.noClasses` where there is none, and `.file`; an existing file is
  ///   then as before.
  public func writeConfusion(to path: String) throws(RecognitionError) {
    guard let confusion else { throw .noClasses }
    let names = confusion.classes.map(\.escapedForTable)
    let rows = zip(names, confusion.counts).map { name, counts in
      ([name] + counts.map(String.init)).joined(separator: "\t") + "\n"
    }
    let header = (["said"] + names).joined(separator: "\t") + "\n"
    try rethrowing(FileSystem.write(header + rows.joined(), to: path), as: RecognitionError.file)
  }
}

extension Evaluation.Pair {
  /// The words of both texts, each beside the one it stands for.
  public var alignment: EditAlignment<String> {
    EditAlignment(
      reference: reference.split(separator: " ").map(String.init),
      hypothesis: hypothesis.split(separator: " ").map(String.init))
  }

  fileprivate var tableLine: String {
    let words = alignment.pairs.map { pair in
      switch (pair.reference, pair.hypothesis) {
      case (let reference?, let hypothesis?) where reference == hypothesis: reference
      case (let reference?, let hypothesis?): "\(reference)>\(hypothesis)"
      case (let reference?, nil): "-\(reference)"
      case (nil, let hypothesis): "+\(hypothesis ?? "")"
      }
    }
    let fields = [
      clip.path, "\(clip.offset)", reference, hypothesis, "\(edits.words.errors)",
      "\(edits.characters.errors)", words.joined(separator: " "),
    ]
    return fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
  }
}
