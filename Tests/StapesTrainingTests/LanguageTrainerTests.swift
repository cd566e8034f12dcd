import Glibc
import StapesDecoding
import StapesKernels
import StapesModel
import StapesTraining
import TestSupport
import Testing

@Suite struct LanguageTrainerTests {
  static let options = LanguageTrainingOptions(
    layerCount: 1, hiddenSize: 16, dropout: 0, epochCount: 60,
    learningRate: LearningRateSchedule(peak: 2e-2), batchSize: 8, validationShare: 0.1)

  @Test func `a planted period is predicted`() async throws {
    // After "ab" comes "c" or "d", by turns: only memory can tell.
    let period = "abcabd"
    let lines = (0..<60).map { String(String(repeating: period, count: 4).prefix(12 + $0 % 12)) }
    let trainer = try LanguageTrainer(lines: lines, options: Self.options, threadCount: 2)
    #expect(trainer.characters == ["a", "b", "c", "d"])
    var perplexities: [Double] = []
    let (model, wasStopped) = try await trainer.run { event in
      if case .round(_, let perplexity, _) = event { perplexities.append(perplexity) }
    }
    #expect(!wasStopped && perplexities.count == 60)
    #expect(perplexities[59] < 1.3 && perplexities[0] > 2)
    var text = CharacterContinuation(by: model)
    for character in "abcab" { text.append(String(character)) }
    #expect(text.next[0].character == "d" && text.next[0].probability > 0.9)
    #expect(text.next.map(\.probability).reduce(0, +) <= 1.0001)
    var random = SplitMix64(seed: 1)
    while text.text.count < 11, text.extend(temperature: 0.01, using: &random) {}
    #expect(text.text == "abcabdabcab")
  }

  @Test func `the number of threads changes nothing`() async throws {
    let lines = (0..<50).map { "line \($0) of \($0 * $0)" }
    var options = Self.options
    (options.epochCount, options.dropout, options.batchSize) = (2, 0.2, 40)
    var files: [[UInt8]] = []
    for threadCount in [1, 3] {
      let trainer = try LanguageTrainer(lines: lines, options: options, threadCount: threadCount)
      files.append(try await trainer.run().model.serialized())
    }
    #expect(files[0] == files[1])
  }

  @Test func `long lines are cut, and rare characters are unknown`() async throws {
    let lines = [String(repeating: "ab ", count: 400), "b", "", "  a\t b  "]
    let trainer = try LanguageTrainer(lines: lines, options: Self.options, threadCount: 1)
    #expect(trainer.characterCount > 1000 && trainer.sentenceCount >= 4)
    #expect(trainer.characters == [" ", "a", "b"])
  }

  @Test func `what cannot be learned from is refused`() {
    for lines in [[], ["", " "], ["ab"]] {
      #expect(throws: TrainingError.tooLittleText) {
        try LanguageTrainer(lines: lines, threadCount: 1)
      }
    }
    var options = Self.options
    options.hiddenSize = 0
    #expect(throws: TrainingError.self) {
      try LanguageTrainer(lines: ["a", "b"], options: options, threadCount: 1)
    }
  }

  @Test func `a run that is stopped before its first step has no model`() async throws {
    let trainer = try LanguageTrainer(lines: ["ab", "ba"], options: Self.options, threadCount: 1)
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return try await trainer.run().wasStopped
    }
    task.cancel()
    await #expect(throws: TrainingError.stoppedBeforeFirstStep) { _ = try await task.value }
  }
}
