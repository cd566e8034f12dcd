import Foundation
import NIOCore
import Stapes
import StapesProtocols
import StapesServer
import TestSupport
import Testing

/// Wake words by the Wyoming protocol, with the bundled streaming model and a real clip.
@Suite struct WakeWordTests {
  /// What the clip says, and something that it does not say.
  private static let (said, unsaid) = ("young man", "kitchen light")

  /// The clip as 16 bits, with a second of silence after it.
  private static let sound: [UInt8] = {
    let path = fixturePath("clips/english/austen-0880.wav")
    let samples =
      ((try? AudioClip(contentsOf: path).samples) ?? []) + Array(repeating: 0, count: 16_000)
    return samples.flatMap { sample in
      let bits = UInt16(bitPattern: Int16(max(-32_768, min(32_767, sample * 32_768))))
      return [UInt8(truncatingIfNeeded: bits), UInt8(bits >> 8)]
    }
  }()

  /// What the answers say.
  private struct Answer: Decodable, Equatable {
    struct Program: Decodable, Equatable {
      struct Model: Decodable, Equatable {
        let name: String
        let phrase: String?
        let languages: [String]
      }
      let models: [Model]
    }
    let name: String?
    let timestamp: Int?
    let code: String?
    let asr, wake: [Program]?
  }

  private struct Told: Equatable {
    let type: String
    let data: Answer
  }

  /// The events of answers, read as a client does.
  private func told(_ answers: [WyomingAnswer]) throws -> [Told] {
    try answers.map { answer in
      let text = String(buffer: answer.bytes)
      let line = try #require(text.firstIndex(of: "\n"))
      struct Header: Decodable { let type: String }
      return Told(
        type: try JSONDecoder().decode(Header.self, from: Data(text[..<line].utf8)).type,
        data: try JSONDecoder().decode(Answer.self, from: Data(text[line...].utf8)))
    }
  }

  private func event(_ type: String, _ json: String = "{}", payload: [UInt8] = []) throws
    -> WyomingEvent
  {
    WyomingEvent(
      type: type, data: try JSONDecoder().decode(WyomingData.self, from: Data(json.utf8)),
      payload: ByteBuffer(bytes: payload))
  }

  /// What is answered to a whole detection of the clip, sent in pieces of so many bytes.
  private func answers(
    _ service: SpeechService, names: String, pieceLength: Int
  ) async throws -> [Told] {
    var connection = WyomingConnection(service)
    var all = await connection.answers(to: try event("detect", "{\"names\":\(names)}"))
    all += await connection.answers(
      to: try event("audio-start", "{\"rate\":16000,\"width\":2,\"channels\":1,\"timestamp\":5000}")
    )
    for start in stride(from: 0, to: Self.sound.count, by: pieceLength) {
      let piece = Self.sound[start..<min(start + pieceLength, Self.sound.count)]
      all += await connection.answers(to: try event("audio-chunk", payload: Array(piece)))
    }
    all += await connection.answers(to: try event("audio-stop"))
    return try told(all)
  }

  private func withList(_ body: (SpeechService) async throws -> Void) async throws {
    try await withTemporaryFolder { path in
      var options = ServerOptions()
      options.wakeWords = path + "/words.txt"
      try Data("\(Self.said)\n\(Self.unsaid)\n".utf8).write(to: URL(filePath: path + "/words.txt"))
      try await body(SpeechService(options))
    }
  }

  @Test func phrasesAreDetectedOnceInAnyPieces() async throws {
    try await withList { service in
      for (names, pieceLength) in [("null", 2048), ("[\"\(Self.said)\"]", 999), ("[]", 40_001)] {
        let answers = try await answers(service, names: names, pieceLength: pieceLength)
        #expect(answers.map(\.type) == ["detection"], "\(pieceLength)")
        #expect(answers.first?.data.name == Self.said)
        let timestamp = try #require(answers.first?.data.timestamp)
        let seconds = Double(Self.sound.count / 2) / 16_000 - 1
        #expect((5000 + Int(seconds * 700)...5000 + Int(seconds * 1000)).contains(timestamp))
      }
    }
  }

  @Test func whatIsNotSaidOrNotAskedForIsNotDetected() async throws {
    try await withList { service in
      let answers = try await answers(service, names: "[\"\(Self.unsaid)\"]", pieceLength: 4096)
      #expect(answers.map(\.type) == ["not-detected"])
      var connection = WyomingConnection(service)
      _ = await connection.answers(to: try event("detect", "{\"names\":[\"other\"]}"))
      let refused = try told(await connection.answers(to: try event("audio-start")))
      #expect(refused.map(\.type) == ["error"])
      #expect(refused.first?.data.code == "wake_word_not_found")
      // The connection goes on to transcribe.
      _ = await connection.answers(to: try event("transcribe"))
      _ = await connection.answers(to: try event("audio-start"))
      #expect(
        try told(await connection.answers(to: try event("audio-stop"))).map(\.type) == [
          "transcript"
        ])
    }
  }

  @Test func withoutWakeWordsNoneIsOfferedOrDetected() async throws {
    var connection = WyomingConnection(SpeechService(ServerOptions()))
    let info = try #require(try told(await connection.answers(to: try event("describe"))).first)
    #expect(info.data.wake == [])
    #expect(info.data.asr?.first?.models.map(\.name).first == "english")
    _ = await connection.answers(to: try event("detect"))
    #expect(
      try told(await connection.answers(to: try event("audio-start"))).map(\.type) == ["error"])
  }

  @Test func modelsTrainedToSpotAreWakeWordsAndTranscribeNothing() async throws {
    try await withTemporaryFolder { path in
      var model = try ModelSource.bundled("english-streaming").load()
      model.spotting = SpottingSettings(phrases: [.init(text: Self.said, threshold: 0.3)])
      try model.write(to: path + "/wake.safetensors")
      var options = ServerOptions()
      options.models = [path + "/wake.safetensors"]
      let service = SpeechService(options)
      try await service.models.setSpottersAside()
      #expect(service.models.name(for: nil) == "english")
      #expect(service.models.name(for: nil, isLive: true) == "english-streaming")
      #expect(service.models.name(for: "wake") == nil)
      var connection = WyomingConnection(service)
      let info = try #require(try told(await connection.answers(to: try event("describe"))).first)
      let expected = Answer.Program.Model(name: Self.said, phrase: Self.said, languages: ["en"])
      #expect(info.data.wake?.map(\.models) == [[expected]])
      #expect(info.data.asr?.flatMap(\.models).contains { $0.name == "wake" } == false)
      let answers = try await answers(service, names: "null", pieceLength: 3200)
      #expect(answers.map(\.data.name) == [Self.said])
    }
  }
}
