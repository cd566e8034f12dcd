/// A message of a client of the realtime protocol.
struct RealtimeRequest: Decodable {
  struct Session: Decodable {
    struct Audio: Decodable { let input: Input? }

    struct Input: Decodable {
      let format: Format?
      let transcription: Transcription?
      /// nil where nothing is said of turns, and nil within where the client ends them itself.
      let turns: Turns??

      enum CodingKeys: String, CodingKey {
        case format, transcription
        case turns = "turn_detection"
      }

      init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        format = try values.decodeIfPresent(Format.self, forKey: .format)
        transcription = try values.decodeIfPresent(Transcription.self, forKey: .transcription)
        turns = try Turns.decoded(from: values, forKey: .turns)
      }
    }

    struct Format: Decodable { let type: String?; let rate: Int? }
    struct Transcription: Decodable { let model, language, prompt: String? }

    let audio: Audio?
    /// What is to be told besides.
    let include: [String]?
    // The same as older clients write it.
    let format: String?
    let transcription: Transcription?
    let turns: Turns??

    enum CodingKeys: String, CodingKey {
      case audio, include
      case format = "input_audio_format"
      case transcription = "input_audio_transcription"
      case turns = "turn_detection"
    }

    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      audio = try values.decodeIfPresent(Audio.self, forKey: .audio)
      include = try values.decodeIfPresent([String].self, forKey: .include)
      format = try values.decodeIfPresent(String.self, forKey: .format)
      transcription = try values.decodeIfPresent(Transcription.self, forKey: .transcription)
      turns = try Turns.decoded(from: values, forKey: .turns)
    }
  }

  struct Turns: Decodable {
    /// How long a pause ends an utterance, in milliseconds.
    let silence: Int?

    enum CodingKeys: String, CodingKey { case silence = "silence_duration_ms" }

    static func decoded<Key>(
      from values: KeyedDecodingContainer<Key>, forKey key: Key
    ) throws -> Turns?? {
      guard values.contains(key) else { return .none }
      return .some(try values.decodeIfPresent(Turns.self, forKey: key))
    }
  }

  let type: String
  let eventID: String?
  let audio: String?
  let session: Session?

  enum CodingKeys: String, CodingKey {
    case type, audio, session
    case eventID = "event_id"
  }
}

/// A message with its number.
struct Numbered<Content: Encodable>: Encodable {
  let number: Int
  let content: Content

  enum CodingKeys: String, CodingKey { case id = "event_id" }

  func encode(to encoder: any Encoder) throws {
    try content.encode(to: encoder)
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode("event_\(number)", forKey: .id)
  }
}

/// A message that says nothing but its type.
struct PlainEvent: Encodable {
  let type: String
  init(_ type: String) { self.type = type }
}

/// A message about an item.
struct ItemEvent: Encodable {
  let type: String
  let item: String
  var previousItem: String?
  var audioStart, audioEnd, contentIndex: Int?
  var delta, transcript: String?
  var usage: DurationUsage?

  init(_ type: String, item: String) { (self.type, self.item) = (type, item) }

  enum CodingKeys: String, CodingKey {
    case type, delta, transcript, usage
    case item = "item_id"
    case previousItem = "previous_item_id"
    case audioStart = "audio_start_ms"
    case audioEnd = "audio_end_ms"
    case contentIndex = "content_index"
  }
}

/// A message about the session.
struct SessionEvent: Encodable {
  struct Format: Encodable { let type: String; let rate: Int? }
  struct Transcription: Encodable { let model, language: String? }
  struct Turns: Encodable {
    let type = "server_vad"
    let silence: Int
    enum CodingKeys: String, CodingKey {
      case type
      case silence = "silence_duration_ms"
    }
  }
  struct Input: Encodable {
    let format: Format
    let transcription: Transcription
    let turns: Turns?

    enum CodingKeys: String, CodingKey {
      case format, transcription
      case turns = "turn_detection"
    }

    func encode(to encoder: any Encoder) throws {
      var values = encoder.container(keyedBy: CodingKeys.self)
      try values.encode(format, forKey: .format)
      try values.encode(transcription, forKey: .transcription)
      try values.encode(turns, forKey: .turns)
    }
  }
  struct Audio: Encodable { let input: Input }
  struct Session: Encodable {
    let type = "transcription"
    let audio: Audio

    init(format: Format, model: String?, language: String?, silence: Int?) {
      audio = Audio(
        input: Input(
          format: format, transcription: Transcription(model: model, language: language),
          turns: silence.map { Turns(silence: $0) }))
    }
  }

  let type: String
  let session: Session

  init(_ type: String, _ session: Session) { (self.type, self.session) = (type, session) }
}

/// A message that something went wrong.
struct ErrorEvent: Encodable {
  struct Fault: Encodable {
    let type = "invalid_request_error"
    let code, message: String
    let event: String?
    enum CodingKeys: String, CodingKey {
      case type, code, message
      case event = "event_id"
    }
  }

  let type = "error"
  let error: Fault

  init(_ message: String, code: String, event: String?) {
    error = Fault(code: code, message: message, event: event)
  }
}

/// How much sound was transcribed.
package struct DurationUsage: Encodable {
  let type = "duration"
  let seconds: Double

  /// Tells a length, in seconds.
  package init(seconds: Double) { self.seconds = seconds }
}
