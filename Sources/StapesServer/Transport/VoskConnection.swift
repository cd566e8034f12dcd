internal import NIOCore
internal import Stapes
internal import StapesProtocols

/// A WebSocket of Vosk's protocol.
struct VoskConnection: WebSocketSession {
  private let service: SpeechService
  private var session = VoskSession()
  private var live: LiveRecognizer?

  init(_ service: SpeechService) { self.service = service }

  mutating func open() async throws -> [String] {
    service.metrics.addStreams(1)
    return []
  }

  mutating func answer(to message: WebSocketMessage) async throws -> WebSocketAnswer? {
    switch message {
    case .binary(let bytes):
      let events = try await recognizer().append(bytes)
      return WebSocketAnswer(messages: [session.answer(to: events)])
    case .text(let text):
      switch session.request(text) {
      case .configure:
        live = nil
        return WebSocketAnswer()
      case .reset: return WebSocketAnswer(messages: [try await result()])
      case .end: return WebSocketAnswer(messages: [try await result()], closes: true)
      case nil: return nil
      }
    }
  }

  private mutating func result() async throws -> String {
    session.result(of: try await live?.finish().utterances ?? [])
  }

  private mutating func recognizer() async throws -> LiveRecognizer {
    if let live { return live }
    let configuration = session.configuration
    var settings = RecognizerSettings()
    // "[unk]" stands for any other word, which a list of phrases allows for by itself.
    settings.phrases = (configuration.phrases ?? []).filter { $0 != "[unk]" }
    settings.hypothesisCount = max(1, min(configuration.alternatives ?? 1, 100))
    let rate = configuration.rate ?? VoskSession.usualRate
    guard rate >= 1000, rate <= 1_000_000 else {
      throw APIError(400, "sample_rate is \(rate); give 1000 to 1000000")
    }
    let new = try await service.liveRecognizer(
      model: try service.modelName(configuration.model, isLive: true), settings, rate: Int(rate))
    live = new
    return new
  }

  mutating func failure(_ error: any Error) -> [String] { [] }

  mutating func end() async {
    service.metrics.addStreams(-1)
    if let live { service.metrics.addStreamed(soundSeconds: await live.seconds) }
  }
}
