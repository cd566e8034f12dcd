public import StapesCorpus
public import StapesRecognition

/// Where the words of labelled clips are said.
public struct CorpusAlignment: Sendable {
  /// A clip and where its text is said in it.
  public struct Entry: Sendable {
    /// Its position among the clips of the corpus.
    public let index: Int
    /// The clip.
    public let clip: LabelledClip
    /// Its text as the one utterance; times count from the start of the clip.
    public let alignment: TextAlignment
  }

  /// The clips that could be aligned, in the order of the corpus.
  public let entries: [Entry]
  /// The others, in the same order.
  public let failures: [Evaluation.Failure]

  /// Aligns each clip with its text.
  ///
  /// - Parameters:
  ///   - corpus: the clips and their texts.
  ///   - recognizer: the recogniser.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: is told of each clip as it is done, one at a time, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before all clips are done.
  public init(
    of corpus: Corpus, by recognizer: Recognizer, threadCount: Int,
    report: (LabelledClip) -> Void = { _ in }
  ) async throws(CancellationError) {
    let results = try await ClipWork.run(
      on: corpus, with: recognizer, threadCount: threadCount,
      recognize: { sounds in Array(zip(sounds, recognizer.logProbabilities(of: sounds))) },
      finish: { clip, found throws(RecognitionError) in
        try recognizer.align(clip.text, to: found.0, from: found.1, path: clip.path)
      }, report: report)
    entries = results.outputs.map { Entry(index: $0, clip: $1, alignment: $2) }
    failures = results.failures
  }

  /// What the model does not write of the texts; nil where it can write all of them.
  public var unwritable: UnwritableTexts? {
    var all = UnwritableTexts(path: nil)
    for texts in entries.compactMap(\.alignment.unwritable) { all.add(texts) }
    return all.isEmpty ? nil : all
  }

  /// All words as a table, as `TextAlignment.wordTable(path:)`; the times count from the start of
  /// the sound file, also where a clip is a part of it.
  public var table: String {
    TextAlignment.wordTableHeader
      + entries.map {
        $0.alignment.wordLines(path: $0.clip.path, offset: $0.clip.offset)
      }.joined()
  }
}
