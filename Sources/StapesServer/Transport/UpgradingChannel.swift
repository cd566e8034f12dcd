internal import FoundationEssentials
internal import HTTPTypes
internal import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTP1
internal import NIOHTTPTypes
internal import NIOHTTPTypesHTTP1
internal import NIOWebSocket
internal import ServiceLifecycle

/// A connection of HTTP whose first request may turn it into a WebSocket.
struct UpgradingChannel: HTTPChannelHandler {
  typealias HTTP = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>
  typealias Frames = NIOAsyncChannel<WebSocketFrame, WebSocketFrame>

  /// What a connection becomes.
  enum Outcome: Sendable {
    case http(HTTP)
    case webSocket(Frames, path: String)
  }

  struct Value: ServerChildChannelValue {
    let channel: any Channel
    let outcome: EventLoopFuture<Outcome>
  }

  let responder: Responder
  let idle: TimeAmount
  /// Whether a request becomes a WebSocket, by its path with query, and its headers.
  let upgrades: @Sendable (String, HTTPHeaders) -> Bool
  /// Makes what answers the messages of a WebSocket, by its path with query.
  let session: @Sendable (String) -> any WebSocketSession

  /// How long a connection has for its first request.
  private static let firstRequestTime = TimeAmount.seconds(10)
  /// How long a line of a header, and all of them, may be, in bytes.
  private static let (longestHeader, longestHeaders) = (16 << 10, 64 << 10)
  /// How long a message may be, in bytes: 15 MiB of sound in base64.
  private static let longestMessage = 21 << 20

  func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    channel.eventLoop.makeCompletedFuture {
      let timer = channel.eventLoop.scheduleTask(in: Self.firstRequestTime) {
        channel.close(promise: nil)
      }
      let outcome = try channel.pipeline.syncOperations.configureUpgradableHTTPServerPipeline(
        configuration: pipeline(logger))
      outcome.whenComplete { _ in timer.cancel() }
      return Value(channel: channel, outcome: outcome)
    }
  }

  private func pipeline(
    _ logger: Logger
  ) -> NIOUpgradableHTTPServerPipelineConfiguration<Outcome> {
    let upgrader = NIOTypedWebSocketServerUpgrader<Outcome>(
      maxFrameSize: Self.longestMessage,
      shouldUpgrade: { [upgrades] channel, head in
        channel.eventLoop.makeSucceededFuture(
          upgrades(head.uri, head.headers) ? head.headers.chosenProtocol : nil)
      },
      upgradePipelineHandler: { channel, head in
        channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(
            NIOWebSocketFrameAggregator(
              minNonFinalFragmentSize: 1, maxAccumulatedFrameCount: 1024,
              maxAccumulatedFrameSize: Self.longestMessage))
          return .webSocket(try Frames(wrappingChannelSynchronously: channel), path: head.uri)
        }
      })
    let upgrade = NIOTypedHTTPServerUpgradeConfiguration<Outcome>(
      upgraders: [upgrader],
      notUpgradingCompletionHandler: { [idle] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
          try pipeline.addHandler(
            HTTPConnectionStateHandler(idleTimeout: .nanoseconds(idle.nanoseconds), logger: logger))
          return .http(
            try HTTP(
              wrappingChannelSynchronously: channel,
              configuration: .init(isOutboundHalfClosureEnabled: true)))
        }
      })
    var configuration = NIOUpgradableHTTPServerPipelineConfiguration(upgradeConfiguration: upgrade)
    configuration.enablePipelining = false
    configuration.enableResponseHeaderValidation = false
    configuration.decoderConfiguration.maxHeaderFieldSize = Self.longestHeader
    configuration.decoderConfiguration.maxHeaderListSize = Self.longestHeaders
    return configuration
  }

  func handle(value: Value, logger: Logger) async {
    switch try? await value.outcome.get() {
    case .http(let channel): await handleHTTP(asyncChannel: channel, logger: logger)
    case .webSocket(let channel, let path):
      await WebSocketConnection(channel, logger: logger).serve(session(path))
    case nil: break
    }
  }
}

extension HTTPHeaders {
  /// The header that chooses the protocol of OpenAI's realtime interface, where a client offers it.
  fileprivate var chosenProtocol: HTTPHeaders {
    let name = "sec-websocket-protocol"
    return self[canonicalForm: name].contains("realtime") ? [name: "realtime"] : [:]
  }

  /// The key as an `Authorization` header has it: of that header, or of a protocol that is offered,
  /// which is all that a page in a browser can set; there it stands as it is, as OpenAI has it, or in
  /// base64url, since a protocol's name has few characters.
  var authorization: String? {
    if let header = first(name: "authorization") { return header }
    for offered in self[canonicalForm: "sec-websocket-protocol"] {
      if let key = offered.rest(after: "openai-insecure-api-key.") { return "Bearer \(key)" }
      guard let packed = offered.rest(after: "stapes-key.") else { continue }
      let base64 = packed.map { $0 == "-" ? "+" : $0 == "_" ? "/" : $0 }
      let padded = String(base64) + String(repeating: "=", count: (4 - base64.count % 4) % 4)
      return Data(base64Encoded: padded).map { "Bearer \(String(decoding: $0, as: UTF8.self))" }
    }
    return nil
  }
}

extension Substring {
  fileprivate func rest(after prefix: String) -> Substring? {
    hasPrefix(prefix) ? dropFirst(prefix.count) : nil
  }
}
