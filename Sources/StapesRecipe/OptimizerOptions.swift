internal import StapesText

/// How a step moves the weights along the gradient.
public struct OptimizerOptions: Codable, Sendable, Equatable {
  /// A method of optimisation.
  public enum Method: String, Codable, Sendable, CaseIterable {
    /// Gradient descent with momentum; see `MomentumStep`.
    case sgd
    /// Adam (Kingma and Ba, 2015), where weight decay is part of the gradient.
    case adam
    /// Adam with weight decay apart from the gradient (Loshchilov and Hutter, 2019).
    case adamW = "adamw"
  }

  /// The method.
  public var method = Method.adamW
  /// How much of the velocity `sgd` keeps at each step, in 0..<1.
  public var momentum = 0.9
  /// Whether `sgd` looks ahead (Nesterov).
  public var looksAhead = true
  /// β₁, how much of the mean of past gradients Adam keeps at each step.
  public var firstDecay = 0.9
  /// β₂, how much of the mean of past squared gradients Adam keeps at each step.
  public var secondDecay = 0.999
  /// ε, which bounds Adam's step where gradients are tiny.
  public var epsilon = 1e-8

  /// Makes the default options.
  public init() {}

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange`.
  public func validate() throws(TrainingError) {
    try TrainingError.check("momentum", momentum, within: 0...0.9999)
    try TrainingError.check("first decay", firstDecay, within: 0...0.999_999)
    try TrainingError.check("second decay", secondDecay, within: 0...0.999_999_9)
    try TrainingError.check("epsilon", epsilon, within: 1e-30...1)
  }
}
