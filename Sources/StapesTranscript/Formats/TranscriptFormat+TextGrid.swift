internal import StapesText

extension TranscriptFormat {
  /// The best hypothesis as a text grid of Praat, in the long text form: two tiers of intervals,
  /// for each channel where there are several, that cover the clip without a gap, the empty ones
  /// being silence.
  ///
  /// A tier is at least a millisecond long, since Praat takes none of no length.
  static func textGrid(_ transcript: Transcript) -> String {
    let tiers = transcript.tracks.flatMap { channel, words in
      let characters = words.flatMap(\.characters)
      let suffix = channel.map { " \($0)" } ?? ""
      return [
        (name: "words" + suffix, texts: words.map(\.text), spans: Span.inOrder(words)),
        (
          name: "characters" + suffix, texts: characters.map(\.text),
          spans: Span.inOrder(characters.lazy.map { (start: $0.start, end: $0.end) })
        ),
      ]
    }
    let ends = tiers.compactMap(\.spans.last?.end)
    let end = max(milliseconds(transcript.seconds), ends.max() ?? 0, 1)
    var lines = [
      #"File type = "ooTextFile""#, #"Object class = "TextGrid""#, "", "xmin = 0.000",
      "xmax = \(secondsText(end))", "tiers? <exists>", "size = \(tiers.count)", "item []:",
    ]
    for (index, tier) in tiers.enumerated() {
      let intervals = intervals(tier.texts, tier.spans, end: end)
      lines += [
        "    item [\(index + 1)]:", #"        class = "IntervalTier""#,
        "        name = \(quoted(tier.name))", "        xmin = 0.000",
        "        xmax = \(secondsText(end))", "        intervals: size = \(intervals.count)",
      ]
      for (index, interval) in intervals.enumerated() {
        lines += [
          "        intervals [\(index + 1)]:",
          "            xmin = \(secondsText(interval.span.start))",
          "            xmax = \(secondsText(interval.span.end))",
          "            text = \(quoted(interval.text))",
        ]
      }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// The texts with their times, and empty intervals between them, from 0 to an end.
  private static func intervals(
    _ texts: [String], _ spans: [Span], end: Int
  ) -> [(text: String, span: Span)] {
    var intervals: [(text: String, span: Span)] = []
    var covered = 0
    for (text, span) in zip(texts + [""], spans + [Span(start: end, end: end)]) {
      if covered < span.start {
        intervals.append((text: "", span: Span(start: covered, end: span.start)))
      }
      if span.start < span.end { intervals.append((text: text, span: span)) }
      covered = span.end
    }
    return intervals
  }

  private static func quoted(_ text: String) -> String {
    "\"\(text.escapedForTerminal.replacing("\"", with: "\"\""))\""
  }
}
