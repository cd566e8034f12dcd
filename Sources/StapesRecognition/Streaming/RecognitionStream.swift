internal import StapesKernels
internal import StapesModel
internal import StapesStreaming
public import StapesTranscript

/// Turns sound into text while it is coming.
///
///     var stream = try RecognitionStream(recognizer, sampleRate: 16_000)
///     for event in try stream.append(samples) { … }
///     for event in stream.finish() { … }
///
/// However the sound is cut into pieces, the utterances are the same. A model of one direction
/// processes each frame once, and gives the very outputs that it gives for the whole recording. A
/// model that reads in both directions, or whose features are normalised by the clip, processes
/// windows that overlap: later, at the cost of more computation, and with outputs that may differ a
/// little (`hearsWindows`). Sound much fainter than what the model was trained on is amplified, by the
/// level of the sound before it. Memory does not grow with the length of the stream. One task uses it
/// at a time.
public struct RecognitionStream: ~Copyable {
  /// The partial text of an utterance that may go on.
  public struct Partial: Sendable, Equatable {
    /// The words that will not change any more: the text begins with them, and so does the
    /// utterance that it becomes.
    public let committed: String
    /// The text so far.
    public let text: String
    /// The first and the last letter, in seconds from the start of the stream.
    public let start: Double
    /// The end of the last letter, in the same unit.
    public let end: Double
  }

  /// A part of the stream between two pauses.
  public struct Utterance: Sendable, Equatable {
    /// The hypotheses, best first; at least one.
    ///
    /// Their times count from the start of the stream.
    public let hypotheses: [Transcript.Hypothesis]
    /// The first letter, in seconds from the start of the stream.
    public let start: Double
    /// The end of the last letter, in the same unit.
    public let end: Double

    /// The best hypothesis's text.
    public var text: String { hypotheses[0].text }
  }

  /// Something that was recognised.
  public enum Event: Sendable, Equatable {
    /// More of an utterance, or something else than before.
    case partial(Partial)
    /// The end of an utterance, with its text.
    case utterance(Utterance)
  }

  /// The recogniser.
  public let recognizer: Recognizer
  /// Whether overlapping windows are processed, rather than each frame once.
  public var hearsWindows: Bool { !posteriors.isExact }

  private let options: StreamOptions
  /// Nil where samples are as the recogniser needs them.
  private var input: StreamInput?
  private var posteriors: PosteriorStream
  private var reader: UtteranceReader
  private var toldPartial: Partial?
  /// The number of outputs that are settled, and of those that the last partial knew.
  private var (settledCount, heardCount) = (0, 0)
  /// Whether some utterance was taken for noise.
  var hasHeardNoise: Bool { reader.hasHeardNoise }

  /// Begins a stream.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - sampleRate: the rate of the samples, in hertz.
  ///   - options: when an utterance ends, and whether it is told before.
  /// - Throws: `RecognitionError.secondsOutOfRange`, `.noCharacters` for a model that tells clips
  ///   apart, and `.settingOutOfRange` for the sample rate.
  public init(
    _ recognizer: Recognizer, sampleRate: Int, options: StreamOptions = StreamOptions()
  ) throws(RecognitionError) {
    try options.validate()
    try recognizer.model.requireCharacters(for: "live streams")
    let input = try StreamInput(for: recognizer, sampleRate: sampleRate)
    self.init(recognizer, options: options, input: input)
  }

  /// Begins a long recording, at the recogniser's rate, of which only the whole is wanted.
  init(
    _ recognizer: Recognizer, options: StreamOptions = .recording,
    input: consuming StreamInput? = nil
  ) {
    self.recognizer = recognizer
    self.options = options
    self.input = input
    posteriors = PosteriorStream(recognizer, layout: options.windows(for: recognizer.model))
    reader = UtteranceReader(recognizer, options: options)
  }

  /// Processes the next samples.
  ///
  /// - Parameter samples: mono, in -1...1; any number, also none.
  /// - Returns: what they bring, in order.
  /// - Throws: `RecognitionError.nonFiniteSample`, its index counted from the start of the stream;
  ///   the samples are then not processed.
  public mutating func append(_ samples: [Float]) throws(RecognitionError) -> [Event] {
    hear(try input?.append(samples) ?? samples)
  }

  /// Processes samples that are as the recogniser needs them.
  mutating func hear(_ samples: [Float]) -> [Event] {
    reader.append(samples)
    return events(posteriors.append(samples))
  }

  /// Ends the stream, and its last utterance with it.
  ///
  /// - Precondition: it is called once, and nothing is processed afterwards.
  public mutating func finish() -> [Event] {
    let rest = input?.finish() ?? []
    reader.append(rest)
    var outputs = posteriors.append(rest)
    outputs.appendRows(of: posteriors.finish())
    return (reader.append(outputs) + reader.finish()).map { .utterance($0) }
  }

  private mutating func events(_ outputs: Matrix) -> [Event] {
    let ended = reader.append(outputs)
    if !ended.isEmpty { toldPartial = nil }
    let events = ended.map { Event.utterance($0) }
    settledCount += outputs.rowCount
    let heard = settledCount + posteriors.preview.rowCount
    guard options.wantsPartials, !recognizer.choosesPhrases, heard != heardCount,
      let partial = reader.partial(before: posteriors.preview)
    else { return events }
    heardCount = heard
    guard (partial.text, partial.committed) != (toldPartial?.text, toldPartial?.committed) else {
      return events
    }
    toldPartial = partial
    return events + [.partial(partial)]
  }
}
