import FoundationEssentials
import NIOCore
import Stapes
import StapesProtocols
import StapesServer
import TestSupport
import Testing

/// The sessions of live protocols, with what the bundled streaming model recognises in a real clip.
@Suite struct SessionTests {
  /// The samples of a clip, as 16 bits at the model's rate.
  static let samples: [Float] = {
    let path = fixturePath("clips/english/austen-0880.wav")
    return (try? AudioClip(contentsOf: path).samples) ?? []
  }()

  static let recognizer = try? Recognizer(
    model: .bundled("english-streaming"), options: RecognitionOptions(wantsWords: true))

  /// The events of the clip in pieces of so many samples, and those of its end.
  private func events(
    pieceLength: Int
  ) throws -> (pieces: [[RecognitionStream.Event]], end: [RecognitionStream.Event]) {
    let recognizer = try #require(Self.recognizer)
    #expect(Self.samples.count > 16_000)
    var stream = try RecognitionStream(recognizer, sampleRate: recognizer.sampleRate)
    var pieces: [[RecognitionStream.Event]] = []
    for start in stride(from: 0, to: Self.samples.count, by: pieceLength) {
      let end = min(start + pieceLength, Self.samples.count)
      pieces.append(try stream.append(Array(Self.samples[start..<end])))
    }
    return (pieces, stream.finish())
  }

  private func object(_ text: String) throws -> Message {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    return try decoder.decode(Message.self, from: Data(text.utf8))
  }

  /// What messages may say, as far as the tests look.
  private struct Message: Decodable {
    struct Word: Decodable { let word: String; let start, end, conf: Double }
    struct Fault: Decodable { let code: String; let eventId: String? }
    let type, partial, text, delta, transcript, itemId, eventId: String?
    let result: [Word]?
    let error: Fault?
  }

  @Test(arguments: [1600, 4000, 12_345])
  func voskAnswersEachFrameOnceAndTellsEveryWord(pieceLength: Int) throws {
    var session = VoskSession()
    let (pieces, end) = try events(pieceLength: pieceLength)
    var texts: [String] = []
    for piece in pieces {
      let answer = try object(session.answer(to: piece))
      #expect((answer.partial == nil) != (answer.text == nil))
      if let text = answer.text { texts.append(text) }
    }
    let last = try object(session.result(of: end.utterances))
    texts.append(try #require(last.text))
    let expected = (pieces.joined() + end).compactMap { event in
      if case .utterance(let utterance) = event { utterance.text } else { nil }
    }
    #expect(!expected.isEmpty)
    #expect(texts.filter { !$0.isEmpty } == expected)
    #expect(last.result?.map(\.word).joined(separator: " ") == expected.last)
    #expect(session.answer(to: []) == "{\"partial\":\"\"}")
  }

  @Test func voskReadsWhatClientsWrite() {
    var session = VoskSession()
    #expect(session.request("{\"eof\" : 1}") == .end)
    #expect(session.request("{\"eof\":1}") == .end)
    #expect(session.request("{\"reset\":1}") == .reset)
    #expect(session.request("{}") == nil)
    #expect(session.request("eof") == nil)
    for words in ["1", "true"] {
      let text =
        "{\"config\":{\"sample_rate\":16000.0,\"words\":\(words),\"max_alternatives\":3,"
        + "\"phrase_list\":[\"yes\",\"[unk]\"],\"other\":{}}}"
      guard case .configure(let configuration)? = session.request(text) else {
        Issue.record("no configuration")
        return
      }
      #expect(configuration.rate == 16_000 && configuration.words == true)
      #expect(configuration.alternatives == 3 && configuration.phrases == ["yes", "[unk]"])
    }
  }

  @Test(arguments: [800, 4800, 16_000])
  func realtimeTellsTheWordsOfAnItemOnceAndInOrder(pieceLength: Int) throws {
    var session = RealtimeSession(model: nil)
    _ = session.created()
    let (pieces, end) = try events(pieceLength: pieceLength)
    var told: [Message] = []
    for piece in pieces { told += try session.messages(for: piece).map(object) }
    told += try session.commit(end).map(object)
    let completed = told.filter { $0.type?.hasSuffix(".completed") == true }
    #expect(!completed.isEmpty)
    for item in completed {
      let own = told.filter { $0.itemId == item.itemId }
      let kinds = own.compactMap { $0.type?.split(separator: ".").last.map(String.init) }
      #expect(kinds.first == "speech_started")
      #expect(kinds.suffix(3) == ["speech_stopped", "committed", "completed"])
      #expect(own.compactMap(\.delta).joined() == item.transcript)
    }
    let numbers = told.compactMap { $0.eventId.flatMap { Int($0.dropFirst(6)) } }
    #expect(numbers == Array((numbers.first ?? 0)..<(numbers.first ?? 0) + told.count))
  }

  @Test func realtimeReadsWhatClientsWrite() throws {
    var session = RealtimeSession(model: "english")
    #expect(
      session.actions(for: "{\"type\":\"input_audio_buffer.append\",\"audio\":\"AAEC\"}")
        == [.append(ByteBuffer(bytes: [0, 1, 2]))])
    #expect(session.actions(for: "{\"type\":\"input_audio_buffer.commit\"}") == [.commit])
    for (text, code) in [
      (
        "{\"type\":\"input_audio_buffer.append\",\"audio\":\"?\",\"event_id\":\"e\"}",
        "invalid_audio"
      ),
      ("[]", "invalid_json"),
      ("{\"type\":\"response.create\",\"event_id\":\"e\"}", "unknown_event"),
    ] {
      guard case .send(let answer)? = session.actions(for: text).first else {
        Issue.record("no answer to \(text)")
        continue
      }
      let error = try object(answer).error
      #expect(error?.code == code)
      if code != "invalid_json" { #expect(error?.eventId == "e") }
    }
    let silence = "\"turn_detection\":{\"type\":\"server_vad\",\"silence_duration_ms\":900}"
    for (input, rate, pause) in [
      ("\"format\":{\"type\":\"audio/pcm\",\"rate\":16000},\(silence)", 16_000, 0.9),
      ("\"format\":{\"type\":\"audio/pcmu\"}", 8000, 0.9), ("\"turn_detection\":null", 8000, nil),
    ] {
      let actions = session.actions(
        for: "{\"type\":\"session.update\",\"session\":{\"audio\":{\"input\":{\(input)}}}}")
      #expect(actions.first == .configure)
      #expect(session.rate == rate)
      #expect(session.pauseSeconds == pause)
    }
    #expect(session.encoding == .muLaw)
    #expect(session.model == "english")
  }

  @Test(arguments: [1000, 7000])
  func eventsOfAnAnswerAddUpToIt(pieceLength: Int) throws {
    var events = TranscriptEvents(hasLogProbabilities: false)
    let (pieces, end) = try self.events(pieceLength: pieceLength)
    var text = ""
    for piece in pieces + [end] { text += events.append(piece) }
    text += events.finish(seconds: 2)
    let lines = text.split(separator: "\n\n").map { $0.dropFirst("data: ".count) }
    #expect(lines.last == "[DONE]")
    let messages = try lines.dropLast().map { try object(String($0)) }
    #expect(messages.last?.type == "transcript.text.done")
    #expect(messages.compactMap(\.delta).joined() == messages.last?.text)
    #expect(messages.last?.text == events.text && !events.text.isEmpty)
  }
}
