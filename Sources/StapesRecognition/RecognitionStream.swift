internal import StapesAudio
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesText

/// Turns sound into text while it is coming.
///
///     var stream = try RecognitionStream(recognizer, sampleRate: 16_000)
///     for event in try stream.append(samples) { … }
///     for event in stream.finish() { … }
///
/// However the sound is cut into pieces, the utterances are the same. A model of one direction
/// hears each frame once, and gives the very outputs that it gives for the whole recording. A model
/// that reads in both directions, or whose features are normalised by the clip, hears windows that
/// overlap: later, at the cost of more computation, and with outputs that may differ a little
/// (`hearsWindows`). Memory does not grow with the length of the stream. One task uses it at a time.
public struct RecognitionStream: ~Copyable {
  /// What is heard of an utterance that may go on.
  public struct Partial: Sendable, Equatable {
    /// The words that will not change any more; the text begins with them.
    public let committed: String
    /// All that is heard so far.
    public let text: String
    /// The first and the last letter, in seconds from the start of the stream.
    public let start: Double
    /// The end of the last letter, likewise.
    public let end: Double
  }

  /// A part of the stream between two pauses.
  public struct Utterance: Sendable, Equatable {
    /// The readings, best first; at least one.
    ///
    /// Their times count from the start of the stream.
    public let hypotheses: [Transcript.Hypothesis]
    /// The first letter, in seconds from the start of the stream.
    public let start: Double
    /// The end of the last letter, likewise.
    public let end: Double

    /// The best reading's text.
    public var text: String { hypotheses[0].text }
  }

  /// Something that was heard.
  public enum Event: Sendable, Equatable {
    /// More of an utterance, or something else than before.
    case partial(Partial)
    /// The end of an utterance, with its text.
    case utterance(Utterance)
  }

  /// The recogniser.
  public let recognizer: Recognizer
  /// Whether windows that overlap are heard, rather than each frame once.
  public var hearsWindows: Bool { !posteriors.isExact }

