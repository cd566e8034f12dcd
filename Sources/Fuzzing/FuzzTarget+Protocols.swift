import NIOCore
import StapesProtocols

/// The protocols of the server, which must not depend on how a message is cut into pieces.
extension FuzzTarget {
  /// The bytes as they are, and cut where the first of them says.
  private static func divisions(_ bytes: [UInt8]) -> [[ArraySlice<UInt8>]] {
    let cut = Int(bytes.first ?? 0) * bytes.count / 256
    return [[bytes[...]], [bytes[..<cut], bytes[cut...]], bytes.indices.map { bytes[$0...$0] }]
  }

  private static func requireEqual<Result: Equatable>(_ results: [Result]) {
    precondition(results.allSatisfy { $0 == results[0] }, "the pieces change what is read")
  }

  /// A form: the parts that are read, and the fault that ends it.
  static func readForm(_ bytes: [UInt8]) {
    requireEqual(
      divisions(bytes).map { pieces in
        var parser = MultipartParser(boundary: "b")
        var parts: [String] = []
        do {
          for piece in pieces {
            parser.append(ByteBuffer(bytes: piece))
            while let event = try parser.next() {
              switch event {
              case .part(let part): parts.append("\(part)")
              case .data(let data): parts.append(contentsOf: data.readableBytesView.map { "\($0)" })
              case .endOfPart, .end: parts.append("\(event)")
              }
            }
          }
        } catch {
          parts.append("\(error)")
        }
        return parts
      })
  }

  /// A stream of events: those that are read, and the fault that ends it.
  static func readWyoming(_ bytes: [UInt8]) {
    requireEqual(
      divisions(bytes).map { pieces in
        var parser = WyomingParser()
        var buffer = ByteBuffer()
        var events: [WyomingEvent] = []
        do {
          for piece in pieces {
            buffer.writeBytes(piece)
            while let event = try parser.next(from: &buffer) { events.append(event) }
          }
        } catch {
          events.append(WyomingEvent(type: "\(error)"))
        }
        return events
      })
  }

  /// The messages of both WebSockets.
  static func readMessages(_ text: String) {
    var vosk = VoskSession()
    _ = vosk.request(text)
    _ = vosk.answer(to: [])
    var realtime = RealtimeSession(model: nil)
    for line in text.split(separator: "\n") { _ = realtime.actions(for: String(line)) }
    _ = realtime.created()
    _ = realtime.commit([])
  }
}
