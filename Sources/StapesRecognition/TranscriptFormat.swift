internal import StapesModel

/// How transcripts are written down.
public enum TranscriptFormat: String, Codable, Sendable, CaseIterable {
  /// The text on a line of its own; several readings on several lines, best first.
  case txt
  /// An object on one line: `path`, `seconds`, `text`, and `hypotheses`, each with `text` and
  /// `logProbability`, and of a list of phrases `posterior`, best first.
  case json
  /// A line of columns divided by tabs for each reading, under a line that names them: `path`,
  /// `seconds`, `rank` (from 1), `log_probability`, `text`.
  case tsv

  /// The ending of a file in this format, without the dot.
  public var fileExtension: String { rawValue }

  /// The line that stands before the first transcript of a file or stream, with its line end; nil
  /// for none.
  public var header: String? {
    self == .tsv ? "path\tseconds\trank\tlog_probability\ttext\n" : nil
  }

  /// A transcript in this format, with its line ends.
  ///
  /// - Parameters:
  ///   - transcript: the transcript.
  ///   - path: how the clip is called; `txt` does not say it.
  public func string(_ transcript: Transcript, path: String) -> String {
    switch self {
    case .txt: transcript.hypotheses.map { "\($0.text)\n" }.joined()
    case .json: canonicalJSON(Record(transcript, path: path)).escapedAsJSON + "\n"
    case .tsv: Self.table(transcript, path: path)
    }
  }

  /// A file that holds one transcript.
  ///
  /// - Parameters:
  ///   - transcript: the transcript.
  ///   - path: how the clip is called.
  public func file(of transcript: Transcript, path: String) -> String {
    (header ?? "") + string(transcript, path: path)
  }

  private static func table(_ transcript: Transcript, path: String) -> String {
    let start = "\(path.escapedForTable)\t\(rounded(transcript.seconds, to: 1000))"
    return transcript.hypotheses.enumerated().map { index, hypothesis in
      let score = rounded(hypothesis.logProbability, to: 1000)
      return "\(start)\t\(index + 1)\t\(score)\t\(hypothesis.text.escapedForTable)\n"
    }.joined()
  }
}

/// A transcript as its JSON object has it.
private struct Record: Encodable {
  let path: String
  let seconds: Double
  let text: String
  let hypotheses: [Reading]

  struct Reading: Encodable {
    let text: String
    let logProbability: Double
    let posterior: Double?
  }

  init(_ transcript: Transcript, path: String) {
    self.path = path
    seconds = rounded(transcript.seconds, to: 1000)
    text = transcript.text
    hypotheses = transcript.hypotheses.map {
      Reading(
        text: $0.text, logProbability: rounded($0.logProbability, to: 1000),
        posterior: $0.posterior.map { rounded($0, to: 1e6) })
    }
  }
}

/// A number rounded to a fraction, as far as readers care.
private func rounded(_ value: Double, to fraction: Double) -> Double {
  (value * fraction).rounded() / fraction
}
