internal import StapesText

extension TranscriptFormat {
  /// The line that names the columns.
  var tableHeader: String {
    row(["path", "seconds", "rank", "log_probability", "language_score", "confidence", "text"])
  }

  /// A line for each hypothesis.
  func table(_ transcript: Transcript, path: String) -> String {
    transcript.hypotheses.enumerated().map { index, hypothesis in
      let scores = [hypothesis.logProbability, hypothesis.languageScore, hypothesis.confidence]
      let numbers =
        ["\(rounded(transcript.seconds))", "\(index + 1)"] + scores.map { "\(rounded($0))" }
      let text = hypothesis.text
      guard self == .csv else { return row([path] + numbers + [text]) }
      return row(
        [(Self.isFormula(path) ? "./" : "") + path] + numbers
          + [(Self.isFormula(text) ? "'" : "") + text])
    }.joined()
  }

  /// A line of a table: of CSV, or parted by tabs.
  package func row(_ fields: [String]) -> String {
    self == .csv
      ? fields.map(\.escapedForTerminal).map(Self.quoted).joined(separator: ",") + "\r\n"
      : fields.map(\.escapedForTable).joined(separator: "\t") + "\n"
  }

  /// Whether spreadsheets would take a field for a formula and carry it out.
  private static func isFormula(_ field: String) -> Bool {
    field.utf8.first.map("=+-@".utf8.contains) ?? false
  }

  /// A field without control characters as RFC 4180 has it; outer spaces, which some readers take
  /// off, are kept by quotes too.
  private static func quoted(_ field: String) -> String {
    let isPlain =
      !field.utf8.contains { ",\"".utf8.contains($0) } && field.utf8.first != space
      && field.utf8.last != space
    if isPlain { return field }
    // By code points: an accent behind a quotation mark makes another character of it.
    let doubled = field.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
    return "\"\(doubled)\""
  }

  private static var space: UInt8 { UInt8(ascii: " ") }
}

extension TranscriptFormat {
  /// The words of the best hypothesis as a label track.
  static func labelTrack(_ transcript: Transcript) -> String {
    let labels = transcript.tracks.flatMap { channel, words in
      zip(words, Span.inOrder(words)).map { word, span in
        (span: span, text: (channel.map { "[\($0)] " } ?? "") + word.text.escapedForTerminal)
      }
    }
    return labels.sorted { $0.span.start < $1.span.start }.map { span, text in
      "\(secondsText(span.start))\t\(secondsText(span.end))\t\(text)\n"
    }.joined()
  }
}
