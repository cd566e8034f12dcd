internal import StapesFiles
internal import StapesModel
internal import StapesNetwork
internal import StapesRecipe

/// A run of a language trainer under way.
struct LanguageTrainingRun {
  private let trainer: LanguageTrainer
  private var state: LanguageTrainingState
  private let begin = ContinuousClock.now
  /// The characters that were learned from: of all epochs, of this one, and since the last round.
  private var all = 0
  private var inEpoch = 0
  private var inRound = 0
  /// The sum of the losses of this epoch.
  private var loss = 0.0
  private var best: NeuralLanguageModel?
  /// Whether a step, and with it the run, was cancelled on any rank.
  private var isStopped = false
  private var leastPerplexity = Double.infinity

  /// The characters after which a long epoch is validated.
  private static let longestRound = 3_000_000

  /// Sets up the network with random weights.
  ///
  /// - Throws: `TrainingError.network`.
  init(_ trainer: LanguageTrainer) throws(TrainingError) {
    self.trainer = trainer
    state = try rethrowing(
      LanguageTrainingState(options: trainer.options, characters: trainer.characters),
      as: TrainingError.network)
  }

  /// The characters of the whole run.
  private var goal: Int { trainer.characterCount * trainer.options.epochCount }

  /// Trains to the end, or until the task is cancelled.
  mutating func train(
    threadCount: Int, report: (LanguageTrainer.Event) throws -> Void
  ) async throws -> (model: NeuralLanguageModel, wasStopped: Bool) {
    for epoch in 0..<trainer.options.epochCount where !isStopped {
      (loss, inEpoch) = (0, 0)
      let batches = trainer.batches(ofEpoch: epoch)
      for (index, batch) in batches.enumerated() {
        let shards = trainer.shards(of: batch)
        let stepLoss = try await state.step(
          on: shards, progress: Double(all) / Double(goal), threadCount: threadCount,
          ranks: trainer.ranks)
        guard let stepLoss else {
          isStopped = true
          break
        }
        let count = shards.joined().reduce(0) { $0 + $1.count + 1 }
        (all, inEpoch, inRound, loss) = (
          all + count, inEpoch + count, inRound + count, loss + stepLoss
        )
        try report(.step(progress(epoch: epoch)))
        if index == batches.count - 1 || inRound >= Self.longestRound {
          try await validate(epoch: epoch, report: report)
        }
      }
    }
    if best == nil, all > 0 { best = state.model(epoch: 0) }
    guard let best else { throw TrainingError.stoppedBeforeFirstStep }
    return (best, all < goal)
  }

  /// Measures the model, and keeps it if it is the best so far.
  private mutating func validate(
    epoch: Int, report: (LanguageTrainer.Event) throws -> Void
  ) async throws {
    inRound = 0
    let model = state.model(epoch: epoch + 1)
    let perplexity = try await trainer.perplexity(of: model)
    let isBest = best == nil || perplexity < leastPerplexity
    if isBest { (best, leastPerplexity) = (model, perplexity) }
    try report(
      .round(
        progress(epoch: epoch), perplexity: perplexity, improved: isBest ? model : nil))
  }

  private func progress(epoch: Int) -> LanguageTrainer.Progress {
    let elapsed = (ContinuousClock.now - begin) / .seconds(1)
    let pace = Double(all) / max(elapsed, 1e-9)
    return LanguageTrainer.Progress(
      epoch: epoch + 1, loss: loss / Double(max(inEpoch, 1)), charactersPerSecond: pace,
      secondsLeft: Double(goal - all) / max(pace, 1e-9))
  }
}