  private let options: StreamOptions
  private let timing: OutputTiming
  private var resampler: Resampler?
  private var posteriors: PosteriorStream
  private var cutter: UtteranceCutter
  private var levels: LevelTrack
  private var reading: PartialReading
  private var toldText = ""
  /// The number of outputs that are settled, and of those that the last partial knew.
  private var (settledCount, heardCount) = (0, 0)
  private var sampleCount = 0
  /// The sound of the open utterance.
  private var sound = UtteranceSound()
  /// Whether some utterance was taken for noise.
  private(set) var hasHeardNoise = false

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
    let allowed = AudioOptions.allowedSampleRates
    guard allowed.contains(sampleRate) else {
      throw .settingOutOfRange(name: "sample rate", found: sampleRate, allowed: allowed)
    }
    var resampler: Resampler?
    if sampleRate != recognizer.sampleRate {
      do throws(AudioError) {
        resampler = try Resampler(from: sampleRate, to: recognizer.sampleRate)
      } catch {
        throw .audio(error)
      }
    }
    self.init(recognizer, options: options, resampler: resampler)
  }

  /// Begins a long recording, at the recogniser's rate, of which only the whole is wanted.
  init(_ recognizer: Recognizer) {
    self.init(recognizer, options: .recording, resampler: nil)
  }

  private init(
    _ recognizer: Recognizer, options: StreamOptions, resampler: consuming Resampler?
  ) {
    let model = recognizer.model
    self.recognizer = recognizer
    self.options = options
    timing = OutputTiming(model)
    self.resampler = resampler
    posteriors = PosteriorStream(recognizer, layout: options.windows(for: model))
    cutter = UtteranceCutter(
      options, outputRate: model.outputRate, classCount: model.alphabet.classCount)
    levels = LevelTrack(
      blockLength: model.features.hopLength * model.network.configuration.stride)
    reading = PartialReading(recognizer)
  }

  /// Hears the next samples.
  ///
  /// - Parameter samples: mono, in -1...1; any number, also none.
  /// - Returns: what they bring, in order.
  /// - Throws: `RecognitionError.nonFiniteSample`, its index counted from the start of the stream;
  ///   the samples are then not heard.
  public mutating func append(_ samples: [Float]) throws(RecognitionError) -> [Event] {
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteSample(index: sampleCount + index)
    }
    sampleCount += samples.count
    return hear(samples)
  }

  /// Hears samples that are known to be finite.
  mutating func hear(_ samples: [Float]) -> [Event] {
    let heard = resampler?.append(samples) ?? samples
    remember(heard)
    return events(posteriors.append(heard))
  }

  /// Ends the stream, and its last utterance with it.
  ///
  /// - Precondition: it is called once, and nothing is heard afterwards.
  public mutating func finish() -> [Event] {
    let heard = resampler?.finish() ?? []
    remember(heard)
    var outputs = posteriors.append(heard)
    outputs.appendRows(of: posteriors.finish())
    let events = ended(cutter.append(outputs, levels: levels.take(outputs.rowCount)))
    return events + ended([cutter.finish()])
  }

  private mutating func remember(_ heard: [Float]) {
    levels.append(heard)
    sound.append(heard)
  }

  private mutating func events(_ outputs: Matrix) -> [Event] {
    let pieces = cutter.append(outputs, levels: levels.take(outputs.rowCount))
    var events = ended(pieces)
    guard options.wantsPartials, !recognizer.choosesPhrases else { return events }
    settledCount += outputs.rowCount
    let heard = settledCount + posteriors.preview.rowCount
    guard !pieces.isEmpty || heard != heardCount else { return events }
    heardCount = heard
    if pieces.isEmpty {
      reading.step(outputs)
    } else {
      reading.begin()
      reading.step(cutter.open.logProbabilities)
    }
    if let partial, partial.text != toldText {
      toldText = partial.text
      events.append(.partial(partial))
    }
    return events
  }

  /// What is heard of the open utterance; nil for no letter.
  private var partial: Partial? {
    let preview = posteriors.preview
    var heard = cutter.open
    heard.logProbabilities.appendRows(of: preview)
    guard let spoken = heard.spoken else { return nil }
    let (committed, text) = reading.texts(before: preview)
    return text.isEmpty
      ? nil
      : Partial(
        committed: committed, text: text, start: seconds(spoken.lowerBound),
        end: seconds(spoken.upperBound))
  }

  private mutating func ended(_ pieces: [UtteranceCutter.Piece]) -> [Event] {
    guard !pieces.isEmpty else { return [] }
    toldText = ""
    defer { sound.forget(before: cutter.open.start * levels.blockLength) }
    return pieces.compactMap { piece in
      guard let spoken = piece.spoken else { return nil }
      let outputs = piece.start..<piece.start + piece.logProbabilities.rowCount
      let (hypotheses, reason) = recognizer.judgedHypotheses(
        of: piece.logProbabilities, samples: sound.samples(of: outputs, length: levels.blockLength))
      if reason == .noise { hasHeardNoise = true }
      guard let best = hypotheses.first, !best.text.isEmpty else { return nil }
      return .utterance(
        Utterance(
          hypotheses: hypotheses.map { $0.later(by: Double(piece.start) * timing.step) },
          start: seconds(spoken.lowerBound), end: seconds(spoken.upperBound)))
    }
  }

  /// Where an output begins, in seconds from the start of the stream.
  private func seconds(_ output: Int) -> Double { max(0, timing.start(of: output)) }
}

/// The sound of a stream from some place on.
private struct UtteranceSound {
  private var samples: [Float] = []
  private var start = 0

  mutating func append(_ next: [Float]) { samples += next }

  /// Forgets what comes before a sample, counted from the start of the stream.
  mutating func forget(before sample: Int) {
    let count = min(max(sample - start, 0), samples.count)
    samples.removeFirst(count)
    start += count
  }

  /// The samples of some blocks of a length, counted likewise, as far as they are there.
  func samples(of blocks: Range<Int>, length: Int) -> [Float] {
    let bounds = [blocks.lowerBound, blocks.upperBound].map {
      min(max($0 * length - start, 0), samples.count)
    }
    return Array(samples[bounds[0]..<bounds[1]])
  }
}

/// How loud a stream is, block by block.
private struct LevelTrack {
  let blockLength: Int
  private var sum: Float = 0
  private var count = 0
  private var levels: [Float] = []

  init(blockLength: Int) {
    self.blockLength = blockLength
  }

  mutating func append(_ samples: [Float]) {
    for sample in samples {
      sum += sample * sample
      count += 1
      guard count == blockLength else { continue }
      levels.append(sum / Float(count))
      (sum, count) = (0, 0)
    }
  }

  /// The mean squares of the next blocks, as far as they are known.
  mutating func take(_ count: Int) -> [Float] {
    let taken = Array(levels.prefix(count))
    levels.removeFirst(taken.count)
    return taken
  }
}
