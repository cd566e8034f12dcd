public import StapesCorpus

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
  /// The others, likewise.
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
    let clips = corpus.clips
    var results = [Result<TextAlignment, RecognitionError>?](repeating: nil, count: clips.count)
    await ClipWork(clips.map(ClipWork.Clip.init)).run(
      with: recognizer, threadCount: threadCount,
      recognize: { sounds in Array(zip(sounds, recognizer.logProbabilities(of: sounds))) },
      finish: { index, found -> Result<TextAlignment, RecognitionError> in
        found.flatMap { sound, logProbabilities in
          Result { () throws(RecognitionError) in
            try recognizer.align(
              clips[index].text, to: sound, from: logProbabilities, path: clips[index].path)
          }
        }
      },
      report: { index, result in
        results[index] = result
        report(clips[index])
      })
    var (entries, failures) = ([Entry](), [Evaluation.Failure]())
    for (index, (clip, result)) in zip(clips, results).enumerated() {
      switch result {
      case .success(let alignment)?:
        entries.append(Entry(index: index, clip: clip, alignment: alignment))
      case .failure(let error)?: failures.append(Evaluation.Failure(clip: clip, error: error))
      case nil: throw CancellationError()
      }
    }
    (self.entries, self.failures) = (entries, failures)
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
