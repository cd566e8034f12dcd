internal import Stapes
package import StapesProtocols

/// What one client of the Wyoming protocol asked for, and the sound that it sent.
package struct WyomingConnection {
  /// What is done with the sound.
  private enum Task {
    case transcribe
    /// To spot wake words; of these names, or all where there are none.
    case detect([String])
  }

  private let service: SpeechService
  private var task = Task.transcribe
  private var model: String?
  private var hotwords: [String] = []
  private var decoder = PCMDecoder()
  private var rate = 16_000
  private var samples: [Float] = []
  private var spotters: [LiveSpotter] = []
  private var hasDetected = false
  /// When the sound began by the client's clock, in milliseconds.
  private var beginning: Int?

  /// The longest utterance, in seconds.
  private static let longestUtterance = 600

  /// Begins a connection.
  package init(_ service: SpeechService) { self.service = service }

  /// What is sent for an event.
  package mutating func answers(to event: WyomingEvent) async -> [WyomingAnswer] {
    do {
      return try await answer(event)
    } catch {
      let error = APIError(error)
      return [.error(error.message, code: error.code ?? "failed")]
    }
  }

  private mutating func answer(_ event: WyomingEvent) async throws -> [WyomingAnswer] {
    let data = event.data
    switch (event.type, task) {
    case ("describe", _): return [try await info()]
    case ("ping", _): return [.pong(data.text)]
    case ("transcribe", _):
      task = .transcribe
      model = data.name
      hotwords = (data.names ?? []) + (data.terms ?? [])
    case ("detect", _): task = .detect(data.wakeWords ?? [])
    case ("audio-start", _): try await begin(data)
    case ("audio-chunk", .transcribe): try append(event)
    case ("audio-chunk", .detect): return try await detections(event)
    case ("audio-stop", .transcribe): return [try await transcript()]
    case ("audio-stop", .detect): return try await lastDetections()
    default: break
    }
    return []
  }

  private mutating func begin(_ data: WyomingData) async throws {
    let (rate, width, channels) = (data.rate ?? 16_000, data.width ?? 2, data.channels ?? 1)
    guard AudioOptions.allowedSampleRates.contains(rate), (1...4).contains(width),
      (1...16).contains(channels)
    else { throw APIError(400, "sound of \(rate) Hz, \(width) bytes, \(channels) channels") }
    self.rate = rate
    decoder = PCMDecoder(.integer(byteCount: width), channelCount: channels)
    (samples, spotters, beginning, hasDetected) = ([], [], data.timestamp, false)
    guard case .detect(let names) = task else { return }
    spotters = try await service.liveSpotters(names, rate: rate, decoder: decoder)
  }

  private mutating func append(_ event: WyomingEvent) throws(APIError) {
    if samples.count > Self.longestUtterance * rate {
      samples = []
      throw APIError(413, "an utterance may take \(Self.longestUtterance) seconds")
    }
    samples += decoder.samples(of: event.payload)
  }

  private mutating func transcript() async throws -> WyomingAnswer {
    let name = try service.modelName(model)
    var settings = RecognizerSettings()
    (settings.hotwords, settings.wantsWords) = (hotwords, false)
    let utterance = samples
    samples = []
    let transcript = try await service.transcribe(utterance, rate: rate, model: name, settings)
    let language = try await service.models.description(of: name).language
    return .transcript(transcript.text, language: language)
  }

  private mutating func detections(_ event: WyomingEvent) async throws -> [WyomingAnswer] {
    beginning = beginning ?? event.data.timestamp
    var found: [SpottedPhrase] = []
    for spotter in spotters { found += try await spotter.append(event.payload) }
    return answers(found)
  }

  private mutating func lastDetections() async throws -> [WyomingAnswer] {
    var found: [SpottedPhrase] = []
    for spotter in spotters { found += try await spotter.finish() }
    spotters = []
    let answers = answers(found)
    return hasDetected ? answers : [.notDetected]
  }

  private mutating func answers(_ found: [SpottedPhrase]) -> [WyomingAnswer] {
    hasDetected = hasDetected || !found.isEmpty
    return found.map {
      let milliseconds = Int(($0.end * 1000).rounded())
      return .detection($0.phrase.text, timestamp: (beginning ?? 0) &+ milliseconds)
    }
  }

  private func info() async throws -> WyomingAnswer {
    let models = service.models
    var transcribers: [ServedModel] = []
    for name in models.names { transcribers.append(try await models.description(of: name)) }
    var wakeWords: [ServedModel] = []
    for words in try await service.wakeWords() {
      let model = try await models.description(of: words.model)
      wakeWords += words.phrases.phrases.map {
        ServedModel(name: $0.text, description: model.description, language: model.language)
      }
    }
    return .info(
      models: transcribers, wakeWords: wakeWords, version: Provenance.currentToolVersion)
  }
}
