internal import StapesText

extension TranscriptFormat {
  /// The best hypothesis as numbered subtitles.
  static func subRip(_ transcript: Transcript) -> String {
    cues(of: transcript).enumerated().map { index, item in
      let (channel, cue) = item
      let text = (channel.map { "[\($0)] " } ?? "") + cue.lines.joined(separator: "\n")
      return "\(index + 1)\n\(times(cue.span, point: ","))\n\(text)\n\n"
    }.joined()
  }

  /// The best hypothesis as subtitles for `<track>`; what would be markup is escaped, and channels
  /// are voices.
  static func webVTT(_ transcript: Transcript) -> String {
    cues(of: transcript).map { channel, cue in
      let text =
        (channel.map { "<v \($0)>" } ?? "")
        + cue.lines.map(\.escapedForMarkup).joined(separator: "\n")
      return "\(times(cue.span, point: "."))\n\(text)\n\n"
    }.joined()
  }

  /// The subtitles of all channels, in the order in which they begin.
  private static func cues(
    of transcript: Transcript
  ) -> [(channel: Int?, cue: SubtitleLayout.Cue)] {
    let cues = transcript.tracks.flatMap { channel, words in
      SubtitleLayout(words).cues.map { (channel: channel, cue: $0) }
    }
    return cues.sorted { $0.cue.span.start < $1.cue.span.start }
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
