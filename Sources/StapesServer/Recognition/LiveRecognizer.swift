package import NIOCore
package import Stapes
package import StapesProtocols

/// One stream of sound that is recognised while it comes.
package actor LiveRecognizer {
  private let recognizer: Recognizer
  private let rate: Int
  private let options: StreamOptions
  private let queue: WorkQueue
  private let encoding: PCMDecoder.Encoding
  private let channelCount: Int
  private var decoder: PCMDecoder
  private var stream: RecognitionStream?
  /// The seconds of sound that were processed.
  package private(set) var seconds = 0.0

  /// Begins a stream.
  ///
  /// - Parameters:
  ///   - recognizer: the recogniser.
  ///   - rate: the rate of the samples, in hertz.
  ///   - encoding: how they are written.
  ///   - channelCount: how many channels there are.
  ///   - pauseSeconds: the pause that ends an utterance.
  ///   - queue: where the work waits for a core.
  /// - Throws: `RecognitionError`.
  package init(
    _ recognizer: Recognizer, rate: Int, encoding: PCMDecoder.Encoding = .integer(byteCount: 2),
    channelCount: Int = 1, pauseSeconds: Double = StreamOptions().pauseSeconds, queue: WorkQueue
  ) throws(RecognitionError) {
    (self.recognizer, self.rate, self.queue) = (recognizer, rate, queue)
    (self.encoding, self.channelCount) = (encoding, channelCount)
    decoder = PCMDecoder(encoding, channelCount: channelCount)
    options = StreamOptions(pauseSeconds: pauseSeconds)
    stream = try RecognitionStream(recognizer, sampleRate: rate, options: options)
  }

  /// Processes the next bytes.
  ///
  /// - Returns: what they bring, in order.
  /// - Throws: `WorkQueue.Refusal`, `CancellationError`, `RecognitionError`.
  package nonisolated func append(_ bytes: ByteBuffer) async throws -> [RecognitionStream.Event] {
    try await queue.run(seconds: 0) { try await self.process(bytes) }
  }

  /// Ends the stream, and begins the next.
  ///
  /// - Returns: what the end brings.
  package nonisolated func finish() async throws -> [RecognitionStream.Event] {
    try await queue.run(seconds: 0) { try await self.end() }
  }

  /// Drops what was not told, and begins the next stream.
  package func clear() throws(RecognitionError) {
    decoder = PCMDecoder(encoding, channelCount: channelCount)
    stream = try RecognitionStream(recognizer, sampleRate: rate, options: options)
  }

  private func process(_ bytes: ByteBuffer) throws(RecognitionError) -> [RecognitionStream.Event] {
    let samples = decoder.samples(of: bytes)
    seconds += Double(samples.count) / Double(rate)
    return try stream?.append(samples) ?? []
  }

  private func end() throws(RecognitionError) -> [RecognitionStream.Event] {
    let events = stream?.finish() ?? []
    try clear()
    return events
  }
}
