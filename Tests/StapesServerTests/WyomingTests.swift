import NIOCore
import StapesProtocols
import Testing

@Suite struct WyomingTests {
  static let stream = Array(
    ("{\"type\":\"describe\"}\n"
      + "{\"type\":\"transcribe\",\"data\":{\"name\":\"a\",\"language\":\"de\"},\"data_length\":17}\n"
      + "{\"language\":\"en\"}"
      + "{\"type\":\"audio-chunk\",\"data\":{\"rate\":8000},\"payload_length\":3}\n\n{}"
      + "{\"type\":\"audio-stop\",\"version\":\"1.10.2\",\"data_length\":0,\"other\":[1]}\n").utf8)

  static let expected: [WyomingEvent] = {
    var asked = WyomingData()
    (asked.name, asked.language) = ("a", "en")
    var sound = WyomingData()
    sound.rate = 8000
    return [
      WyomingEvent(type: "describe"), WyomingEvent(type: "transcribe", data: asked),
      WyomingEvent(type: "audio-chunk", data: sound, payload: ByteBuffer(string: "\n{}")),
      WyomingEvent(type: "audio-stop"),
    ]
  }()

  private func read(_ pieces: [ArraySlice<UInt8>]) throws -> [WyomingEvent] {
    var parser = WyomingParser()
    var buffer = ByteBuffer()
    var events: [WyomingEvent] = []
    for piece in pieces {
      buffer.writeBytes(piece)
      while let event = try parser.next(from: &buffer) { events.append(event) }
    }
    return events
  }

  @Test func anySplitGivesTheSameEvents() throws {
    for cut in 0...Self.stream.count {
      #expect(try read([Self.stream[..<cut], Self.stream[cut...]]) == Self.expected, "\(cut)")
    }
    #expect(try read(Self.stream.indices.map { Self.stream[$0...$0] }) == Self.expected)
  }

  @Test(
    arguments: [
      ("no JSON\n", WyomingParser.Fault.malformed), ("{}\n", .malformed), ("[]\n", .malformed),
      ("{\"type\":\"a\",\"data_length\":-1}\n", .malformed),
      ("{\"type\":\"a\",\"payload_length\":2000000}\n", .tooLong),
      ("{\"type\":\"a\",\"data_length\":9223372036854775807,\"payload_length\":1}\n", .tooLong),
      ("{\"type\":\"a\",\"data_length\":2}\n[]", .malformed),
      (String(repeating: " ", count: 65_536), .tooLong),
    ])
  func whatIsNoEventIsRefused(text: String, fault: WyomingParser.Fault) {
    #expect(throws: fault) { try read([Array(text.utf8)[...]]) }
  }

  @Test func answersHaveTheirLengthBeforeThem() throws {
    for answer in [
      WyomingAnswer.transcript("ünder\n\"it\"", language: "en"), .error("no", code: "x"),
      .info(
        models: [ServedModel(name: "a", description: "b", language: "en")], version: "1"),
    ] {
      let text = String(buffer: answer.bytes)
      let line = try #require(text.firstIndex(of: "\n"))
      let data = text[text.index(after: line)...].utf8
      #expect(text[..<line].contains("\"data_length\":\(data.count),"))
      // A client's own reader takes it as one event and nothing more.
      var parser = WyomingParser()
      var buffer = answer.bytes
      _ = try #require(try parser.next(from: &buffer))
      #expect(buffer.readableBytes == 0)
    }
  }
}
