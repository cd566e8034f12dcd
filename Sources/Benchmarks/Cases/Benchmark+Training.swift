internal import Foundation
internal import StapesCorpus
internal import StapesKernels
internal import StapesTraining

extension Benchmark {
  /// `stapes train` with the options that it chooses for the clips.
  static let training = [
    Benchmark(work: "training", name: "200-clips", isOwn: true) { settings in
      let clips = try ClipFolder(count: 200)
      defer { clips.remove() }
      let corpus = try Corpus(readingFrom: [clips.path])
      let speed = try await speed(on: corpus, .recommended(for: corpus), settings)
      return [
        Measurement(quantity: "audio trained on", value: speed, unit: "h/s"),
        try .peakMemory(),
      ]
    }
  ]

  /// An epoch of `stapes train` over the first 600 clips of LibriSpeech, with the network of the peer
  /// and all that varies clips; only where STAPES_DATA holds them.
  static let recipe =
    books.map { books in
      ProductPrecision.allCases.filter(\.isSupported).map { recipe(on: books, $0) }
    } ?? []

  private static func recipe(on books: String, _ precision: ProductPrecision) -> Benchmark {
    let shape = NetworkShape.largest
    return Benchmark(work: "recipe", name: shape.name(in: precision), peerName: shape.name) {
      settings in
      let clips = try Corpus(readingFrom: [books]).clips.sorted { $0.path < $1.path }
      let corpus = Corpus(clips: Array(clips.prefix(600)))
      var options = TrainingOptions.recommended(for: corpus)
      (options.layerCount, options.hiddenSize) = (3, 320)
      options.precision = precision
      let seconds = corpus.seconds / (3600 * (try await speed(on: corpus, options, settings)))
      return [Measurement(value: seconds * 1e3, unit: "ms")]
    }
  }

  /// Where the recordings lie that the peer's `recipe` reads.
  private static let books: String? = ProcessInfo.processInfo.environment["STAPES_DATA"]
    .map { $0 + "/librispeech/train" }.flatMap {
      FileManager.default.fileExists(atPath: $0) ? $0 : nil
    }

  /// How fast epochs go by after the first, which warms up: the median, in hours of sound a second.
  private static func speed(
    on corpus: Corpus, _ options: TrainingOptions, _ settings: Settings
  ) async throws -> Double {
    var options = options
    options.epochCount = 1000
    let trainer = try Trainer(corpus: corpus, options: options, threadCount: settings.threadCount)
    var speeds: [Double] = []
    var end: ContinuousClock.Instant?
    for try await event in trainer.run() {
      guard case .step(let step) = event, step.step == step.stepCount else { continue }
      if let end {
        speeds.append(step.progress.hoursPerSecond)
        if ContinuousClock.now > end { trainer.stop() }
      } else {
        end = .now + .seconds(settings.seconds)
      }
    }
    return median(speeds)
  }
}
