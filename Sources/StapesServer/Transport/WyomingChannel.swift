internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import ServiceLifecycle
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
