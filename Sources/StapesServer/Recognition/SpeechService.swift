package import Stapes
package import StapesProtocols

/// What every protocol uses: models, the queue of work, and counters.
package struct SpeechService: Sendable {
  /// How the server is set up.
  package let options: ServerOptions
  /// The models.
  package let models: ModelShelf
  /// Where recognition waits for a core.
  package let queue: WorkQueue
  /// The counters.
  package let metrics = ServerMetrics()

  /// Makes a service; models are loaded when they are first used.
  package init(_ options: ServerOptions) {
    self.options = options
    models = ModelShelf(files: options.models, withBundled: options.offersBundledModels)
    queue = WorkQueue(jobs: options.jobs, capacity: options.queueCapacity)
  }

  private var limit: Duration { .seconds(options.deadline) }

  /// How sound files are read.
  package var audio: AudioOptions {
    AudioOptions(ffmpeg: options.usesFFmpeg ? AudioOptions().ffmpeg : nil)
  }

  /// The name of the model that a client means.
  ///
  /// - Throws: `APIError` where there is none of this name.
  package func modelName(_ asked: String?, isLive: Bool = false) throws(APIError) -> String {
    if let name = models.name(for: asked, isLive: isLive) { return name }
    if options.takesAnyModelName, let name = models.name(for: nil, isLive: isLive) { return name }
    throw .noModel(asked ?? "", available: models.names)
  }

  /// Transcribes a file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - model: one of the models' names.
  ///   - settings: how it is recognised.
  /// - Throws: `RecognitionError`, `WorkQueue.Refusal`, `CancellationError`.
  package func transcribe(
    contentsOf path: String, model: String, _ settings: RecognizerSettings
  ) async throws -> Transcript {
    let audio = audio
    let stated = AudioProperties.statedSeconds(ofFileAt: path, rawFormat: nil)
    return try await measured {
      try await queue.run(seconds: stated ?? 30, within: limit) {
        let recognizer = try await models.recognizer(model, settings)
        return try await recognizer.transcribe(contentsOf: path, audio: audio)
      }
    }
  }

  /// Transcribes samples.
  ///
  /// - Throws: as for a file.
  package func transcribe(
    _ samples: [Float], rate: Int, model: String, _ settings: RecognizerSettings
  ) async throws -> Transcript {
    try await measured {
      try await queue.run(seconds: Double(samples.count) / Double(rate), within: limit) {
        try await models.recognizer(model, settings).transcribe(samples: samples, sampleRate: rate)
      }
    }
  }

  private func measured(_ work: () async throws -> Transcript) async throws -> Transcript {
    let start = ContinuousClock.now
    let transcript = try await work()
    metrics.addRecognition(
      soundSeconds: transcript.seconds, seconds: (ContinuousClock.now - start) / .seconds(1))
    return transcript
  }

  /// A recogniser for sound that is still coming.
  ///
  /// - Throws: `RecognitionError`, `WorkQueue.Refusal`.
  package func liveRecognizer(
    model: String, _ settings: RecognizerSettings = RecognizerSettings(), rate: Int,
    encoding: PCMDecoder.Encoding = .integer(byteCount: 2), pauseSeconds: Double? = nil
  ) async throws -> LiveRecognizer {
    let recognizer = try await queue.run(seconds: 0, within: limit) {
      try await models.recognizer(model, settings)
    }
    return try LiveRecognizer(
      recognizer, rate: rate, encoding: encoding,
      pauseSeconds: pauseSeconds ?? StreamOptions().pauseSeconds, queue: queue)
  }
}
