internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Stapes
internal import StapesFiles
internal import StapesProtocols

/// An answer that is sent while the sound is recognised (server-sent events).
struct StreamedAnswer {
  /// The response.
  let response: Response

  /// Recognises a file as a stream.
  ///
  /// - Throws: what the first piece of sound throws, so that a file which cannot be read is told by
  ///   the status.
  init(
    _ service: SpeechService, _ request: TranscriptionRequest, model: String, path: String
  ) async throws {
    let recognizer = try await service.queue.run(seconds: 0) {
      try await service.models.recognizer(model, request.settings)
    }
    let reader = try FileStream(
      path: path, service: service, recognizer: recognizer, pauseSeconds: request.pauseSeconds)
    let first = try await reader.next()
    response = Response(
      status: .ok,
      headers: [.contentType: "text/event-stream", .cacheControl: "no-cache"],
      body: ResponseBody { writer in
        var events = TranscriptEvents(hasLogProbabilities: request.hasLogProbabilities)
        do {
          var piece: FileStream.Piece? = first
          while let found = piece {
            let text = events.append(found.events)
            if !text.isEmpty { try await writer.write(ByteBuffer(string: text)) }
            piece = found.isLast ? nil : try await reader.next()
          }
          let end = events.finish(seconds: await reader.seconds)
          try await writer.write(ByteBuffer(string: end))
        } catch let error as RecognitionError {
          let text = TranscriptEvents.failure(APIError(error))
          try await writer.write(ByteBuffer(string: text))
        }
        try await writer.finish(nil)
      })
  }
}

/// A file that is recognised piece by piece.
private actor FileStream {
  struct Piece: Sendable {
    let events: [RecognitionStream.Event]
    let isLast: Bool
  }

  private var sound: SoundFile
  private var stream: RecognitionStream
  private let queue: WorkQueue
  private(set) var seconds = 0.0
  private let rate: Int

  /// How much is recognised at a time, in seconds.
  private static let pieceSeconds = 2

  init(
    path: String, service: SpeechService, recognizer: Recognizer, pauseSeconds: Double?
  ) throws {
    rate = recognizer.sampleRate
    queue = service.queue
    var audio = service.audio
    audio.sampleRate = rate
    sound = try rethrowing(
      SoundFile(contentsOf: path, options: audio), as: RecognitionError.audio)
    stream = try RecognitionStream(
      recognizer, sampleRate: rate,
      options: StreamOptions(pauseSeconds: pauseSeconds ?? StreamOptions().pauseSeconds))
  }

  nonisolated func next() async throws -> Piece {
    try await queue.run(seconds: Double(Self.pieceSeconds)) { try await self.process() }
  }

  private func process() throws(RecognitionError) -> Piece {
    let samples = try rethrowing(
      sound.read(frameCount: Self.pieceSeconds * rate), as: RecognitionError.audio)
    seconds += Double(samples.count) / Double(rate)
    if samples.isEmpty { return Piece(events: stream.finish(), isLast: true) }
    return Piece(events: try stream.append(samples), isLast: false)
  }
}
