import FoundationEssentials
import Stapes
import StapesProtocols
import StapesServer
import Testing

@Suite struct RequestTests {
  private func request(_ fields: [(String, String)]) throws -> TranscriptionRequest {
    var request = TranscriptionRequest()
    for (name, value) in fields { try request.take(name, value) }
    try request.finish()
    return request
  }

  @Test func fieldsBecomeSettings() throws {
    let request = try request([
      ("model", "english"), ("prompt", "Ada Lovelace, Turing\nBabbage"), ("keywords[]", "engine"),
      ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"),
      ("stream", "true"), ("nbest", "3"), ("beam", "50"), ("lm", "false"), ("temperature", "0.2"),
      ("chunking_strategy[type]", "server_vad"),
      ("chunking_strategy[silence_duration_ms]", "700"), ("include[]", "logprobs"),
      ("known_speaker_names[]", "x"),
    ])
    #expect(request.model == "english" && request.format == .verboseJSON && request.streams)
    #expect(request.settings.hotwords == ["Ada Lovelace", "Turing", "Babbage", "engine"])
    #expect(request.settings.hypothesisCount == 3 && request.settings.beam == 50)
    #expect(!request.settings.usesLanguageModel && request.hasLogProbabilities)
    #expect(request.hasWords && !request.hasSegments && request.pauseSeconds == 0.7)
    #expect(try self.request([("response_format", "diarized_json")]).settings.splitsChannels)
  }

  @Test(
    arguments: [
      ("response_format", "xml"), ("stream", "maybe"), ("nbest", "0"), ("beam", "many"),
      ("channels", "left"), ("timestamp_granularities[]", "letter"),
      ("chunking_strategy[silence_duration_ms]", "5"), ("lm", ""),
    ])
  func aValueThatIsNoneIsToldWithItsField(name: String, value: String) {
    do {
      _ = try request([(name, value)])
      Issue.record("it was taken")
    } catch {
      let error = error as? APIError
      #expect(error?.status == 400 && error?.field == name)
      #expect(error?.message.contains(name) == true)
    }
  }

