internal import StapesCorpus
internal import StapesTraining

extension Benchmark {
  /// `stapes train` with the options that it chooses for the clips.
  static let training = [
    Benchmark(work: "training", name: "200-clips", isOwn: true) { settings in
      let clips = try ClipFolder(count: 200)
      defer { clips.remove() }
      let corpus = try Corpus(readingFrom: [clips.path])
      var options = TrainingOptions.recommended(for: corpus)
      options.epochCount = 1000
      let trainer = try Trainer(
        corpus: corpus, options: options, threadCount: settings.threadCount)
      var speeds: [Double] = []
      var end: ContinuousClock.Instant?
      for try await event in trainer.run() {
        guard case .step(let step) = event, step.step == step.stepCount else { continue }
        // The first epoch warms up: the time begins with its end.
        if let end {
          speeds.append(step.progress.hoursPerSecond)
          if ContinuousClock.now > end { trainer.stop() }
        } else {
          end = .now + .seconds(settings.seconds)
        }
      }
      return [
        Measurement(quantity: "audio trained on", value: median(speeds), unit: "h/s"),
        try .peakMemory(),
      ]
    }
  ]
}
