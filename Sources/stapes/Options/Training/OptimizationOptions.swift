public import ArgumentParser
public import Stapes

/// How the weights of a model are found.
struct OptimizationOptions: ParsableArguments {
  @Option(help: "How a step moves the weights: sgd (with momentum), adam or adamw.")
  var optimizer: OptimizerOptions.Method?

  @Option(help: "The learning rate after its warm-up: cosine, constant, or plateau to halve it.")
  var schedule: LearningRateSchedule.Shape?

  @Option(help: "How much each weight shrinks per step and unit of learning rate.")
  var weightDecay: Double?

  @Option(
    help: ArgumentHelp(
      "End the training after so many epochs without a better one.", valueName: "epochs"))
  var patience: Int?

  @Option(
    help: ArgumentHelp(
      "At the end, average the weights of so many of the best epochs, if that is better.",
      valueName: "number"))
  var averageBest: Int?

  @Option(
    help: ArgumentHelp(
      "How far the network is drawn towards equal chances for all characters, from 0.",
      valueName: "share"))
  var labelSmoothing: Double?

  @Option(
    help: ArgumentHelp(
      """
      With --from: what stays as it is: front (what comes before the layers), layers (all but the \
      output), or so many of the first layers.
      """, valueName: "part"))
  var freeze: FineTuning.Frozen?

  @Option(
    help: ArgumentHelp(
      "With --from: what the learning rate is multiplied by for each layer from the output down.",
      valueName: "factor"))
  var layerRateDecay: Double?

  @Option(
    help: ArgumentHelp(
      "With --replay: the share of each epoch's clips that is seen again; 0.3 without it.",
      valueName: "share"))
  var replayShare: Double?

  /// Lays what is given over options.
  func apply(to options: inout TrainingOptions) {
    if let optimizer { options.optimizer.method = optimizer }
    if let schedule { options.learningRate.shape = schedule }
    if let weightDecay { options.weightDecay = weightDecay }
    if let patience { options.patience = patience }
    if let averageBest { options.averagedModelCount = averageBest }
    if let freeze { options.fineTuning.frozen = freeze }
    if let layerRateDecay { options.fineTuning.layerRateDecay = layerRateDecay }
    if let replayShare { options.fineTuning.replayShare = replayShare }
    if let labelSmoothing { options.labelSmoothing = labelSmoothing }
  }
}

extension OptimizerOptions.Method: ExpressibleByArgument {}
extension FineTuning.Frozen: ExpressibleByArgument {}
extension LearningRateSchedule.Shape: ExpressibleByArgument {}
