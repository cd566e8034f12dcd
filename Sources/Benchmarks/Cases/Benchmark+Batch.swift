internal import StapesBatch
internal import StapesRecognition

extension Benchmark {
  /// `stapes batch` from a folder of clips to a folder of texts, with the bundled model.
  static let batch = [
    Benchmark(work: "batch", name: "200-clips", isOwn: true) { settings in
      let clips = try ClipFolder(count: 200)
      let output = try TemporaryFolder()
      defer {
        clips.remove()
        output.remove()
      }
      let recognizer = try Recognizer(model: .bundled("digits"))
      func run(threadCount: Int) async throws -> Duration {
        try await ContinuousClock().measure {
          // With the recipe of the round before, nothing would be left to do.
          let batch = try BatchRun(
            [clips.path], outputFolder: output.path,
            options: BatchOptions(recipe: .random(in: 1...UInt64.max)))
          _ = try await batch.run(with: recognizer, threadCount: threadCount)
        }
      }
      let times = try await alternated(
        { try await run(threadCount: 1) }, { try await run(threadCount: settings.threadCount) },
        seconds: settings.seconds)
      let seconds = try BatchRun([clips.path], outputFolder: output.path).items
        .reduce(0) { $0 + $1.seconds }
      let unit = "h/h"
      return [
        Measurement(
          quantity: "audio recognised, 1 thread", value: seconds / times.first, unit: unit),
        Measurement(quantity: "audio recognised", value: seconds / times.second, unit: unit),
        Measurement(quantity: "speed against 1 thread", value: times.ratio, unit: "x"),
        try .peakMemory(),
      ]
    }
  ]
}
