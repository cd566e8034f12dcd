internal import FoundationEssentials
public import StapesCorpus

/// Trains a recogniser on labelled clips.
///
/// ```swift
/// let corpus = try Corpus(readingFrom: ["clips"])
/// let trainer = try Trainer(corpus: corpus, options: .recommended(for: corpus))
/// for try await event in trainer.run() {
///   if case .finished(let outcome) = event { try outcome.model.write(to: "model.safetensors") }
/// }
/// ```
///
/// The network learns by CTC (Graves et al., 2006) and Adam; each epoch is validated by greedy
/// decoding, and the model of the epoch with the fewest character errors is kept (of equals, the
/// one with the lower loss). The same clips, options and machine give the same model on any number
/// of threads.
public struct Trainer: Sendable {
  /// The clips that are trained on.
  public let training: Corpus
  /// The clips that are validated on.
  public let validation: Corpus
  /// How the corpus was parted; nil when the validation clips came apart from it.
  public let holdOut: HoldOut?
  /// The options of the run.
  public let options: TrainingOptions
  /// The number of threads.
  public let threadCount: Int
  /// The bytes of samples that are kept in memory.
  public let sampleMemory: Int
  /// The folder for the samples that memory has no room for; nil for none.
  public let sampleFolder: String?

  private let stopSignal = StopSignal()

  /// Prepares a run.
  ///
  /// - Parameters:
  ///   - corpus: the clips to train on.
  ///   - validation: the clips to validate on; nil holds out a share of the corpus.
  ///   - options: how to train.
  ///   - threadCount: the number of threads, nil for one a processor; it changes the speed, not the
  ///     model.
  ///   - sampleMemory: how many bytes of samples to keep in memory; further clips are decoded again
  ///     in each epoch, to the same end.
  ///   - sampleFolder: a folder to keep the samples of such clips in, for this run and others: 2
  ///     bytes a sample; nil for none. It is made when it is not there.
  /// - Throws: `TrainingError` for an option out of range, and where no clip is left to train or
  ///   to validate on.
  public init(
    corpus: Corpus, validation: Corpus? = nil, options: TrainingOptions,
    threadCount: Int? = nil, sampleMemory: Int = 4 << 30, sampleFolder: String? = nil
  ) throws(TrainingError) {
    try options.validate()
    let threadCount = threadCount ?? ProcessInfo.processInfo.activeProcessorCount
    try TrainingError.check("number of threads", threadCount, within: 1...10_000)
    try TrainingError.check("memory for samples", sampleMemory, within: 0...Int.max)
    self.options = options
    self.sampleMemory = sampleMemory
    self.sampleFolder = sampleFolder
    self.threadCount = threadCount
    holdOut =
      validation == nil
      ? corpus.holdingOut(fraction: options.validationShare, seed: options.seed) : nil
    training = holdOut?.training ?? corpus
    self.validation = holdOut?.validation ?? validation ?? Corpus(clips: [])
    guard !training.clips.isEmpty else { throw .nothingToTrainOn(unused: []) }
    guard !self.validation.clips.isEmpty else {
      throw .nothingToValidateOn(unused: [])
    }
  }

  /// Trains, telling what happens.
  ///
  /// The last event is `TrainingEvent.finished`. Whoever stops listening ends the run.
  ///
  /// - Returns: the events; it throws `TrainingError`, and `AudioError` when a clip can no longer
  ///   be read.
  public func run() -> AsyncThrowingStream<TrainingEvent, any Error> {
    AsyncThrowingStream { continuation in
      let task = Task {
        do {
          try await execute { continuation.yield($0) }
          continuation.finish()
        } catch {
          continuation.finish(throwing: error)
        }
      }
      continuation.onTermination = { _ in task.cancel() }
    }
  }

  /// Ends the run after the current step: the best model so far is its outcome.
  ///
  /// Before the end of the first epoch, that is the model of the current step.
  public func stop() {
    stopSignal.request()
  }

  /// Whether the run was told to end.
  var isStopped: Bool { stopSignal.isRequested }

  private func execute(report: @escaping @Sendable (TrainingEvent) -> Void) async throws {
    let preparation = TrainingPreparation(trainer: self, report: report)
    let (material, validationSet) = try await preparation.prepare()
    var run = try TrainingRun(
      trainer: self, material: material, validationSet: validationSet, report: report)
    try await run.train()
  }
}