  @Test func wordsAreComputedOnlyWhereTheAnswerHasThem() throws {
    #expect(try !request([]).settings.wantsWords)
    #expect(try !request([("response_format", "text")]).settings.wantsWords)
    for field in [
      ("include[]", "logprobs"), ("response_format", "srt"), ("response_format", "verbose_json"),
    ] { #expect(try request([field]).settings.wantsWords, "\(field)") }
  }

  @Test func lettersHaveTimesWhereTheyAreAskedFor() throws {
    let letters = [("i", 0.5), ("t", 0.75)].map {
      Transcript.TimedCharacter(text: $0.0, start: $0.1, end: $0.1 + 0.25)
    }
    let word = Transcript.Word(
      text: "it", start: 0.5, end: 1, confidence: 1, characters: letters)
    let transcript = Transcript(
      hypotheses: [Transcript.Hypothesis(text: "it", logProbability: 0, words: [word])], seconds: 1)
    let fields = [
      ("response_format", "verbose_json"), ("timestamp_granularities[]", "word"),
    ]
    let spelled = "\"characters\":[{\"end\":0.75,\"start\":0.5,\"text\":\"i\"},"
    for (others, isSpelled) in [([], false), ([("include[]", "characters")], true)] {
      let answer = TranscriptionAnswer(
        transcript, to: try request(fields + others), language: "en")
      #expect(answer.text.contains(spelled) == isSpelled, "\(answer.text)")
      #expect(answer.text.contains("characters") == isSpelled)
    }
  }

  @Test func whatExcludesEachOtherIsRefused() {
    #expect(throws: APIError.self) { try request([("timestamp_granularities[]", "word")]) }
    #expect(throws: APIError.self) { try request([("phrases", "yes"), ("prompt", "no")]) }
  }

  @Test func errorsHaveTheFourKeysThatClientsDemand() throws {
    struct Body: Decodable {
      struct Fault: Decodable {
        let message, type: String
        let param, code: String?
        let keys: [String]

        struct Key: CodingKey {
          let stringValue: String
          var intValue: Int? { nil }
          init(stringValue: String) { self.stringValue = stringValue }
          init?(intValue: Int) { nil }
        }

        init(from decoder: any Decoder) throws {
          let values = try decoder.container(keyedBy: Key.self)
          keys = values.allKeys.map(\.stringValue).sorted()
          message = try values.decode(String.self, forKey: Key(stringValue: "message"))
          type = try values.decode(String.self, forKey: Key(stringValue: "type"))
          param = try values.decode(String?.self, forKey: Key(stringValue: "param"))
          code = try values.decode(String?.self, forKey: Key(stringValue: "code"))
        }
      }
      let error: Fault
    }
    for error in [
      APIError(400, "a \"b\""), .noModel("x", available: ["y"]), APIError(WorkQueue.Refusal.full),
      APIError(MultipartParser.Fault.noBoundary), APIError(CancellationError()),
    ] {
      let body = try JSONDecoder().decode(Body.self, from: Data(error.json.utf8)).error
      #expect(body.keys == ["code", "message", "param", "type"])
      #expect(body.message == error.message && body.param == error.field && body.code == error.code)
      #expect((body.type == "server_error") == (error.status >= 500))
    }
    #expect(APIError(WorkQueue.Refusal.full).retryAfter != nil)
  }

  @Test func onlyOneOfTheKeysOpens() {
    var options = ServerOptions()
    #expect(options.accepts(authorization: nil))
    options.keys = ["secret", "other"]
    for given in ["Bearer secret", "bearer other"] {
      #expect(options.accepts(authorization: given))
    }
    for given in [
      "secret", "Bearer secre", "Bearer secrets", "Bearer ", "Bearer Secret", "Basic other",
    ] {
      #expect(!options.accepts(authorization: given), "\(given)")
    }
    #expect(!options.accepts(authorization: nil))
  }

  @Test func aForeignPageOpensNoWebSocket() {
    var options = ServerOptions()
    #expect(options.accepts(origin: nil, host: "a:1"))
    #expect(options.accepts(origin: "http://a:1", host: "a:1"))
    #expect(!options.accepts(origin: "http://b:1", host: "a:1"))
    #expect(!options.accepts(origin: "http://a:1", host: nil))
    options.allowedOrigin = "http://b:1"
    #expect(options.accepts(origin: "http://b:1", host: "a:1"))
  }

  @Test func countersAreInTheFormOfPrometheus() throws {
    let metrics = ServerMetrics()
    metrics.addRequest("/v1/models", status: 200)
    metrics.addRequest("/v1/models", status: 200)
    metrics.addRequest("a\"\n\\", status: 404)
    metrics.addRecognition(soundSeconds: 3, seconds: 0.3)
    metrics.addRecognition(soundSeconds: 4, seconds: 70)
    let text = metrics.text(queueLength: 5, models: ["english"])
    for line in [
      "stapes_requests_total{endpoint=\"/v1/models\",code=\"200\"} 2",
      "stapes_requests_total{endpoint=\"a\\\"\\n\\\\\",code=\"404\"} 1",
      "stapes_processing_seconds_bucket{le=\"0.25\"} 0",
      "stapes_processing_seconds_bucket{le=\"0.5\"} 1",
      "stapes_processing_seconds_bucket{le=\"+Inf\"} 2", "stapes_processing_seconds_count 2",
      "stapes_audio_seconds_total 7.0", "stapes_queue_length 5",
      "stapes_model_info{model=\"english\"} 1",
    ] { #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)") }
    #expect(text.hasSuffix("\n"))
    for line in text.split(separator: "\n") where !line.hasPrefix("#") {
      let name = line.prefix { $0 != "{" && $0 != " " }
      let base = ["_bucket", "_sum", "_count"].reduce(String(name)) {
        $0.hasSuffix($1) ? String($0.dropLast($1.count)) : $0
      }
      #expect(text.contains("# TYPE \(base) "), "\(line)")
    }
  }
}
