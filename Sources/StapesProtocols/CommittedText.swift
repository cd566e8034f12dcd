package import Stapes

/// The text of a stream as a client is told it: committed words, to which others are only added.
package struct CommittedText {
  /// The text of the utterances that have ended.
  package private(set) var ended = ""
  private var told = ""

  /// Begins without a word.
  package init() {}

  /// What an event adds to what was told; empty for nothing.
  package mutating func growth(by event: RecognitionStream.Event) -> String {
    var text = ended
    switch event {
    case .partial(let partial): text = Self.joined(ended, partial.committed)
    case .utterance(let utterance):
      ended = Self.joined(ended, utterance.text)
      text = ended
    }
    guard text.count > told.count, text.hasPrefix(told) else { return "" }
    defer { told = text }
    return String(text.dropFirst(told.count))
  }

  /// Two texts with a blank between them; none where one is empty.
  private static func joined(_ first: String, _ second: String) -> String {
    first.isEmpty || second.isEmpty ? first + second : "\(first) \(second)"
  }
}
