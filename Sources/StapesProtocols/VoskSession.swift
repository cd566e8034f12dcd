internal import FoundationEssentials
package import Stapes
internal import StapesText

/// One connection of Vosk's WebSocket protocol: what its messages ask for, and how they are answered.
///
/// Each frame of samples is answered by exactly one message, for which the client waits.
package struct VoskSession {
  /// What a message asks for.
  package enum Request: Equatable {
    /// The samples that follow are of this rate, for a model and phrases.
    case configure(Configuration)
    /// The utterance ends here, and the next begins.
    case reset
    /// The stream ends here.
    case end
  }

  /// What a client may set before its first samples.
  package struct Configuration: Decodable, Equatable {
    /// Hertz.
    package var rate: Double?
    /// Whether words come with their times, and how many hypotheses are wanted; 0 for the best alone.
    package var words: Bool?
    package var alternatives: Int?
    /// The only texts that are recognised; none for any.
    package var phrases: [String]?
    /// The name of a model.
    package var model: String?

    enum CodingKeys: String, CodingKey {
      case words, model
      case rate = "sample_rate"
      case alternatives = "max_alternatives"
      case phrases = "phrase_list"
    }

    /// Reads numbers as well as truth values for `words`, as clients send both.
    package init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      rate = try values.decodeIfPresent(Double.self, forKey: .rate)
      alternatives = try values.decodeIfPresent(Int.self, forKey: .alternatives)
      phrases = try values.decodeIfPresent([String].self, forKey: .phrases)
      model = try values.decodeIfPresent(String.self, forKey: .model)
      if let number = try? values.decodeIfPresent(Int.self, forKey: .words) {
        words = number != 0
      } else {
        words = try values.decodeIfPresent(Bool.self, forKey: .words)
      }
    }

    /// What holds where nothing is set.
    package init() {}
  }

  /// What the client has set.
  package private(set) var configuration = Configuration()
  private var partial = ""

  /// The rate of samples where a client sets none, in hertz.
  package static let usualRate = 8000.0

  /// Begins a connection.
  package init() {}

  /// Reads a message of text; nil for one that is none of the protocol's.
  package mutating func request(_ text: String) -> Request? {
    struct Message: Decodable {
      let config: Configuration?
      let eof: Int?
      let reset: Int?
    }
    guard let message = try? JSONDecoder().decode(Message.self, from: Data(text.utf8)) else {
      return nil
    }
    if let config = message.config {
      configuration = config
      return .configure(config)
    }
    if message.eof != nil { return .end }
    return message.reset != nil ? .reset : nil
  }

  /// The answer to a frame of samples.
  package mutating func answer(to events: [RecognitionStream.Event]) -> String {
    let utterances = events.utterances
    for case .partial(let new) in events { partial = new.text }
    guard utterances.isEmpty else { return result(of: utterances) }
    struct Partial: Encodable { let partial: String }
    return canonicalJSON(Partial(partial: partial))
  }

  /// The answer to the end of an utterance or of the stream.
  package mutating func result(of utterances: [RecognitionStream.Utterance]) -> String {
    partial = ""
    let best = utterances.map { $0.hypotheses[0] }
    guard let wanted = configuration.alternatives, wanted > 0 else {
      return canonicalJSON(Result(best, hasWords: configuration.words ?? true))
    }
    // Alternatives of several utterances would be every combination of theirs.
    let all = utterances.count == 1 ? utterances[0].hypotheses.prefix(wanted).map { [$0] } : [best]
    let alternatives = all.map {
      Alternative(Result($0, hasWords: configuration.words ?? false), $0)
    }
    return canonicalJSON(["alternatives": alternatives])
  }

  private struct Result: Encodable {
    struct Word: Encodable { let conf, start, end: Double; let word: String }
    let result: [Word]?
    let text: String

    init(_ hypotheses: [Transcript.Hypothesis], hasWords: Bool) {
      text = hypotheses.map(\.text).filter { !$0.isEmpty }.joined(separator: " ")
      let words = hypotheses.flatMap(\.words).map {
        Word(conf: $0.confidence, start: $0.start, end: $0.end, word: $0.text)
      }
      result = hasWords && !words.isEmpty ? words : nil
    }
  }

  private struct Alternative: Encodable {
    let confidence: Double
    let result: [Result.Word]?
    let text: String

    init(_ result: Result, _ hypotheses: [Transcript.Hypothesis]) {
      confidence = hypotheses.reduce(1) { $0 * $1.confidence }
      (self.result, text) = (result.result, result.text)
    }
  }
}

extension [RecognitionStream.Event] {
  /// The utterances among them.
  package var utterances: [RecognitionStream.Utterance] {
    compactMap { event in
      if case .utterance(let utterance) = event { utterance } else { nil }
    }
  }
}
