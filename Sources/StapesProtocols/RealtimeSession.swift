internal import FoundationEssentials
package import NIOCore
package import Stapes
internal import StapesText

/// One connection of OpenAI's realtime protocol for transcription: what its messages ask for, and how
/// what is recognised is told.
///
/// An utterance is an item; its committed words are the deltas.
package struct RealtimeSession {
  /// What a message asks for.
  package enum Action: Equatable {
    /// To send a message.
    case send(String)
    /// To process bytes of sound.
    case append(ByteBuffer)
    /// To begin anew with other settings; what was processed before is finished first.
    case configure
    /// To end the utterance.
    case commit
    /// To drop the sound of the utterance.
    case clear
  }

  /// The name of the model, as asked for.
  package private(set) var model: String?
  /// How the sound is written, and its rate in hertz.
  package private(set) var encoding = PCMDecoder.Encoding.integer(byteCount: 2)
  package private(set) var rate = 24_000
  /// The pause that ends an utterance, in seconds; nil where the client ends it.
  package private(set) var pauseSeconds: Double? = 0.5
  /// Words to favour.
  package private(set) var hotwords: [String] = []

  /// Whether words that may still change are told too, which no other server does.
  private var tellsPartials = false
  private var language: String?
  private var eventCount = 0
  private var itemCount = 1
  private var hasStarted = false
  /// The text of the item.
  private var text = CommittedText()
  private var endedSeconds = 0.0

  /// Begins a connection.
  ///
  /// - Parameter model: the name in the address; nil where there is none.
  package init(model: String?) { self.model = model }

  /// The message that a server sends first.
  package mutating func created() -> String { message(SessionEvent("session.created", session)) }

  /// Reads a message of the client.
  package mutating func actions(for text: String) -> [Action] {
    guard let message = try? JSONDecoder().decode(RealtimeRequest.self, from: Data(text.utf8))
    else {
      return [.send(error("the message is no JSON object with a type", code: "invalid_json"))]
    }
    switch message.type {
    case "session.update", "transcription_session.update":
      message.session.map { apply($0) }
      return [.configure, .send(self.message(SessionEvent("session.updated", session)))]
    case "input_audio_buffer.append":
      guard let bytes = message.audio.flatMap({ Data(base64Encoded: $0) }) else {
        return [
          .send(error("`audio` is not in base64", code: "invalid_audio", event: message.eventID))
        ]
      }
      return [.append(ByteBuffer(bytes: bytes))]
    case "input_audio_buffer.commit": return [.commit]
    case "input_audio_buffer.clear":
      return [.clear, .send(self.message(PlainEvent("input_audio_buffer.cleared")))]
    default:
      let text = "this server transcribes; it has no \"\(message.type)\""
      return [.send(error(text, code: "unknown_event", event: message.eventID))]
    }
  }

  private mutating func apply(_ session: RealtimeRequest.Session) {
    let input = session.audio?.input
    if let include = session.include {
      tellsPartials = include.contains("item.input_audio_transcription.partial")
    }
    if let format = input?.format?.type ?? session.format {
      switch format {
      case "audio/pcmu", "g711_ulaw": (encoding, rate) = (.muLaw, 8000)
      case "audio/pcma", "g711_alaw": (encoding, rate) = (.aLaw, 8000)
      default: (encoding, rate) = (.integer(byteCount: 2), input?.format?.rate ?? 24_000)
      }
    }
    if let transcription = input?.transcription ?? session.transcription {
      model = transcription.model ?? model
      language = transcription.language ?? language
      hotwords = hotwordLines(transcription.prompt ?? "")
    }
    switch input?.turns ?? session.turns {
    case .none: break
    case .some(.none): pauseSeconds = nil
    case .some(.some(let turns)): pauseSeconds = Double(turns.silence ?? 500) / 1000
    }
  }

  /// Tells what was recognised.
  package mutating func messages(for events: [RecognitionStream.Event]) -> [String] {
    events.flatMap { event in
      switch event {
      case .partial(let partial): messages(for: partial)
      case .utterance(let utterance): messages(for: utterance)
      }
    }
  }

  private mutating func messages(for partial: RecognitionStream.Partial) -> [String] {
    guard !partial.text.isEmpty else { return [] }
    return start(at: partial.start) + delta(.partial(partial)) + uncommitted(partial)
  }

  private mutating func uncommitted(_ partial: RecognitionStream.Partial) -> [String] {
    guard tellsPartials else { return [] }
    var event = ItemEvent("conversation.item.input_audio_transcription.partial", item: item)
    event.contentIndex = 0
    event.transcript = String(partial.text.dropFirst(partial.committed.count))
    return [message(event)]
  }

  private mutating func messages(for utterance: RecognitionStream.Utterance) -> [String] {
    var messages = start(at: utterance.start)
    endedSeconds += utterance.end - utterance.start
    messages += delta(.utterance(utterance))
    return pauseSeconds == nil ? messages : messages + complete(at: utterance.end)
  }

  /// Ends the item that the client committed.
  ///
  /// - Parameter events: what the end of the stream brought.
  package mutating func commit(_ events: [RecognitionStream.Event]) -> [String] {
    let messages = messages(for: events)
    // With pauses detected, the utterances were items of their own.
    if pauseSeconds != nil, !events.utterances.isEmpty { return messages }
    return messages + complete(at: nil)
  }

  private mutating func start(at seconds: Double) -> [String] {
    guard !hasStarted else { return [] }
    hasStarted = true
    guard pauseSeconds != nil else { return [] }
    var event = ItemEvent("input_audio_buffer.speech_started", item: item)
    event.audioStart = milliseconds(seconds)
    return [message(event)]
  }

  private mutating func delta(_ recognized: RecognitionStream.Event) -> [String] {
    let growth = text.growth(by: recognized)
    guard !growth.isEmpty else { return [] }
    var event = ItemEvent("conversation.item.input_audio_transcription.delta", item: item)
    (event.contentIndex, event.delta) = (0, growth)
    return [message(event)]
  }

  private mutating func complete(at seconds: Double?) -> [String] {
    var messages: [String] = []
    if let seconds {
      var stopped = ItemEvent("input_audio_buffer.speech_stopped", item: item)
      stopped.audioEnd = milliseconds(seconds)
      messages.append(message(stopped))
    }
    var committed = ItemEvent("input_audio_buffer.committed", item: item)
    committed.previousItem = itemCount > 1 ? "item_\(itemCount - 1)" : nil
    messages.append(message(committed))
    var completed = ItemEvent("conversation.item.input_audio_transcription.completed", item: item)
    (completed.contentIndex, completed.transcript) = (0, text.ended)
    completed.usage = DurationUsage(seconds: endedSeconds)
    messages.append(message(completed))
    dropItem()
    itemCount += 1
    return messages
  }

  /// Forgets what was told of the item.
  package mutating func dropItem() {
    (text, endedSeconds, hasStarted) = (CommittedText(), 0, false)
  }

  /// A message that something went wrong; the connection stays open.
  package mutating func error(_ text: String, code: String, event: String? = nil) -> String {
    message(ErrorEvent(text, code: code, event: event))
  }

  private var item: String { "item_\(itemCount)" }

  private mutating func message(_ content: some Encodable) -> String {
    eventCount += 1
    return canonicalJSON(Numbered(number: eventCount, content: content))
  }

  private var session: SessionEvent.Session {
    let format =
      switch encoding {
      case .muLaw: SessionEvent.Format(type: "audio/pcmu", rate: nil)
      case .aLaw: SessionEvent.Format(type: "audio/pcma", rate: nil)
      case .integer: SessionEvent.Format(type: "audio/pcm", rate: rate)
      }
    return SessionEvent.Session(
      format: format, model: model, language: language,
      silence: pauseSeconds.map { milliseconds($0) })
  }
}

private func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }

/// The words and phrases of a prompt, which commas and line ends divide.
package func hotwordLines(_ prompt: String) -> [String] {
  prompt.split { $0 == "," || $0 == "\n" || $0 == "\r\n" }
    .map { $0.split(separator: " ").joined(separator: " ") }.filter { !$0.isEmpty }
}
