import StapesModel
import StapesTraining
import Synchronization
import TestSupport
import Testing

@Suite struct TimeBudgetTests {
  /// Options for 40 epochs of 128 units.
  private var options: TrainingOptions {
    var options = TrainingOptions()
    (options.epochCount, options.hiddenSize) = (40, 128)
    return options
  }

  @Test(arguments: [
    // Time for all epochs, and for some: as many as there is time for, with a twentieth in hand.
    (1000.0, 1.0, 40), (20.0, 1.0, 19),
    // Not even for one: still one.
    (0.5, 1.0, 1), (-3, 1, 1),
  ])
  func epochsFillTheTime(seconds: Double, epochSeconds: Double, expected: Int) async throws {
    let fitted = try await TimeBudget(seconds: seconds).fit(options, mayNarrow: false) { _ in
      epochSeconds
    }
    #expect(fitted.epochCount == expected && fitted.hiddenSize == 128)
  }

  @Test func aNarrowerNetworkIsTakenWhereFewEpochsWouldFit() async throws {
    // With the square of the width: 128 units take 4 s, 64 units 1 s.
    func epochSeconds(_ options: TrainingOptions) -> Double {
      4 * Double(options.hiddenSize * options.hiddenSize) / (128 * 128)
    }
    let fitted = try await TimeBudget(seconds: 30).fit(options, mayNarrow: true) {
      epochSeconds($0)
    }
    #expect(fitted.hiddenSize < 128 && fitted.hiddenSize >= TimeBudget.narrowest)
    #expect(fitted.epochCount >= TimeBudget.enoughEpochs)
    #expect(Double(fitted.epochCount) * epochSeconds(fitted) < 30)
    // Where that is not needed, or does not help, the width stays or is the least.
    #expect(
      try await TimeBudget(seconds: 50).fit(options, mayNarrow: true) { epochSeconds($0) }
        .hiddenSize == 128)
    let hopeless = try await TimeBudget(seconds: 2).fit(options, mayNarrow: true) {
      epochSeconds($0)
    }
    #expect(hopeless.hiddenSize == TimeBudget.narrowest && hopeless.epochCount == 1)
  }

  @Test func aRunKeepsToItsBudgetAndGoesOnWithWhatWasChosen() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 1_000_000
      var checkpoints = CheckpointOptions(path: folder + "/run.checkpoint.safetensors")
      var trainer = try Trainer(corpus: corpus, options: options, checkpoints: checkpoints)
      trainer.budgetSeconds = 1
      let report = try await RunReport(of: trainer)
      let count = report.epochs.count
      #expect(count < 1_000_000 && report.outcome?.wasStopped == false)
      // A machine that became slower has dropped some.
      let planned = try #require(report.summary).options.epochCount
      #expect(count <= planned)
      #expect(
        report.notices.contains(
          .fitted(
            epochCount: planned, wantedEpochCount: 1_000_000, hiddenSize: 16, wantedHiddenSize: 16))
      )
      checkpoints.resumes = true
      trainer = try Trainer(corpus: corpus, options: options, checkpoints: checkpoints)
      trainer.budgetSeconds = 1000
      let again = try await RunReport(of: trainer)
      #expect(again.steps.isEmpty)
      #expect(again.outcome?.model.serialized() == report.outcome?.model.serialized())
    }
  }

  @Test func aRunThatBecomesSlowerDropsEpochsAndKeepsToItsBudget() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 1_000_000
      // It becomes slower early, late, and by so much that not even one epoch is over in time.
      for (slowFrom, factor) in [(40.0, 3.0), (300, 4), (30, 12)] {
        let clock = SlowingClock(slowFrom: slowFrom, factor: factor)
        var trainer = try Trainer(corpus: corpus, options: options)
        trainer.clock = { clock.now }
        trainer.budgetSeconds = 400
        let report = try await RunReport(of: trainer)
        #expect(clock.seconds <= 1.15 * 400)
        let planned = try #require(report.summary).options.epochCount
        #expect(report.epochs.count < planned && report.outcome?.wasStopped == false)
        let shortened = report.notices.contains {
          if case .shortened(_, planned) = $0 { true } else { false }
        }
        #expect(shortened)
      }
    }
  }

  /// A clock that goes on by a second whenever it is read, and by more from some time on.
  private final class SlowingClock: Sendable {
    private let time = Mutex(0.0)
    private let (slowFrom, factor): (Double, Double)

    init(slowFrom: Double, factor: Double) { (self.slowFrom, self.factor) = (slowFrom, factor) }

    /// The time so far.
    var seconds: Double { time.withLock { $0 } }

    /// The time; reading it takes some.
    var now: Double {
      time.withLock { time in
        defer { time += time < slowFrom ? 1 : factor }
        return time
      }
    }
  }
}
