internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOWebSocket
internal import ServiceLifecycle

/// What answers the messages of a WebSocket, one after the other.
protocol WebSocketSession: Sendable {
  /// The messages that are sent first.
  mutating func open() async throws -> [String]
  /// The answer to a message; nil to close the connection for one that is not understood.
  mutating func answer(to message: WebSocketMessage) async throws -> WebSocketAnswer?
  /// Is told that the connection ended.
  mutating func end() async
  /// What is sent where an answer fails; none to close the connection.
  mutating func failure(_ error: any Error) -> [String]
}

/// A message of a client.
enum WebSocketMessage {
  case text(String)
  case binary(ByteBuffer)
}

/// Messages that are sent, and whether the connection then ends.
struct WebSocketAnswer {
  var messages: [String] = []
  var closes = false
}

/// A WebSocket (RFC 6455) that one session serves.
struct WebSocketConnection: Sendable {
  private let channel: UpgradingChannel.Frames
  private let logger: Logger

  init(_ channel: UpgradingChannel.Frames, logger: Logger) {
    (self.channel, self.logger) = (channel, logger)
  }

  /// Serves a session to its end.
  func serve(_ session: any WebSocketSession) async {
    let channel = channel.channel
    await withGracefulShutdownHandler {
      do {
        try await self.channel.executeThenClose { inbound, outbound in
          try await exchange(session, inbound, outbound)
        }
      } catch {
        logger.debug("a WebSocket ended: \(error)")
      }
    } onGracefulShutdown: {
      channel.writeAndFlush(Self.close(.goingAway)).whenComplete { _ in
        channel.close(mode: .input, promise: nil)
      }
    }
  }

  private func exchange(
    _ session: any WebSocketSession, _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
    _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  ) async throws {
    var session = session
    do {
      for text in try await session.open() { try await outbound.write(Self.text(text)) }
      frames: for try await frame in inbound {
        switch frame.opcode {
        case .text, .binary:
          let data = frame.unmaskedData
          let message: WebSocketMessage =
            frame.opcode == .text ? .text(String(buffer: data)) : .binary(data)
          guard try await answer(message, &session, outbound) else { break frames }
        case .ping:
          try await outbound.write(
            WebSocketFrame(fin: true, opcode: .pong, data: frame.unmaskedData))
        case .connectionClose:
          var data = frame.unmaskedData
          let code = data.readSlice(length: 2) ?? ByteBuffer()
          try await outbound.write(WebSocketFrame(fin: true, opcode: .connectionClose, data: code))
          break frames
        default: break
        }
      }
    } catch {
      await session.end()
      throw error
    }
    await session.end()
  }

  /// Answers a message; false where the connection then ends.
  private func answer(
    _ message: WebSocketMessage, _ session: inout any WebSocketSession,
    _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
  ) async throws -> Bool {
    let answer: WebSocketAnswer?
    do {
      answer = try await session.answer(to: message)
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      logger.debug("a message could not be answered: \(error)")
      let messages = session.failure(error)
      for text in messages { try await outbound.write(Self.text(text)) }
      if messages.isEmpty { try await outbound.write(Self.close(.unexpectedServerError)) }
      return !messages.isEmpty
    }
    guard let answer else {
      try await outbound.write(Self.close(.unexpectedServerError))
      return false
    }
    for text in answer.messages { try await outbound.write(Self.text(text)) }
    if answer.closes { try await outbound.write(Self.close(.normalClosure)) }
    return !answer.closes
  }

  private static func text(_ text: String) -> WebSocketFrame {
    WebSocketFrame(fin: true, opcode: .text, data: ByteBuffer(string: text))
  }

  private static func close(_ code: WebSocketErrorCode) -> WebSocketFrame {
    var data = ByteBuffer()
    data.write(webSocketErrorCode: code)
    return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
  }
}
