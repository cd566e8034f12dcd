extension TranscriptFormat {
  /// The best reading as numbered subtitles.
  static func subRip(_ transcript: Transcript) -> String {
    SubtitleLayout(transcript.hypotheses[0].words).cues.enumerated().map { index, cue in
      "\(index + 1)\n\(times(cue.span, point: ","))\n\(cue.lines.joined(separator: "\n"))\n\n"
    }.joined()
  }

  /// The best reading as subtitles for `<track>`; what would be markup is escaped.
  static func webVTT(_ transcript: Transcript) -> String {
    SubtitleLayout(transcript.hypotheses[0].words).cues.map { cue in
      let text = cue.lines.map(\.escapedForMarkup).joined(separator: "\n")
      return "\(times(cue.span, point: "."))\n\(text)\n\n"
    }.joined()
  }

  private static func times(_ span: Span, point: String) -> String {
    "\(clock(span.start, point: point)) --> \(clock(span.end, point: point))"
  }

  /// A time as hours, minutes, seconds and milliseconds, such as "00:01:02.003".
  private static func clock(_ milliseconds: Int, point: String) -> String {
    let seconds = milliseconds / 1000
    let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60]
    return parts.map { padded($0, digitCount: 2) }.joined(separator: ":") + point
      + padded(milliseconds % 1000, digitCount: 3)
  }
}
