import StapesAugmentation
import StapesCorpus
import StapesText
import StapesTraining
import TestSupport
import Testing

@Suite struct DivergenceTests {
  @Test func watchSeesALossThatGrowsBack() {
    var watch = DivergenceWatch()
    // From knowing nothing to a plateau, and on to knowing much: nothing amiss.
    for share in [1.2, 1, 0.8] + Array(repeating: 0.4, count: 60) { watch.add(share: share) }
    #expect(!watch.seesDivergence)
    for _ in 0..<200 { watch.add(share: 0.03) }
    #expect(!watch.seesDivergence)
    // One bad batch is none; a row of them is.
    watch.add(share: 1)
    #expect(!watch.seesDivergence)
    for _ in 0..<20 { watch.add(share: 0.4) }
    #expect(watch.seesDivergence)
  }

  @Test func watchSeesALossWorseThanKnowingNothing() {
    var watch = DivergenceWatch()
    for _ in 0..<DivergenceWatch.window - 1 { watch.add(share: 5) }
    #expect(!watch.seesDivergence)
    watch.add(share: 5)
    #expect(watch.seesDivergence)
  }

  @Test func watchSeesStepsWithoutAGradient() {
    var watch = DivergenceWatch()
    for _ in 0..<9 { watch.addSkippedStep() }
    watch.add(share: 1)
    for _ in 0..<9 { watch.addSkippedStep() }
    #expect(!watch.seesDivergence)
    watch.addSkippedStep()
    #expect(watch.seesDivergence)
  }

  @Test func aRunThatComesApartGoesBackAndLearnsAtASmallerRate() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(60, to: folder)
      var options = ToneCorpus.options
      options.augmentation = Augmentation()
      // Steps of some units turn each gate hard on or off.
      options.learningRate = LearningRateSchedule(peak: 3, warmUpFraction: 0, shape: .constant)
      options.epochCount = 60
      options.batchSeconds = 2
      let report = try await RunReport(of: Trainer(corpus: corpus, options: options))
      let factors = report.notices.compactMap {
        if case .rolledBack(_, let factor) = $0 { factor } else { nil }
      }
      #expect(!factors.isEmpty)
      #expect(factors == (1...max(factors.count, 1)).map { 1 / Double(1 << $0) })
      let last = try #require(report.steps.last)
      #expect(last.learningRate == 3 * (factors.last ?? 1))
      let (first, end) = (try #require(report.epochs.first), try #require(report.epochs.last))
      #expect(end.loss < first.loss)
    }
  }

  @Test func aNetworkThatReadsNothingIsNamed() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.epochCount = 22
      // Too small a rate to learn more than that most frames are blank.
      options.learningRate = LearningRateSchedule(peak: 3e-4, warmUpFraction: 0, shape: .constant)
      options.averageDecay = 0
      let report = try await RunReport(of: Trainer(corpus: corpus, options: options))
      let silent = report.epochs.map { $0.validation.emitsOnlyBlanks }
      var (expected, length) = ([Int](), 0)
      for isSilent in silent {
        length = isSilent ? length + 1 : 0
        if [5, 10, 20].contains(length) { expected.append(length) }
      }
      #expect(expected.starts(with: [5, 10]))
      let counts = report.notices.compactMap {
        if case .onlyBlanks(let count) = $0 { count } else { nil }
      }
      #expect(counts == expected)
    }
  }

  @Test func patienceEndsARunThatGetsNoBetter() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(20, to: folder)
      var options = ToneCorpus.options
      options.patience = 3
      options.epochCount = 1000
      options.learningRate = LearningRateSchedule(peak: 1e-9, warmUpFraction: 0)
      options.averageDecay = 0
      let report = try await RunReport(of: Trainer(corpus: corpus, options: options))
      let outcome = try #require(report.outcome)
      #expect(report.epochs.count == outcome.epoch + 3 && report.epochs.count < 1000)
      #expect(!outcome.wasStopped)
      #expect(report.notices.contains(.endedEarly(epochCount: 3)))
    }
  }
}
