package import Stapes
internal import StapesText

/// The events of an answer that streams (server-sent events): words as soon as they are certain, then
/// the whole.
package struct TranscriptEvents {
  private var committed = CommittedText()
  private let hasLogProbabilities: Bool

  /// Begins an answer.
  package init(hasLogProbabilities: Bool) { self.hasLogProbabilities = hasLogProbabilities }

  private struct Delta: Encodable {
    let type = "transcript.text.delta"
    let delta: String
    let logprobs: [TokenProbability]?
  }

  private struct Done: Encodable {
    let type = "transcript.text.done"
    let text: String
    let usage: DurationUsage
  }

  /// The text that has been recognised.
  package var text: String { committed.ended }

  /// What recognised events become.
  package mutating func append(_ events: [RecognitionStream.Event]) -> String {
    events.map { event in
      let delta = committed.growth(by: event)
      guard !delta.isEmpty else { return "" }
      var words: [Transcript.Word] = []
      if case .utterance(let utterance) = event { words = utterance.hypotheses[0].words }
      return Self.event(
        Delta(
          delta: delta, logprobs: hasLogProbabilities ? words.map(TokenProbability.init) : nil))
    }.joined()
  }

  /// The end of the answer.
  package func finish(seconds: Double) -> String {
    Self.event(Done(text: text, usage: DurationUsage(seconds: rounded(seconds))))
      + "data: [DONE]\n\n"
  }

  /// The error that ends an answer that has begun.
  package static func failure(_ error: APIError) -> String { "data: \(error.json)\n\n" }

  private static func event(_ value: some Encodable) -> String {
    "data: \(canonicalJSON(value))\n\n"
  }
}
