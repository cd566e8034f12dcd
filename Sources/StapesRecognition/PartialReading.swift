internal import StapesDecoding
internal import StapesKernels
internal import StapesModel
internal import StapesText

/// The search through an utterance while it is coming.
struct PartialReading: Sendable {
  private let recognizer: Recognizer
  /// The search of all outputs so far; nil where the best class of each output is taken.
  private var search: BeamSearch?
  /// The outputs so far where there is no search, [outputs × classes].
  private var outputs: Matrix

  init(_ recognizer: Recognizer) {
    self.recognizer = recognizer
    outputs = Matrix(rowCount: 0, columnCount: recognizer.model.alphabet.classCount)
    begin()
  }

  /// Begins an utterance.
  mutating func begin() {
    search = recognizer.decoder(language: recognizer.language)?.begin()
    outputs = outputs.rows(0..<0)
  }

  /// Goes on by some outputs, natural logs, [outputs × classes].
  mutating func step(_ newOutputs: Matrix) {
    if search == nil {
      outputs.appendRows(of: newOutputs)
    } else {
      search?.step(newOutputs)
    }
  }

  /// The words that every later reading begins with, and the best reading so far.
  ///
  /// - Parameter preview: outputs that are not settled: they count only for the best reading.
  func texts(before preview: Matrix) -> (committed: String, text: String) {
    let settled: [Int]
    let best: [Int]
    if var search {
      settled = search.settledLabels
      search.step(preview)
      best = search.hypotheses(count: 1).first?.labels ?? []
    } else {
      var outputs = outputs
      let decoder = GreedyDecoder(dependents: recognizer.model.dependents)
      settled = decoder.decode(outputs).labels
      outputs.appendRows(of: preview)
      best = decoder.decode(outputs).labels
    }
    return (recognizer.text(of: wholeWords(settled)), recognizer.text(of: best))
  }

  /// The labels of whole words: up to the last space, where the model writes spaces.
  private func wholeWords(_ labels: [Int]) -> [Int] {
    guard let space = try? recognizer.model.alphabet.labels(of: " ").first else {
      return recognizer.writesOnlyItsVocabulary ? [] : labels
    }
    return Array(labels[..<(labels.lastIndex(of: space) ?? 0)])
  }
}
