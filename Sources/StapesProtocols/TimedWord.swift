package import Stapes

/// A word with its time in seconds, and how probably it is right.
package struct TimedWord: Encodable, Equatable, Sendable {
  package let word: String
  package let start, end, probability: Double
  /// Its characters with their times; nil where they are not wanted.
  package let characters: [Letter]?

  /// A character with its time in seconds.
  package struct Letter: Encodable, Equatable, Sendable {
    let text: String
    let start, end: Double
  }

  /// Takes a word of a transcript.
  package init(_ word: Transcript.Word, withCharacters: Bool = false) {
    self.word = word.text
    characters =
      withCharacters
      ? word.characters.map {
        Letter(text: $0.text, start: rounded($0.start), end: rounded($0.end))
      } : nil
    (start, end) = (rounded(word.start), rounded(word.end))
    probability = rounded(word.confidence)
  }
}
