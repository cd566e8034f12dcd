import ArgumentParser
import Logging
import Stapes
import StapesConsole

extension Logger {
  /// Tells what was found in a corpus, and warns of clips that have several texts.
  func tell(_ corpus: Corpus, as name: String = "") {
    info(lines: name + corpus.description)
    let shown = 20
    for conflict in corpus.conflicts.prefix(shown) { warning("skipped: \(conflict)") }
    let rest = corpus.conflicts.count - shown
    if rest > 0 { warning("skipped: \(counted(rest, "further clip")) with different texts") }
  }
}

extension ProgressLine {
  /// Shows how far work on the clips of a corpus has come, while it is done.
  ///
  /// - Parameters:
  ///   - corpus: the clips.
  ///   - work: what is done with them; it tells of each clip that is done.
  /// - Throws: the exit status of an interruption, where the work was cancelled.
  func following<Result>(
    _ corpus: Corpus,
    _ work: ((LabelledClip) -> Void) async throws -> Result
  ) async throws -> Result {
    var (count, seconds, line) = (0, 0.0, self)
    defer { line.clear() }
    do {
      return try await work { clip in
        count += 1
        seconds += clip.duration
        line.show(count, of: corpus.clips.count, "clips", seconds: (seconds, corpus.seconds))
      }
    } catch is CancellationError {
      throw ExitCode(130)
    }
  }
}
