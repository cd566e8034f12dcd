package import Stapes

/// A word with its time in seconds, and how probably it is right.
package struct TimedWord: Encodable, Equatable, Sendable {
  package let word: String
  package let start, end, probability: Double

  /// Takes a word of a transcript.
  package init(_ word: Transcript.Word) {
    self.word = word.text
    (start, end) = (rounded(word.start), rounded(word.end))
    probability = rounded(word.confidence)
  }
}
