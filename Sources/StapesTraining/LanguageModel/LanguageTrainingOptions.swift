public import StapesKernels
public import StapesRecipe
internal import StapesText

/// How a neural language model learns.
public struct LanguageTrainingOptions: Codable, Sendable, Equatable {
  /// The number of layers of the network.
  public var layerCount: Int
  /// The number of hidden units of each layer.
  public var hiddenSize: Int
  /// The share of each layer's outputs that training sets to zero.
  public var dropout: Double
  /// How often each sentence is seen.
  public var epochCount: Int
  /// How the learning rate moves.
  public var learningRate: LearningRateSchedule
  /// The number of sentences that a step learns from.
  public var batchSize: Int
  /// The length that a longer gradient, of the mean loss per character, is shortened to.
  public var gradientNormLimit: Double
  /// The share of the sentences held out for validation.
  public var validationShare: Double
  /// How products are computed.
  public var precision: ProductPrecision
  /// The seed of all random choices.
  public var seed: UInt64

  /// Makes options.
  public init(
    layerCount: Int = 2, hiddenSize: Int = 256, dropout: Double = 0.1, epochCount: Int = 10,
    learningRate: LearningRateSchedule = LearningRateSchedule(peak: 4e-3, warmUpFraction: 0.02),
    batchSize: Int = 32, gradientNormLimit: Double = 1, validationShare: Double = 0.02,
    precision: ProductPrecision = .float32, seed: UInt64 = 1
  ) {
    self.layerCount = layerCount
    self.hiddenSize = hiddenSize
    self.dropout = dropout
    self.epochCount = epochCount
    self.learningRate = learningRate
    self.batchSize = batchSize
    self.gradientNormLimit = gradientNormLimit
    self.validationShare = validationShare
    self.precision = precision
    self.seed = seed
  }

  /// Options for a text of so many characters: the less text, the more often each sentence is seen.
  public static func recommended(characterCount: Int) -> LanguageTrainingOptions {
    LanguageTrainingOptions(epochCount: min(max(20_000_000 / max(characterCount, 1), 1), 30))
  }

  /// Checks that every setting is in its range.
  ///
  /// - Throws: `TrainingError.settingOutOfRange` and `.unsupportedPrecision`.
  public func validate() throws(TrainingError) {
    try TrainingError.check("number of layers", layerCount, within: 1...8)
    try TrainingError.check("number of hidden units", hiddenSize, within: 1...4096)
    try TrainingError.check("dropout", dropout, within: 0...0.9)
    try TrainingError.check("number of epochs", epochCount, within: 1...10_000)
    try TrainingError.check("learning rate", learningRate.peak, within: 1e-6...1)
    try TrainingError.check("batch size", batchSize, within: 1...10_000)
    try TrainingError.check("gradient clipping threshold", gradientNormLimit, within: 1e-3...1e6)
    try TrainingError.check("validation share", validationShare, within: 0.001...0.5)
    guard precision.isSupported else { throw .unsupportedPrecision(precision) }
  }
}
