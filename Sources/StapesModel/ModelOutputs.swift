public import StapesDecoding
public import StapesScoring
public import StapesText

/// What the classes of a model's network stand for.
public enum ModelOutputs: Sendable, Equatable {
  /// Characters, which come one after the other in a clip (connectionist temporal classification);
  /// class 0 is the blank.
  case characters(Alphabet)
  /// What a whole clip may be, of which it is one: the network gives one output a clip, and class i
  /// is the label at i.
  case classes([String])

  /// The number of the network's classes.
  public var classCount: Int {
    switch self {
    case .characters(let alphabet): alphabet.classCount
    case .classes(let labels): labels.count
    }
  }

  /// The characters; none where clips are told apart.
  public var alphabet: Alphabet {
    switch self {
    case .characters(let alphabet): alphabet
    case .classes: Alphabet(transcripts: [String]())
    }
  }

  /// The labels of what clips are told apart by; nil where characters are written.
  public var labels: [String]? {
    if case .classes(let labels) = self { labels } else { nil }
  }

  /// The classes of a text's characters, or that of the label which the text is; nil for a text that
  /// cannot be written, or is no label.
  public func classes(of text: String) -> [Int]? {
    switch self {
    case .characters(let alphabet): try? alphabet.labels(of: text)
    case .classes(let labels): labels.firstIndex(of: text).map { [$0] }
    }
  }

  /// Compares what was said with what was heard: texts by their words and characters, labels as
  /// right or wrong.
  public func edits(reference: String, hypothesis: String) -> ErrorTally.Utterance {
    switch self {
    case .characters: ErrorTally.Utterance(reference: reference, hypothesis: hypothesis)
    case .classes: ErrorTally.Utterance(isRight: reference == hypothesis)
    }
  }

  /// The labels by which no text and no word begins; nil for none, and where texts are written by
  /// the first rules, which knew none.
  public func dependents(under rules: TextNormalization.Rules) -> DependentLabels? {
    guard rules != .first else { return nil }
    return DependentLabels(alphabet.combiningLabels, separator: classes(of: " ")?.first)
  }
}
