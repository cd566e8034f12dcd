internal import StapesText

/// What the fields of a transcription request ask for.
package struct TranscriptionRequest: Equatable {
  /// The form of the answer.
  package enum Format: String, CaseIterable, Sendable {
    case json, text, srt, vtt
    case verboseJSON = "verbose_json"
    case diarizedJSON = "diarized_json"
  }

  /// The name of the model; nil for the usual one.
  package private(set) var model: String?
  /// The language that is expected, as ISO 639-1 has it; nil for any.
  package private(set) var languages: [String] = []
  /// The form of the answer.
  package private(set) var format = Format.json
  /// Whether it has words, or segments, with their times.
  package private(set) var hasWords = false
  package private(set) var hasSegments = false
  /// Whether words have the times of their characters.
  package private(set) var hasCharacters = false
  /// Whether it tells the probability of each word.
  package private(set) var hasLogProbabilities = false
  /// Whether it is told while the sound is recognised.
  package private(set) var streams = false
  /// The pause that ends an utterance, in seconds, of an answer that streams; nil for the usual.
  package private(set) var pauseSeconds: Double?
  /// How it is recognised.
  package private(set) var settings = RecognizerSettings()

  /// Makes a request that asks for nothing special.
  package init() {}

  /// Takes a field.
  ///
  /// Fields that ask for nothing that a recogniser does, such as `temperature`, are passed over.
  ///
  /// - Parameters:
  ///   - name: its name; that of a list ends in `[]`.
  ///   - value: its value.
  /// - Throws: `APIError` for a value that is none.
  package mutating func take(_ name: String, _ value: String) throws(APIError) {
    switch name {
    case "model": model = value
    case "language", "languages[]": if !value.isEmpty { languages.append(value.lowercased()) }
    case "prompt": settings.hotwords += hotwordLines(value)
    case "keywords[]", "keywords": settings.hotwords += hotwordLines(value)
    case "phrases", "phrases[]": settings.phrases += hotwordLines(value)
    case "response_format": format = try choice(name, value)
    case "timestamp_granularities[]", "timestamp_granularities":
      switch value {
      case "word": hasWords = true
      case "segment": hasSegments = true
      default: throw invalid(name, value, allowed: "word or segment")
      }
    case "include[]", "include":
      hasLogProbabilities = hasLogProbabilities || value == "logprobs"
      hasCharacters = hasCharacters || value == "characters"
    case "stream": streams = try truth(name, value)
    case "chunking_strategy[silence_duration_ms]":
      pauseSeconds = Double(try number(name, value, 100...10_000)) / 1000
    case "beam": settings.beam = try number(name, value, 1...10_000)
    case "nbest": settings.hypothesisCount = try number(name, value, 1...100)
    case "lm": settings.usesLanguageModel = try truth(name, value)
    case "channels":
      guard value == "split" || value == "mix" else {
        throw invalid(name, value, allowed: "split or mix")
      }
      settings.splitsChannels = value == "split"
    default: break
    }
  }

  /// Checks what belongs together, when all fields are known.
  ///
  /// - Throws: `APIError`.
  package mutating func finish() throws(APIError) {
    if format == .diarizedJSON { settings.splitsChannels = true }
    if hasWords || hasSegments, format != .verboseJSON {
      throw APIError(
        400, "timestamp_granularities needs response_format verbose_json; set it, or omit them",
        field: "timestamp_granularities[]")
    }
    if !hasWords { hasSegments = true }
    if !settings.phrases.isEmpty, !settings.hotwords.isEmpty {
      throw APIError(
        400, "phrases excludes prompt and keywords; omit one or the other", field: "phrases")
    }
    if settings.splitsChannels { settings.hypothesisCount = 1 }
    settings.wantsWords = hasLogProbabilities || ![.text, .json].contains(format)
  }

  private func choice(_ name: String, _ value: String) throws(APIError) -> Format {
    guard let format = Format(rawValue: value) else {
      let all = Format.allCases.map(\.rawValue).joined(separator: ", ")
      throw invalid(name, value, allowed: "one of \(all)")
    }
    return format
  }

  private func truth(_ name: String, _ value: String) throws(APIError) -> Bool {
    switch value.lowercased() {
    case "true", "1": return true
    case "false", "0": return false
    default: throw invalid(name, value, allowed: "true or false")
    }
  }

  private func number(
    _ name: String, _ value: String, _ range: ClosedRange<Int>
  ) throws(APIError) -> Int {
    guard let number = Int(value), range.contains(number) else {
      throw invalid(name, value, allowed: "\(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private func invalid(_ name: String, _ value: String, allowed: String) -> APIError {
    APIError(
      400, "\(name) is \"\(value.prefix(80))\"; give \(allowed)", field: name,
      code: "invalid_value")
  }
}

/// What a request asks of a recogniser beside its model.
package struct RecognizerSettings: Hashable, Sendable {
  /// The beam width; nil for the usual.
  package var beam: Int?
  /// The number of hypotheses.
  package var hypothesisCount = 1
  /// Whether words have times and confidences.
  package var wantsWords = true
  /// Whether each channel is transcribed by itself.
  package var splitsChannels = false
  /// Whether a language model is used.
  package var usesLanguageModel = true
  /// Words to favour, and the only texts to choose from; none for any.
  package var hotwords: [String] = []
  package var phrases: [String] = []

  /// Makes the usual settings.
  package init() {}
}
