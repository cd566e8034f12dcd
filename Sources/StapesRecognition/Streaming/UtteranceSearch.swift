internal import StapesCTC
internal import StapesDecoding
internal import StapesKernels
internal import StapesModel

/// The search through an utterance while it is coming, whose end needs no other.
struct UtteranceSearch: Sendable {
  private let recognizer: Recognizer
  /// The separator of words; nil for a model that writes none.
  private let separator: Int?
  /// The beam search; nil where the best class of each output is taken.
  private var beam: BeamSearch?
  private var greedy: GreedySearch

  init(_ recognizer: Recognizer) {
    self.recognizer = recognizer
    separator = recognizer.model.separator
    greedy = GreedySearch(dependents: recognizer.model.dependents)
    begin()
  }

  /// Begins an utterance of which nothing is known.
  mutating func begin() {
    beam = recognizer.decoder(language: recognizer.language)?.begin()
    greedy = GreedySearch(dependents: recognizer.model.dependents)
  }

  /// Goes on by some outputs, natural logs, [outputs × classes].
  mutating func step(_ outputs: Matrix) {
    if beam == nil { greedy.step(outputs) } else { beam?.step(outputs) }
  }

  /// What the outputs so far hold, best first.
  var hypotheses: [Hypothesis] {
    beam?.hypotheses(count: recognizer.options.hypothesisCount) ?? [greedy.hypothesis]
  }

  /// The text of the outputs so far.
  var text: String {
    recognizer.text(of: beam.map { $0.hypotheses(count: 1).first?.labels ?? [] } ?? bestLabels)
  }

  /// The whole words with which every later hypothesis begins, or the characters of a model that
  /// writes no separator; they only grow, and something settled follows them.
  var settledWords: [Int] {
    let labels = settledLabels
    guard let separator else { return recognizer.writesOnlyItsVocabulary ? [] : labels.dropLast() }
    return Array(labels[..<(labels.lastIndex(of: separator) ?? 0)])
  }

  private var settledLabels: [Int] { beam?.settledLabels ?? greedy.hypothesis.labels }

  private var bestLabels: [Int] { beam?.bestLabels ?? greedy.hypothesis.labels }
}

extension UtteranceSearch {
  /// The first words of an utterance that is too long.
  struct Cut {
    /// The labels of the words.
    let hypothesis: Hypothesis
    /// The outputs that are theirs.
    let outputCount: Int
  }

  /// Ends an utterance without a pause: takes off whole words, and leaves the rest to the next one
  /// as it is, so that no output is searched again.
  ///
  /// All settled words are taken. Where these end before the middle of the utterance, the best
  /// hypothesis decides on more, up to the first word that ends behind it.
  ///
  /// - Parameter outputs: those of the utterance, [outputs × classes].
  /// - Returns: nil where no word ends within it.
  mutating func cut(_ outputs: Matrix) -> Cut? {
    let labels = bestLabels
    let alignment = CTC.alignment(logProbabilities: outputs, labels: labels)
    guard let frames = alignment?.labelFrames else { return nil }
    let places = wordEnds(in: labels).map { end in
      (end: end, output: border(after: end, labels, frames, outputCount: outputs.rowCount))
    }
    let settledCount = settledLabels.count
    let middle = outputs.rowCount / 2
    var place = places.last { $0.end < settledCount }
    if (place?.output ?? 0) < middle {
      place = places.first { $0.output >= middle } ?? places.last
    }
    guard let place, place.output > 0 else { return nil }
    beam?.settle(Array(labels[...place.end]))
    return takeFirst(Array(labels[..<place.end]), of: outputs.rows(0..<place.output))
  }

  /// The numbers of labels at which a word is whole and something follows.
  private func wordEnds(in labels: [Int]) -> [Int] {
    guard let separator else {
      return recognizer.writesOnlyItsVocabulary ? [] : Array(labels.indices.dropFirst())
    }
    return labels.indices.dropFirst().filter {
      labels[$0] == separator && labels[$0 - 1] != separator
    }
  }

  /// The output in the middle between a word's last label and the first of the next word.
  private func border(
    after end: Int, _ labels: [Int], _ frames: [Range<Int>], outputCount: Int
  ) -> Int {
    let next = labels[end...].firstIndex { $0 != separator }
    return (frames[end - 1].upperBound + (next.map { frames[$0].lowerBound } ?? outputCount)) / 2
  }

  private mutating func takeFirst(_ labels: [Int], of outputs: Matrix) -> Cut {
    let language = recognizer.language
    let heard =
      language?.labelPriors?.discounted(outputs, weight: language?.weights.labelPriorWeight ?? 0)
      ?? outputs
    let found = -CTC.loss(logits: heard, labels: labels).loss
    let logProbability = found.isFinite ? found : 0
    greedy.removeFirst(beam == nil ? labels.count : 0, logProbability: logProbability)
    let languageScore = beam?.removeFirst(labels.count, logProbability: logProbability) ?? 0
    return Cut(
      hypothesis: Hypothesis(
        labels: labels, logProbability: logProbability, languageScore: languageScore),
      outputCount: outputs.rowCount)
  }
}
