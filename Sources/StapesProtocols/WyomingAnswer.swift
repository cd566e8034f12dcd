package import NIOCore
internal import StapesText

/// An event that a Wyoming server sends.
package struct WyomingAnswer {
  private struct Header: Encodable {
    let type: String
    let version = "1.10.2"
    let length: Int
    enum CodingKeys: String, CodingKey {
      case type, version
      case length = "data_length"
    }
  }

  /// The bytes of the event.
  package let bytes: ByteBuffer

  private init(_ type: String, _ data: some Encodable) {
    let data = canonicalJSON(data)
    let header = canonicalJSON(Header(type: type, length: data.utf8.count))
    bytes = ByteBuffer(string: header + "\n" + data)
  }

  /// What was recognised.
  package static func transcript(_ text: String, language: String?) -> Self {
    struct Transcript: Encodable { let text: String; let language: String? }
    return Self("transcript", Transcript(text: text, language: language))
  }

  /// A wake word was said, so many milliseconds after the time at which the client's count begins.
  package static func detection(_ name: String, timestamp: Int) -> Self {
    struct Detection: Encodable { let name: String; let timestamp: Int }
    return Self("detection", Detection(name: name, timestamp: timestamp))
  }

  /// The sound ended without a wake word.
  package static var notDetected: Self { Self("not-detected", [String: String]()) }

  /// Something went wrong.
  package static func error(_ text: String, code: String) -> Self {
    struct Fault: Encodable { let text, code: String }
    return Self("error", Fault(text: text, code: code))
  }

  /// The answer to a ping.
  package static func pong(_ text: String?) -> Self {
    struct Pong: Encodable { let text: String? }
    return Self("pong", Pong(text: text))
  }

  /// What the server offers: models that transcribe, and wake words, each as a model of its own.
  package static func info(
    models: [ServedModel], wakeWords: [ServedModel] = [], version: String
  ) -> Self {
    func programs(_ models: [ServedModel], spots: Bool = false) -> [Info.Program] {
      models.isEmpty ? [] : [Info.Program(models, version: version, spots: spots)]
    }
    return Self("info", Info(asr: programs(models), wake: programs(wakeWords, spots: true)))
  }

  private struct Info: Encodable {
    struct Attribution: Encodable {
      let name = "Stapes"
      let url = ""
    }
    struct Model: Encodable {
      let name, description, version: String
      let languages: [String]
      let phrase: String?
      let attribution = Attribution()
      let installed = true
    }
    struct Program: Encodable {
      let name = "stapes"
      let description = "Recogniser that you train on your own recordings"
      let attribution = Attribution()
      let installed = true
      let version: String
      let models: [Model]
      let streams = false
      let requiresDetector = false

      init(_ models: [ServedModel], version: String, spots: Bool) {
        self.version = version
        self.models = models.map {
          Model(
            name: $0.name, description: $0.description, version: version, languages: [$0.language],
            phrase: spots ? $0.name : nil)
        }
      }

      enum CodingKeys: String, CodingKey {
        case name, description, attribution, installed, version, models
        case streams = "supports_transcript_streaming"
        case requiresDetector = "requires_external_vad"
      }
    }

    let asr: [Program]
    let tts: [String] = []
    let handle: [String] = []
    let intent: [String] = []
    let wake: [Program]
    let mic: [String] = []
    let snd: [String] = []
  }
}

/// A model as clients see it.
package struct ServedModel: Sendable, Equatable {
  /// Its name.
  package let name: String
  /// What it recognises.
  package let description: String
  /// Its language, as ISO 639-1 has it.
  package let language: String

  /// Describes a model.
  package init(name: String, description: String, language: String) {
    (self.name, self.description, self.language) = (name, description, language)
  }
}
