import FoundationEssentials
import StapesAugmentation
import StapesCorpus
import StapesFiles
import StapesModel
import StapesTraining
import TestSupport
import Testing

@Suite struct ResumeTests {
  /// Four short epochs of everything that draws random numbers or counts.
  private var options: TrainingOptions {
    var options = ToneCorpus.options
    options.epochCount = 4
    options.augmentation = .recommended(joinsWords: true)
    options.normalization = .global
    options.averagedModelCount = 2
    options.learningRate.shape = .plateau
    options.learningRate.plateauEpochs = 1
    return options
  }

  /// Runs a trainer, which is stopped when an event is the one wanted.
  private func run(
    _ corpus: Corpus, _ options: TrainingOptions, _ checkpoints: CheckpointOptions?,
    threads: Int = 2, stoppingAt isEnd: (TrainingEvent) -> Bool = { _ in false }
  ) async throws -> RunReport {
    let trainer = try Trainer(
      corpus: corpus, options: options, threadCount: threads, checkpoints: checkpoints)
    return try await RunReport(of: trainer) { if isEnd($0) { trainer.stop() } }
  }

  @Test(arguments: [OptimizerOptions.Method.adamW, .sgd])
  func aRunInPartsGivesTheModelOfOneRun(method: OptimizerOptions.Method) async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(40, to: folder)
      var options = options
      options.optimizer.method = method
      let whole = try await run(corpus, options, nil)
      let bytes = try #require(whole.outcome?.model.serialized())

      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      let first = try await run(corpus, options, checkpoints, threads: 1) {
        if case .epoch(let epoch) = $0 { epoch.progress.epoch == 2 } else { false }
      }
      #expect(first.outcome?.wasStopped == true)
      checkpoints.resumes = true
      // In the middle of an epoch, on another number of threads.
      let second = try await run(corpus, options, checkpoints, threads: 3) {
        if case .step(let step) = $0 { step.step == 2 } else { false }
      }
      #expect(second.outcome?.wasStopped == true && second.steps.count < whole.steps.count / 2)
      let third = try await run(corpus, options, checkpoints)
      let resumed = try #require(third.steps.first)
      #expect(resumed.step > 1 && resumed.progress.epoch > 1)
      #expect(third.outcome?.wasStopped == false)
      #expect(third.outcome?.model.serialized() == bytes)
      #expect(third.outcome?.validation == whole.outcome?.validation)
      // All but the speed, which is the clock's.
      let figures: [KeyPath<EpochFigures, Double>] = [
        \.loss, \.learningRate, \.gradientNorm, \.largestGradientNorm, \.validationLoss,
        \.characterErrorRate, \.wordErrorRate,
      ]
      for figure in figures {
        let curves = [third, whole].map { $0.epochs.last?.history.map { $0[keyPath: figure] } }
        #expect(curves[0] == curves[1] && curves[0]?.count == 4)
      }
      // After the end there is nothing left to do, and the outcome is the same.
      let fourth = try await run(corpus, options, checkpoints)
      #expect(fourth.steps.isEmpty && fourth.outcome?.model.serialized() == bytes)
    }
  }

  @Test func aRunGoesOnFromAnyOfItsCheckpoints() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      checkpoints.keptCount = 3
      let whole = try await run(corpus, options, checkpoints)
      let bytes = try #require(whole.outcome?.model.serialized())
      let older = ["", "-1", "-2", "-3"].map { "\(folder)/run.checkpoint\($0).safetensors" }
      #expect(
        older.map { FileManager.default.fileExists(atPath: $0) } == [true, true, true, false])
      for (age, path) in older.prefix(3).enumerated() {
        // What a process that was killed leaves: one that wrote no more after this checkpoint.
        let copy = CheckpointOptions.path(besideModel: "\(folder)/copy\(age).safetensors")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        var resumption = CheckpointOptions(path: copy)
        resumption.resumes = true
        let rest = try await run(corpus, options, resumption, threads: age + 1)
        #expect(rest.epochs.count == age)
        #expect(rest.outcome?.model.serialized() == bytes)
      }
      checkpoints.remove()
      #expect(!older.contains { FileManager.default.fileExists(atPath: $0) })
    }
  }

  @Test func otherDataOrOptionsAreRefused() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      let path = checkpoints.path
      var options = options
      options.epochCount = 1
      _ = try await run(corpus, options, checkpoints)
      await #expect(throws: CheckpointError.present(path: path)) {
        try await run(corpus, options, checkpoints)
      }
      checkpoints.resumes = true
      var changed = options
      changed.learningRate.peak = 0.5
      await #expect(
        throws: CheckpointError.otherOption(
          path: path, option: "learningRate.peak", here: "0.5", there: "0.02")
      ) { try await run(corpus, changed, checkpoints) }
      let fewer = Corpus(clips: Array(corpus.clips.dropLast()))
      await #expect(throws: CheckpointError.otherClips(path: path)) {
        try await run(fewer, options, checkpoints)
      }
      // The same names, lengths and texts, but another sound.
      var bytes = try Data(contentsOf: URL(filePath: corpus.clips[3].path))
      bytes[bytes.count - 1] ^= 0x10
      try bytes.write(to: URL(filePath: corpus.clips[3].path))
      await #expect(throws: CheckpointError.otherClips(path: path)) {
        try await run(corpus, options, checkpoints)
      }
    }
  }

  @Test func whatIsNoCheckpointIsRefused() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      checkpoints.resumes = true
      let path = checkpoints.path
      await #expect(
        throws: CheckpointError.file(FileError(path, role: "checkpoint", .read, .missing))
      ) { try await run(corpus, options, checkpoints) }
      checkpoints.resumes = false
      var short = options
      short.epochCount = 1
      let model = try await run(corpus, short, checkpoints).outcome?.model.serialized() ?? []
      let whole = try Data(contentsOf: URL(filePath: path))
      var altered = whole
      altered[altered.count - 9] ^= 1
      checkpoints.resumes = true
      for bytes in [altered, whole.dropLast(4), Data(model), Data("hello".utf8)] {
        try bytes.write(to: URL(filePath: path))
        await #expect(throws: CheckpointError.unusable(path: path)) {
          try await run(corpus, short, checkpoints)
        }
      }
    }
  }

  @Test func aCheckpointOfOptionsThatLackANewOneGoesOnWithItsDefault() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      let whole = try await run(corpus, options, checkpoints)
      let bytes = try [UInt8](Data(contentsOf: URL(filePath: checkpoints.path)))
      var file = try Safetensors(bytes: bytes.span)
      let written = try #require(file.metadata["options"])
      for member in [#""consistency":0,"#, #""crfShare":0,"#] {
        #expect(written.contains(member))
        file.metadata["options"]?.replace(member, with: "")
      }
      file.metadata["checksum"] = file.checksum
      try Data(file.serialized()).write(to: URL(filePath: checkpoints.path))
      checkpoints.resumes = true
      let again = try await run(corpus, options, checkpoints)
      #expect(again.steps.isEmpty)
      #expect(again.outcome?.model.serialized() == whole.outcome?.model.serialized())
    }
  }

  @Test func aCheckpointThatCannotBeWrittenEndsNothing() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = options
      options.epochCount = 1
      let checkpoints = CheckpointOptions(path: folder + "/none/run.checkpoint.safetensors")
      let report = try await run(corpus, options, checkpoints)
      #expect(report.outcome?.wasStopped == false)
      #expect(
        report.notices == [
          .checkpointFailed(
            .file(FileError(checkpoints.path, role: "checkpoint", .write, .missing)))
        ])
    }
  }
}
