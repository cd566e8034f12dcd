internal import StapesAudio
public import StapesCorpus
internal import StapesFiles
public import StapesRecognition
internal import StapesTranscript

/// Which clips of a pool are worth most once they are labelled.
///
/// The order is that of `LabellingOrder`: a short clip of which the model is uncertain, unlike those
/// that are labelled and those before it. The uncertainty of a text is the mean over its words of one less
/// their calibrated confidence, which is the share of them that is probably wrong.
public struct LabelSelection: Sendable {
  /// A clip to label.
  public struct Entry: Sendable, Equatable {
    /// The clip, or the part of a long recording, without a text.
    public let clip: LabelledClip
    /// The recognised text.
    public let hypothesis: String
    /// The share of its words that is probably wrong, in 0...1.
    public let doubt: Double
  }

  /// How much is chosen.
  public struct Amount: Sendable, Equatable {
    let count: Int
    let seconds: Double

    /// Some clips.
    ///
    /// - Parameters:
    ///   - count: how many at most; nil for 50, or any number where `seconds` are given.
    ///   - seconds: how much sound at most; nil for any.
    public init(count: Int? = nil, seconds: Double? = nil) {
      self.count = count ?? (seconds == nil ? 50 : .max)
      self.seconds = seconds ?? .infinity
    }
  }

  /// The clips to label, the most useful first.
  public private(set) var entries: [Entry] = []
  /// How many clips have a text beside them.
  public let labelledCount: Int
  /// The clips that could not be read.
  public let failures: [Evaluation.Failure]

  /// Recordings longer than this are taken in parts, in seconds.
  public static let longestSeconds = 30.0

  /// Chooses clips.
  ///
  /// - Parameters:
  ///   - pool: the clips. Those with a text beside them, `clip.txt` or `clip.wav.txt`, are labelled.
  ///   - recognizer: the recogniser, with words and their confidences (`RecognitionOptions.wantsWords`).
  ///   - amount: how many.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: is told of each clip as it is done, one at a time, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before all clips are done.
  public init(
    from pool: Corpus, by recognizer: Recognizer, amount: Amount, threadCount: Int,
    report: (LabelledClip) -> Void = { _ in }
  ) async throws(CancellationError) {
    let results = try await ClipWork.run(
      on: pool, with: recognizer, threadCount: threadCount,
      recognize: { clips in
        zip(recognizer.transcribe(clips), clips).map { transcript, clip in
          Impression(
            hypothesis: transcript.text, doubt: transcript.doubt,
            portrait: ClipPortrait(
              of: clip.samples, text: transcript.text, model: recognizer.model))
        }
      },
      finish: { $1 }, report: report)
    let (labelled, open) = results.outputs.partitioned { $0.clip.isLabelled }
    (labelledCount, failures) = (labelled.count, results.failures)
    var order = LabellingOrder(
      of: open.map {
        .init(
          doubt: $0.output.doubt, seconds: $0.clip.duration, portrait: $0.output.portrait)
      },
      besides: labelled.map(\.output.portrait))
    var seconds = 0.0
    while entries.count < amount.count, let index = order.next() {
      let (_, clip, found) = open[index]
      seconds += clip.duration
      guard seconds <= amount.seconds else { break }
      entries.append(Entry(clip: clip, hypothesis: found.hypothesis, doubt: found.doubt))
    }
  }

  private struct Impression: Sendable {
    let hypothesis: String
    let doubt: Double
    let portrait: ClipPortrait
  }
}

extension Array {
  /// The elements that are so, and the others, each in order.
  fileprivate func partitioned(by isSo: (Element) -> Bool) -> (those: [Element], others: [Element])
  {
    reduce(into: (those: [], others: [])) { parts, element in
      if isSo(element) { parts.those.append(element) } else { parts.others.append(element) }
    }
  }
}

extension LabelledClip {
  /// Whether a text lies beside its file.
  fileprivate var isLabelled: Bool {
    [path.withoutPathExtension, path].contains { (FileNode(at: $0 + ".txt")?.size ?? 0) > 0 }
  }
}
