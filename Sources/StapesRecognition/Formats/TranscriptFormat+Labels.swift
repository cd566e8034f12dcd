extension TranscriptFormat {
  /// The words of the best reading as a label track.
  static func labelTrack(_ transcript: Transcript) -> String {
    let words = transcript.hypotheses[0].words
    return zip(words, Span.inOrder(words)).map { word, span in
      let label = word.text.escapedForTerminal
      return "\(secondsText(span.start))\t\(secondsText(span.end))\t\(label)\n"
    }.joined()
  }
}
