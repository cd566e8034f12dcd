internal import StapesAudio
internal import StapesCorpus
internal import StapesRecognition

/// The results of the clips of a corpus, in its order.
struct CorpusResults<Output: Sendable>: Sendable {
  /// The clips that could be read: where each stands in the corpus, and its result.
  var outputs: [(index: Int, clip: LabelledClip, output: Output)] = []
  /// The others.
  var failures: [Evaluation.Failure] = []
}

extension ClipWork {
  /// Reads all clips of a corpus, and does something with each.
  ///
  /// - Parameters:
  ///   - corpus: the clips.
  ///   - recognizer: the recogniser, at whose rate they are read.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - recognize: what to do with some clips together, which gives something for each.
  ///   - recognizeLong: what to do with a file that is too long for a clip; nil where it is taken
  ///     for one nevertheless.
  ///   - finish: makes the output for a clip of what was found in it.
  ///   - report: is told of each clip as it is done, one at a time, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before all clips are done.
  static func run<Found, Output: Sendable>(
    on corpus: Corpus, with recognizer: Recognizer, threadCount: Int,
    recognize: @escaping @Sendable ([AudioClip]) -> [Found],
    recognizeLong: LongRecognition<Found>? = nil,
    finish: @escaping @Sendable (LabelledClip, Found) throws(RecognitionError) -> Output,
    report: (LabelledClip) -> Void
  ) async throws(CancellationError) -> CorpusResults<Output> {
    let clips = corpus.clips
    var results = [Result<Output, RecognitionError>?](repeating: nil, count: clips.count)
    await ClipWork(clips.map(Clip.init)).run(
      with: recognizer, threadCount: threadCount, recognize: recognize,
      recognizeLong: recognizeLong,
      finish: { index, found in
        found.flatMap { found in
          Result { () throws(RecognitionError) in try finish(clips[index], found) }
        }
      },
      report: { index, result in
        results[index] = result
        report(clips[index])
      })
    var whole = CorpusResults<Output>()
    for (index, (clip, result)) in zip(clips, results).enumerated() {
      switch result {
      case .success(let output)?: whole.outputs.append((index, clip, output))
      case .failure(.audio(.cancelled))?, nil: throw CancellationError()
      case .failure(let error)?:
        whole.failures.append(Evaluation.Failure(clip: clip, error: error))
      }
    }
    return whole
  }
}

extension ClipWork.Clip {
  /// A labelled clip: the whole of its file, or the part that it names.
  fileprivate init(_ clip: LabelledClip) {
    self.init(
      path: clip.path, audio: clip.audio, offset: clip.offset, duration: clip.duration,
      seconds: clip.duration)
  }
}
