internal import StapesText

/// How transcripts are written down.
///
/// Times count from the start of the clip. In every format control characters of texts and names
/// are escaped, so that none can break a line or reach a terminal. Where channels were transcribed
/// one by one, each format tells them apart: by `[1]` before what is said in the first, by a field,
/// a column or tiers of its own.
public enum TranscriptFormat: String, Codable, Sendable, CaseIterable {
  /// The text on a line of its own; several hypotheses on several lines, best first.
  case txt
  /// All that is known of a clip as an object over several lines: `path`, `seconds`, `text`,
  /// `emptyReason` (only where the text is empty: `short`, `silence`, `noise`, `blank` or
  /// `unlisted`), `confidence`, `words` of the best hypothesis (each with `text`, `start`, `end`,
  /// `confidence` and `characters`, each with `text`, `start` and `end`; and `channel`, from 1,
  /// where channels are told apart) and `hypotheses`, best first (each with `text`,
  /// `logProbability`,
  /// `languageScore`, `confidence` and, of a list of phrases, `posterior`).
  case json
  /// The same object, without `characters`, on one line for each clip.
  case jsonl
  /// A table of the hypotheses under a line that names the columns: `path`, `seconds`, `rank` (from
  /// 1), `log_probability`, `language_score`, `confidence`, `text`; divided by commas, quoted and
  /// ended as RFC 4180 has it. So that no spreadsheet carries it out, a text that begins with `=`,
  /// `+`, `-` or `@` has `'` before it, and such a path `./`; the other tables have them bare.
  case csv
  /// The same table divided by tabs, backslashes doubled.
  case tsv
  /// Subtitles as SubRip has them.
  case srt
  /// Subtitles as WebVTT (W3C) has them.
  case vtt
  /// NIST's time-marked words, a line each: file (its name without folder and ending, as far as
  /// that tells it from the others, and percent escapes for spaces), channel (1, or A, B and so on
  /// where they are told apart), start, duration, word, confidence.
  case ctm
  /// A text grid of Praat in the long text form, with the tiers `words` and `characters`.
  case textgrid
  /// A label track of Audacity: start, end and word divided by tabs.
  case audacity

  /// The ending of a file in this format, without the dot.
  public var fileExtension: String {
    switch self {
    case .textgrid: "TextGrid"
    case .audacity: "labels.txt"
    case .txt, .json, .jsonl, .csv, .tsv, .srt, .vtt, .ctm: rawValue
    }
  }

  /// Whether it has words, times or confidences, which cost an alignment.
  public var needsWords: Bool { self != .txt }

  /// Whether transcripts of several clips may follow each other in one file or stream.
  public var holdsSeveralClips: Bool {
    switch self {
    case .txt, .jsonl, .csv, .tsv, .ctm: true
    case .json, .srt, .vtt, .textgrid, .audacity: false
    }
  }

  /// What stands before the first transcript of a file or stream, with its line end; nil for
  /// nothing.
  public var header: String? {
    switch self {
    case .csv, .tsv: tableHeader
    case .vtt: "WEBVTT\n\n"
    case .txt, .json, .jsonl, .srt, .ctm, .textgrid, .audacity: nil
    }
  }

  /// A transcript in this format, with its line ends.
  ///
  /// - Parameters:
  ///   - transcript: the transcript; with words where `needsWords`.
  ///   - path: how the clip is called, for the formats that say it.
  ///   - name: what CTM calls it, see `clipNames(of:)`; nil for what that gives for it alone.
  public func string(_ transcript: Transcript, path: String, name: String? = nil) -> String {
    switch self {
    case .txt: Self.plainText(transcript)
    case .json: Self.object(transcript, path: path)
    case .jsonl: Self.objectLine(transcript, path: path)
    case .csv, .tsv: table(transcript, path: path)
    case .srt: Self.subRip(transcript)
    case .vtt: Self.webVTT(transcript)
    case .ctm: Self.timeMarkedWords(transcript, name: name ?? Self.clipNames(of: [path])[0])
    case .textgrid: Self.textGrid(transcript)
    case .audacity: Self.labelTrack(transcript)
    }
  }

  /// A line for each hypothesis, or for each turn of a channel.
  private static func plainText(_ transcript: Transcript) -> String {
    let turns = transcript.turns.map(\.text)
    let lines = turns.isEmpty ? transcript.hypotheses.map(\.text) : turns
    return lines.map { "\($0.escapedForTerminal)\n" }.joined()
  }

  /// A file that holds one transcript.
  ///
  /// - Parameters:
  ///   - transcript: the transcript; with words where `needsWords`.
  ///   - path: how the clip is called.
  public func file(of transcript: Transcript, path: String) -> String {
    (header ?? "") + string(transcript, path: path)
  }
}
