internal import ServiceLifecycle
internal import Stapes
internal import StapesAudio
internal import StapesFiles
internal import StapesLabelling
internal import StapesProtocols

/// Recognises the clips of a folder while nothing else is to do, so that the doubtful ones are known.
struct LabelTranscriber: Service {
  let folder: LabelFolder
  let service: SpeechService

  /// What counts as the length of work that everybody else's goes before, in seconds.
  private static let leisure = 3600.0

  func run() async throws {
    await cancelWhenGracefulShutdown {
      try? await measureAll()
      try? await recognizeAll()
    }
    // A service that ends would end the server.
    try? await gracefulShutdown()
  }

  private func measureAll() async throws {
    for id in await folder.numbers {
      let path = try await folder.path(of: id)
      try await Self.whenNotFull {
        let seconds = try await service.queue.run(seconds: Self.leisure) {
          AudioProperties.statedSeconds(ofFileAt: path, rawFormat: nil)
        }
        if let seconds { await folder.take(seconds: seconds, for: id) }
      }
    }
  }

  private func recognizeAll() async throws {
    for id in await folder.numbers where await folder.isWaiting(id) {
      try await Self.whenNotFull { try await recognize(id, leisure: Self.leisure) }
    }
  }

  /// Does some work as soon as the queue takes it, unless the server is about to end.
  private static func whenNotFull(_ work: () async throws -> Void) async throws {
    while true {
      try Task.checkCancellation()
      do {
        return try await work()
      } catch WorkQueue.Refusal.full {
        try await Task.sleep(for: .seconds(1))
      }
    }
  }

  /// Recognises a clip, where that was not done yet.
  ///
  /// - Parameters:
  ///   - id: its number.
  ///   - leisure: what counts as its length where it is not urgent, in seconds.
  /// - Throws: `APIError`, `WorkQueue.Refusal`, `CancellationError`.
  func recognize(_ id: Int, leisure: Double = 0) async throws {
    if await folder.isRecognized(id) { return }
    let path = try await folder.path(of: id)
    let model = try service.modelName(nil)
    let audio = service.audio
    do {
      let hypothesis = try await service.queue.run(seconds: leisure) {
        let recognizer = try await service.models.recognizer(model)
        let transcript = try await recognizer.transcribe(contentsOf: path, audio: audio)
        let portrait = try ClipPortrait(of: path, text: transcript.text, by: recognizer, audio)
        return LabelHypothesis(transcript, portrait)
      }
      await folder.take(.recognized(hypothesis), for: id)
    } catch let error as RecognitionError {
      // Nothing is wrong with a clip of which the work was ended.
      try Task.checkCancellation()
      let told = APIError(error, at: path, called: path.fileName)
      await folder.take(.failed(told.message), for: id)
    }
  }

  /// The sound of a clip, in -1...1, and its rate, the clip's own.
  func samples(of id: Int) async throws -> ([Float], rate: Int) {
    try await samples(of: id, service.audio)
  }

  /// The sound of a clip: 16-bit samples at 16 kHz, little-endian, one channel.
  func sound(of id: Int) async throws -> [UInt8] {
    var options = service.audio
    options.sampleRate = 16_000
    return AudioFileWriter.pcm16(try await samples(of: id, options).0)
  }

  private func samples(
    of id: Int, _ options: AudioOptions
  ) async throws -> ([Float], rate: Int) {
    let path = try await folder.path(of: id)
    return try await service.queue.run(seconds: 0) {
      try rethrowing(
        Self.samples(contentsOf: path, options),
        as: { APIError(RecognitionError.audio($0), at: path, called: path.fileName) })
    }
  }

  private static func samples(
    contentsOf path: String, _ options: AudioOptions
  ) throws(AudioError) -> ([Float], rate: Int) {
    var file = try SoundFile(contentsOf: path, options: options)
    var all: [Float] = []
    while true {
      let samples = try file.read(frameCount: 16_000)
      if samples.isEmpty { return (all, file.sampleRate) }
      all += samples
    }
  }
}
