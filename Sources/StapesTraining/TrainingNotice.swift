internal import StapesRecipe

/// What a run says besides its figures.
public enum TrainingNotice: Sendable, Equatable {
  /// It goes on from a checkpoint.
  case resumed(path: String, epoch: Int, step: Int)
  /// A time budget decided how many epochs, of how wide a network, there will be.
  case fitted(epochCount: Int, wantedEpochCount: Int, hiddenSize: Int, wantedHiddenSize: Int)
  /// It is slower than planned, and there is time for fewer epochs.
  case shortened(epochCount: Int, plannedEpochCount: Int)
  /// It diverged, and returned to the weights of an earlier epoch (0 for those it began with)
  /// with a smaller learning rate.
  case rolledBack(toEpoch: Int, rateFactor: Double)
  /// Validation has not become better for some epochs, and the learning rate was halved.
  case rateHalved(epochCount: Int, rateFactor: Double)
  /// For so many epochs the network has read nothing in any validation clip.
  case onlyBlanks(epochCount: Int)
  /// Validation has not become better for so many epochs, and the run ends.
  case endedEarly(epochCount: Int)
  /// The mean of the best epochs' weights is better than each of them.
  case averaged(epochs: [Int])
  /// No clip that was held out can be used, so this one is validated on instead.
  case validatesOnAnother(clip: String)
  /// None of the validation clips, such as the one of this path and text, can be scored: the texts
  /// are too long for their sound, or have what no training text has.
  case nothingToScore(clipCount: Int, example: String, text: String, isTooLong: Bool)
  /// So much of the background that was looked at sounds most like the phrases; the worst by name.
  case foundHardBackground(clips: [String], count: Int, of: Int)
  /// A checkpoint could not be written.
  case checkpointFailed(CheckpointError)
}

extension TrainingNotice: CustomStringConvertible {
  /// What happened and, where something is amiss, what helps.
  public var description: String {
    switch self {
    case .resumed(let path, let epoch, let step):
      "resuming from \(path): epoch \(epoch), \(step) \(step == 1 ? "step" : "steps") done"
    case .fitted(let epochs, let wantedEpochs, let width, let wantedWidth):
      """
      the time limit allows \(epochs) of \(wantedEpochs) \
      epochs\(width == wantedWidth ? "" : " of a network of \(width) units instead of \(wantedWidth)")
      """
    case .shortened(let count, let planned):
      "slower than measured before: the time limit allows \(count) of \(planned) epochs"
    case .rolledBack(let epoch, let factor):
      """
      the training diverged; it continues from the weights of \
      \(epoch == 0 ? "the start" : "epoch \(epoch)") with \(factor) of the learning rate
      """
    case .rateHalved(let count, let factor):
      """
      no improvement for \(count) epochs: the learning rate is reduced to \(factor) of its setting
      """
    case .onlyBlanks(let count):
      """
      for \(count) epochs the model has predicted nothing but blanks, which are most frequent; a \
      few more epochs often end this: if not, check that each text belongs to its clip, and try a \
      smaller --set batchSeconds, another --learning-rate, or --no-augment
      """
    case .endedEarly(let count): "no improvement for \(count) epochs: early stopping"
    case .averaged(let epochs):
      """
      the average of the weights of epochs \(epochs.map(String.init).joined(separator: ", ")) is \
      better than each of them
      """
    case .validatesOnAnother(let clip):
      "\(clip): used for validation, because no clip of the validation set is usable"
    case .nothingToScore(let count, let example, let text, let isTooLong):
      """
      \(example): \
      \(count == 1 ? "the only validation clip" : "this, like all \(count) validation clips,") has \
      no loss, because its text “\(text)” \
      \(isTooLong ? "is too long for its sound" : "has characters that no training clip has"), \
      which leaves no reliable measure of the best epoch; train on more clips, or give others with \
      --validation
      """
    case .foundHardBackground(let clips, let count, let all):
      """
      \(count) of \(all) parts of the background sound most like the phrases, and half of what each \
      epoch has is drawn from them; listen for a phrase in \(clips.joined(separator: ", "))
      """
    case .checkpointFailed(let error): error.description
    }
  }

  /// Whether something is amiss.
  public var isWarning: Bool {
    switch self {
    case .rolledBack, .onlyBlanks, .validatesOnAnother, .nothingToScore, .checkpointFailed: true
    case .resumed, .fitted, .shortened, .rateHalved, .endedEarly, .averaged,
      .foundHardBackground:
      false
    }
  }
}
