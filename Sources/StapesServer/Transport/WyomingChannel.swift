internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
internal import Stapes
internal import StapesProtocols

/// A connection of the Wyoming protocol.
struct WyomingChannel: ServerChildChannel {
  typealias Value = NIOAsyncChannel<ByteBuffer, ByteBuffer>

  let service: SpeechService

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      try NIOAsyncChannel(wrappingChannelSynchronously: channel)
    }
  }

  func handle(value: Value, logger: Logger) async {
    let channel = value.channel
    await withGracefulShutdownHandler {
      do {
        try await value.executeThenClose { inbound, outbound in
          var parser = WyomingParser()
          var buffer = ByteBuffer()
          var connection = WyomingConnection(service)
          for try await bytes in inbound {
            buffer.discardReadBytes()
            buffer.writeImmutableBuffer(bytes)
            while let event = try parser.next(from: &buffer) {
              for answer in await connection.answers(to: event) {
                try await outbound.write(answer.bytes)
              }
            }
          }
        }
      } catch {
        logger.debug("a Wyoming connection ended: \(error)")
      }
    } onGracefulShutdown: {
      channel.close(mode: .input, promise: nil)
    }
  }
}

/// What one client of the Wyoming protocol asked for, and the sound that it sent.
struct WyomingConnection {
  private let service: SpeechService
  private var model: String?
  private var hotwords: [String] = []
  private var decoder = PCMDecoder()
  private var rate = 16_000
  private var samples: [Float] = []

  /// The longest utterance, in seconds.
  private static let longestUtterance = 600

  init(_ service: SpeechService) { self.service = service }

  /// What is sent for an event.
  mutating func answers(to event: WyomingEvent) async -> [WyomingAnswer] {
    do {
      return try await answer(event).map { [$0] } ?? []
    } catch {
      let error = APIError(error)
      return [.error(error.message, code: error.code ?? "failed")]
    }
  }

  private mutating func answer(_ event: WyomingEvent) async throws -> WyomingAnswer? {
    let data = event.data
    switch event.type {
    case "describe": return try await info()
    case "ping": return .pong(data.text)
    case "transcribe":
      model = data.name
      hotwords = (data.names ?? []) + (data.terms ?? [])
    case "audio-start": try begin(data)
    case "audio-chunk":
      if samples.count > Self.longestUtterance * rate {
        samples = []
        throw APIError(413, "an utterance may take \(Self.longestUtterance) seconds")
      }
      samples += decoder.samples(of: event.payload)
    case "audio-stop": return try await transcript()
    default: break
    }
    return nil
  }

  private mutating func begin(_ data: WyomingData) throws(APIError) {
    let (rate, width, channels) = (data.rate ?? 16_000, data.width ?? 2, data.channels ?? 1)
    guard AudioOptions.allowedSampleRates.contains(rate), (1...4).contains(width),
      (1...16).contains(channels)
    else { throw APIError(400, "sound of \(rate) Hz, \(width) bytes, \(channels) channels") }
    self.rate = rate
    decoder = PCMDecoder(.integer(byteCount: width), channelCount: channels)
    samples = []
  }

  private mutating func transcript() async throws -> WyomingAnswer {
    let name = try service.modelName(model)
    var settings = RecognizerSettings()
    settings.hotwords = hotwords
    let utterance = samples
    samples = []
    let transcript = try await service.transcribe(utterance, rate: rate, model: name, settings)
    let language = try await service.models.description(of: name).language
    return .transcript(transcript.text, language: language)
  }

  private func info() async throws -> WyomingAnswer {
    var models: [ServedModel] = []
    for name in service.models.names {
      models.append(try await service.models.description(of: name))
    }
    return .info(models: models, version: Provenance.currentToolVersion)
  }
}
