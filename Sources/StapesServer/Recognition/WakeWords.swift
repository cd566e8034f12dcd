package import NIOCore
package import Stapes
package import StapesProtocols

/// Phrases that a model spots in live sound.
package struct WakeWords: Sendable {
  /// The name of the model.
  package let model: String
  /// The phrases.
  package let phrases: SpottingPhrases

  /// Those of some names.
  func named(_ names: [String]) -> WakeWords {
    let kept = phrases.phrases.filter { names.contains($0.text) }
    return WakeWords(model: model, phrases: SpottingPhrases(kept))
  }
}

extension SpeechService {
  /// What is spotted: the phrases of the options by the model for live sound, and those that models
  /// were trained for; each phrase by one model.
  ///
  /// - Throws: `RecognitionError`, `SpottingError`, and `APIError` where no model is for live sound.
  package func wakeWords() async throws -> [WakeWords] {
    var all: [WakeWords] = []
    if let path = options.wakeWords {
      let name = try modelName(nil, isLive: true)
      let phrases = SpottingPhrases(
        try PhraseList(contentsOf: path), of: try await models.model(name))
      all.append(WakeWords(model: name, phrases: phrases))
    }
    for name in models.spotters {
      let phrases = try SpottingPhrases(of: try await models.model(name))
      all.append(WakeWords(model: name, phrases: phrases))
    }
    var known: Set<String> = []
    return all.map { words in
      words.named(words.phrases.phrases.map(\.text).filter { known.insert($0).inserted })
    }
  }

  /// Begins to spot phrases in sound that is still coming.
  ///
  /// - Parameters:
  ///   - names: the phrases; none for all that there are.
  ///   - rate: the rate of the samples, in hertz.
  ///   - decoder: how they are written.
  /// - Throws: `APIError` for a phrase that there is none of, `SpottingError`, `WorkQueue.Refusal`.
  package func liveSpotters(
    _ names: [String], rate: Int, decoder: PCMDecoder
  ) async throws -> [LiveSpotter] {
    let all = try await wakeWords()
    let known = all.flatMap { $0.phrases.phrases.map(\.text) }
    if let name = names.first(where: { !known.contains($0) }) {
      throw APIError(
        404, "no wake word is \"\(name)\"; there is \(known.joined(separator: ", "))",
        code: "wake_word_not_found")
    }
    guard !known.isEmpty else {
      throw APIError(
        404, "there are no wake words; give --wake-words, or a model of `stapes train --task spot`",
        code: "wake_word_not_found")
    }
    var spotters: [LiveSpotter] = []
    for words in all {
      let wanted = names.isEmpty ? words : words.named(names)
      guard !wanted.phrases.phrases.isEmpty else { continue }
      let spotter = try await queue.run(seconds: 0) {
        try Spotter(await models.recognizer(words.model), phrases: wanted.phrases)
      }
      spotters.append(try LiveSpotter(spotter, rate: rate, decoder: decoder, queue: queue))
    }
    return spotters
  }
}

/// One stream of sound in which phrases are spotted while it comes.
package actor LiveSpotter {
  private let queue: WorkQueue
  private var decoder: PCMDecoder
  private var stream: SpottingStream?

  /// Begins a stream.
  ///
  /// - Throws: `SpottingError`, also for a model that is not for live sound.
  init(_ spotter: Spotter, rate: Int, decoder: PCMDecoder, queue: WorkQueue) throws(SpottingError) {
    (self.queue, self.decoder) = (queue, decoder)
    let stream = try SpottingStream(spotter, sampleRate: rate)
    try stream.requireExact()
    self.stream = consume stream
  }

  /// Processes the next bytes.
  ///
  /// - Returns: the phrases that were found by now, in order.
  /// - Throws: `WorkQueue.Refusal`, `CancellationError`, `SpottingError`.
  package nonisolated func append(_ bytes: ByteBuffer) async throws -> [SpottedPhrase] {
    try await queue.run(seconds: 0) { try await self.process(bytes) }
  }

  /// Ends the stream.
  ///
  /// - Returns: the phrases that were found last.
  package nonisolated func finish() async throws -> [SpottedPhrase] {
    try await queue.run(seconds: 0) { await self.end() }
  }

  private func process(_ bytes: ByteBuffer) throws(SpottingError) -> [SpottedPhrase] {
    try stream?.append(decoder.samples(of: bytes)) ?? []
  }

  private func end() -> [SpottedPhrase] {
    defer { stream = nil }
    return stream?.finish() ?? []
  }
}
