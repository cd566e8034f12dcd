internal import Glibc
public import StapesAudio
internal import StapesConcurrency
package import StapesDecoding
internal import StapesFiles
internal import StapesKernels
internal import StapesModel
internal import StapesRecognition
internal import StapesStreaming

/// A phrase that was said.
public struct SpottedPhrase: Sendable, Equatable {
  /// The phrase, as it was given, with its slots.
  public let phrase: SpottingPhrases.Phrase
  /// The first label, in seconds from the start of the stream.
  public let start: Double
  /// The last label, in the same unit.
  public let end: Double
  /// How probable each of its letters is beside the best of any kind: their geometric mean.
  ///
  /// In 0...1, with 1 for what the model reads itself; the exponential of `PhraseSpotter.Score.value`.
  public let score: Double

  /// Makes one.
  public init(phrase: SpottingPhrases.Phrase, start: Double, end: Double, score: Double) {
    (self.phrase, self.start, self.end, self.score) = (phrase, start, end, score)
  }
}

/// Spots phrases in sound while it is coming.
///
/// However the sound is cut into pieces, the events are the same, and memory does not grow with the
/// length of the stream. One task uses it at a time.
public struct SpottingStream: ~Copyable {
  /// Makes sure that each frame is processed once, as live sound needs.
  ///
  /// - Throws: `SpottingError.needsOneDirection` where overlapping windows are processed.
  public func requireExact() throws(SpottingError) {
    guard posteriors.isExact else { throw .needsOneDirection }
  }

  /// How much of the stream the network was given, in seconds: what may be speech.
  public var processedSeconds: Double {
    Double(posteriors.processedCount) / Double(spotter.recognizer.sampleRate)
  }

  private let spotter: Spotter
  private let timing: OutputTiming
  private var input: StreamInput
  private var posteriors: GatedPosteriors
  private var scores: PhraseSpotter
  private var trigger: PhraseTrigger

  /// Begins a stream.
  ///
  /// - Parameters:
  ///   - spotter: what to look for, and how.
  ///   - sampleRate: the rate of the samples, in hertz.
  /// - Throws: `SpottingError.recognition` for the sample rate.
  public init(_ spotter: Spotter, sampleRate: Int) throws(SpottingError) {
    let recognizer = spotter.recognizer
    input = try rethrowing(
      StreamInput(for: recognizer, sampleRate: sampleRate), as: SpottingError.recognition)
    self.spotter = spotter
    timing = OutputTiming(recognizer.model)
    posteriors = GatedPosteriors(recognizer)
    scores = PhraseSpotter(spotter.spelled)
    trigger = PhraseTrigger(
      spotter.spelled, thresholds: spotter.thresholds, refractory: spotter.refractory,
      hold: spotter.hold)
  }

  /// Processes the next samples.
  ///
  /// - Parameter samples: mono, in -1...1; any number, also none.
  /// - Returns: the phrases that were found by now, in order.
  /// - Throws: `SpottingError.recognition` with `.nonFiniteSample`, its index counted from the start
  ///   of the stream; the samples are then not processed.
  public mutating func append(_ samples: [Float]) throws(SpottingError) -> [SpottedPhrase] {
    let ready = try rethrowing(input.append(samples), as: SpottingError.recognition)
    return phrases(in: posteriors.append(ready))
  }

  /// Ends the stream.
  ///
  /// - Returns: the phrases that were found last.
  /// - Precondition: it is called once, and nothing is processed afterwards.
  public mutating func finish() -> [SpottedPhrase] {
    let outputs = finishedOutputs()
    return phrases(in: outputs) + trigger.finish().map { phrase($0) }
  }

  private mutating func finishedOutputs() -> Matrix {
    var outputs = posteriors.append(input.finish())
    outputs.appendRows(of: posteriors.finish())
    return outputs
  }

  private mutating func phrases(in outputs: Matrix) -> [SpottedPhrase] {
    var found: [SpottedPhrase] = []
    for row in 0..<outputs.rowCount {
      let frame = scores.frameCount
      found += trigger.step(scores.step(outputs.row(row)), frame: frame).map { phrase($0) }
    }
    return found
  }

  /// Computes where each phrase may end in a whole stream, whatever the thresholds.
  ///
  /// - Parameter least: scores below this natural log are omitted.
  /// - Returns: for each phrase the frames and their scores.
  package consuming func scores(
    of samples: [Float], least: Double
  ) -> [[(frame: Int, score: PhraseSpotter.Score)]] {
    var found = spotter.spelled.map { _ in [(frame: Int, score: PhraseSpotter.Score)]() }
    var outputs = posteriors.append(input.convert(samples))
    outputs.appendRows(of: finishedOutputs())
    for row in 0..<outputs.rowCount {
      for score in scores.step(outputs.row(row)) where score.value >= least {
        found[score.phrase].append((row, score))
      }
    }
    return found
  }

  private func phrase(_ hit: PhraseTrigger.Hit) -> SpottedPhrase {
    SpottedPhrase(
      phrase: spotter.phrases[hit.phrase], start: max(0, timing.start(of: hit.frames.lowerBound)),
      end: max(0, timing.start(of: hit.frames.upperBound)), score: min(exp(hit.score), 1))
  }
}

extension Spotter {
  /// Spots phrases in a recording of any length.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: how it is read; its sample rate is not used.
  /// - Returns: the phrases, in order, and what is odd about the sound.
  /// - Throws: `SpottingError.recognition`.
  public func phrases(
    inContentsOf path: String, audio: AudioOptions = AudioOptions()
  ) throws(SpottingError) -> (phrases: [SpottedPhrase], warnings: [AudioWarning]) {
    var options = audio
    options.sampleRate = recognizer.sampleRate
    var stream = try SpottingStream(self, sampleRate: recognizer.sampleRate)
    let asError = { (error: AudioError) in SpottingError.recognition(.audio(error)) }
    var sound = try rethrowing(SoundFile(contentsOf: path, options: options), as: asError)
    var found: [SpottedPhrase] = []
    while true {
      let samples: [Float]
      do throws(AudioError) {
        samples = try sound.read(frameCount: 5 * recognizer.sampleRate)
      } catch {
        throw asError(error)
      }
      guard !samples.isEmpty else { break }
      found += try stream.append(samples)
    }
    return (found + stream.finish(), sound.warnings)
  }

  /// Spots phrases in many recordings, several at a time.
  ///
  /// - Parameters:
  ///   - paths: the recordings.
  ///   - audio: how they are read.
  ///   - threadCount: how many are read at a time, at least 1; no number changes the result.
  ///   - report: is told what is in each of them, in order.
  /// - Throws: what `report` throws; `CancellationError`.
  public func search(
    _ paths: [String], audio: AudioOptions, threadCount: Int,
    report: (String, Result<(phrases: [SpottedPhrase], warnings: [AudioWarning]), SpottingError>)
      throws -> Void
  ) async throws {
    for first in stride(from: 0, to: paths.count, by: threadCount) {
      let part = Array(paths[first..<min(first + threadCount, paths.count)])
      let results = try await concurrentResults(
        count: part.count, threadCount: threadCount, makeTools: {}
      ) { _, index in
        Result { () throws(SpottingError) in
          try phrases(inContentsOf: part[index], audio: audio)
        }
      }
      for (path, result) in zip(part, results) { try report(path, result) }
    }
  }
}
