internal import StapesText

/// What a subtitle is made of: a word, or a character of a word that is too long for a line or for
/// a subtitle, as whole sentences are in writing without spaces.
struct SubtitlePiece {
  /// The text, without control characters.
  let text: String
  /// How many characters it has.
  let length: Int
  /// When it is said.
  let span: Span
  /// Whether a space stands before it.
  let isAfterSpace: Bool

  init(text: String, span: Span, isAfterSpace: Bool) {
    self.text = text
    length = text.count
    self.span = span
    self.isAfterSpace = isAfterSpace
  }

  /// The pieces of words.
  static func pieces(of words: [Transcript.Word]) -> [SubtitlePiece] {
    zip(words, Span.inOrder(words)).flatMap { word, span in
      let text = word.text.escapedForTerminal
      let isShort =
        text.count <= SubtitleLayout.lineLength
        && span.end - span.start <= SubtitleLayout.shown.upperBound
      return isShort
        ? [SubtitlePiece(text: text, span: span, isAfterSpace: true)]
        : characters(of: text, span: span, times: word.characters)
    }
  }

  /// The characters of a word, with their own times where each has one, else with even ones.
  private static func characters(
    of text: String, span: Span, times: [Transcript.TimedCharacter]
  ) -> [SubtitlePiece] {
    let characters = text.map(String.init)
    let own = times.map(\.text) == characters
    return characters.indices.map { index in
      let start: Int
      let end: Int
      if own {
        start = min(max(milliseconds(times[index].start), span.start), span.end)
        end = min(max(milliseconds(times[index].end), start), span.end)
      } else {
        start = span.start + (span.end - span.start) * index / characters.count
        end = span.start + (span.end - span.start) * (index + 1) / characters.count
      }
      return SubtitlePiece(
        text: characters[index], span: Span(start: start, end: end), isAfterSpace: index == 0)
    }
  }
}
