internal import Glibc
internal import StapesDecoding
internal import StapesKernels
internal import StapesModel
internal import StapesText

/// A text that a clip may hold, and the labels that it was read from.
struct Reading: Sendable {
  /// The text, its words separated by single spaces.
  let text: String
  /// The labels and their scores.
  let hypothesis: Hypothesis
  /// How probable it is among the phrases of a list; nil without a list.
  var posterior: Double?
}

extension Recognizer {
  /// A reading as transcripts have it, with its words where they are wanted.
  ///
  /// - Parameters:
  ///   - reading: the reading.
  ///   - logProbabilities: what it was read from, [outputs × classes].
  ///   - seconds: the length of the clip.
  func hypothesis(
    of reading: Reading, in logProbabilities: Matrix, seconds: Double
  ) -> Transcript.Hypothesis {
    let found = reading.hypothesis
    let alignment =
      options.wantsWords
      ? WordAlignment(
        labels: found.labels, logProbabilities: logProbabilities, separator: model.separator)
      : nil
    let words = alignment?.transcribed(
      alphabet: model.alphabet, timing: OutputTiming(model), seconds: seconds)
    return Transcript.Hypothesis(
      text: reading.text, logProbability: found.logProbability, languageScore: found.languageScore,
      posterior: reading.posterior,
      confidence: words.map { $0.reduce(1) { $0 * $1.confidence } } ?? 0, words: words ?? [])
  }
}
