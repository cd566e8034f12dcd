extension TranscriptFormat {
  /// The line that names the columns.
  var tableHeader: String {
    row(["path", "seconds", "rank", "log_probability", "language_score", "confidence", "text"])
  }

  /// A line for each reading.
  func table(_ transcript: Transcript, path: String) -> String {
    transcript.hypotheses.enumerated().map { index, hypothesis in
      let scores = [hypothesis.logProbability, hypothesis.languageScore, hypothesis.confidence]
      return row(
        [path, "\(rounded(transcript.seconds))", "\(index + 1)"]
          + scores.map { "\(rounded($0))" } + [hypothesis.text])
    }.joined()
  }

  private func row(_ fields: [String]) -> String {
    let fields = fields.map(\.escapedForTable)
    guard self == .csv else { return fields.joined(separator: "\t") + "\n" }
    return fields.map(Self.quoted).joined(separator: ",") + "\r\n"
  }

  /// A field without control characters as RFC 4180 has it; outer spaces, which some readers take
  /// off, are kept by quotes too.
  private static func quoted(_ field: String) -> String {
    let isPlain =
      !field.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") }
      && !field.hasPrefix(" ") && !field.hasSuffix(" ")
    return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
  }
}
