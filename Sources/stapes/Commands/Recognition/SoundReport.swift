import ArgumentParser
import Logging
import Stapes

/// Tells what is odd about sound and what failed, and with which status the tool ends for it.
struct SoundReport {
  private let logger: Logger
  private var toldRates: Set<Int> = []
  private(set) var failureCount = 0

  init(logger: Logger) {
    self.logger = logger
  }

  /// Tells warnings, in words that may be made others; that sound of some rate is resampled, once.
  mutating func tell(_ warnings: [AudioWarning], as words: (String) -> String = { $0 }) {
    for warning in warnings {
      if case .resampled(let from, _) = warning, !toldRates.insert(from).inserted { continue }
      logger.warning("\(words("\(warning)"))")
    }
  }

  /// Tells what is odd about a clip, and why there is no text where there is none.
  mutating func tell(_ transcript: Transcript, path: String) {
    tell(transcript.warnings)
    guard let reason = transcript.emptyReason else { return }
    logger.notice("\(path == "-" ? "standard input" : path) gives no text: \(reason)")
  }

  /// Tells a failure.
  mutating func tell(_ error: RecognitionError) {
    failureCount += 1
    logger.error("\(error)")
  }

  /// Tells which clips of a corpus have no sound that can be used, which are failures too.
  mutating func tell(_ corpus: Corpus) {
    for clip in corpus.clipsWithoutSound {
      failureCount += 1
      logger.error("\(clip)")
    }
  }

  /// Ends the tool where something failed.
  ///
  /// - Parameter corpus: what was worked on.
  /// - Throws: `ExitCode` 1 when nothing was done, 2 when some items failed.
  func exit(after corpus: Corpus) throws {
    try exit(itemCount: corpus.clips.count + corpus.clipsWithoutSound.count)
  }

  /// Ends the tool where something failed.
  ///
  /// - Throws: `ExitCode` 1 when nothing was done, 2 when some items failed.
  func exit(itemCount: Int) throws {
    guard failureCount > 0 else { return }
    throw ExitCode(failureCount < itemCount ? 2 : 1)
  }
}
