internal import StapesText

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
