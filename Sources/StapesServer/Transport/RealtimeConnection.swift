internal import NIOCore
internal import Stapes
internal import StapesProtocols

/// A WebSocket of OpenAI's realtime protocol.
struct RealtimeConnection: WebSocketSession {
  private let service: SpeechService
  private var session: RealtimeSession
  private var live: LiveRecognizer?

  init(_ service: SpeechService, model: String?) {
    self.service = service
    session = RealtimeSession(model: model)
  }

  mutating func open() async throws -> [String] {
    service.metrics.addStreams(1)
    return [session.created()]
  }

  mutating func answer(to message: WebSocketMessage) async throws -> WebSocketAnswer? {
    guard case .text(let text) = message else { return nil }
    var answer = WebSocketAnswer()
    for action in session.actions(for: text) {
      switch action {
      case .send(let text): answer.messages.append(text)
      case .append(let bytes):
        let recognizer = try await recognizer()
        answer.messages += session.messages(for: try await recognizer.append(bytes))
      case .commit: answer.messages += session.commit(try await live?.finish() ?? [])
      case .clear:
        try await live?.clear()
        session.dropItem()
      case .configure:
        if let live { answer.messages += session.messages(for: try await live.finish()) }
        await forget()
      }
    }
    return answer
  }

  private mutating func recognizer() async throws -> LiveRecognizer {
    if let live { return live }
    var settings = RecognizerSettings()
    settings.hotwords = session.hotwords
    let new = try await service.liveRecognizer(
      model: try service.modelName(session.model, isLive: true), settings, rate: session.rate,
      encoding: session.encoding, pauseSeconds: session.pauseSeconds)
    live = new
    return new
  }

  private mutating func forget() async {
    if let live { service.metrics.addStreamed(soundSeconds: await live.seconds) }
    live = nil
  }

  mutating func failure(_ error: any Error) -> [String] {
    let error = APIError(error)
    return [session.error(error.message, code: error.code ?? "failed")]
  }

  mutating func end() async {
    service.metrics.addStreams(-1)
    await forget()
  }
}
