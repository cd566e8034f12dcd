internal import StapesKernels
package import StapesNetwork

/// One of the networks that are measured, and the batch that it is given.
package struct NetworkShape: Sendable {
  /// The name of the case: layers x hidden units, `-bi` for both directions.
  package let name: String
  /// The network.
  package let configuration: NetworkConfiguration
  /// The number of clips in a batch.
  package let batchSize: Int
  /// The frames of each clip.
  package let frameCount: Int

  /// The networks that the peers measure too.
  package static let all = [
    NetworkShape("2x256", 2, 256, batchSize: 16, frameCount: 400, featureCount: 39),
    NetworkShape("2x256-bi", 2, 256, batchSize: 16, frameCount: 400, featureCount: 39),
    NetworkShape("3x512", 3, 512, batchSize: 16, frameCount: 400, featureCount: 78),
    largest,
  ]

  /// The network for clips of any length and for a processor that is shared.
  package static let largest = NetworkShape(
    "3x320-bi", 3, 320, batchSize: 32, frameCount: 300, featureCount: 120)

  /// The network for frames that come one at a time.
  package static let stream = NetworkShape(
    "3x512", 3, 512, batchSize: 1, frameCount: 200, featureCount: 39)

  /// The name of a case that differs in its precision: nothing is added for 32-bit floats.
  func name(in precision: some RawRepresentable<String>) -> String {
    precision.rawValue == "float32" ? name : "\(name)-\(precision.rawValue)"
  }

  private init(
    _ name: String, _ layerCount: Int, _ hiddenSize: Int, batchSize: Int, frameCount: Int,
    featureCount: Int
  ) {
    self.name = name
    self.batchSize = batchSize
    self.frameCount = frameCount
    configuration = NetworkConfiguration(
      featureCount: featureCount, stackCount: 1, stride: 1, layerCount: layerCount,
      hiddenSize: hiddenSize, isBidirectional: name.hasSuffix("-bi"), dropout: 0, classCount: 29)
  }

  /// Networks of layers other than LSTM, by the work that trains them.
  package static let others: [(work: String, shape: NetworkShape)] = [
    ("gru-train", "2x256", "2x256 gru", 16, 400, 39),
    ("gru-train", "3x320-bi", "3x320 gru both", 32, 300, 120),
    ("elman-train", "2x256-tanh", "2x256 elman tanh", 16, 400, 39),
    ("elman-train", "2x256-relu", "2x256 elman relu", 16, 400, 39),
    ("conv-train", "conv2-512-dense", "conv2 stride 2, 512 dense relu", 16, 300, 80),
    ("conv-train", "conv2-3x320-gru-bi", "conv2 stride 2, 3x320 gru both", 16, 300, 80),
  ].compactMap { work, name, words, batchSize, frameCount, featureCount in
    guard let architecture = try? NetworkArchitecture(words) else { return nil }
    let configuration = NetworkConfiguration(
      featureCount: featureCount, architecture: architecture, classCount: 29)
    return (
      work,
      NetworkShape(
        name: name, configuration: configuration, batchSize: batchSize, frameCount: frameCount)
    )
  }

  private init(
    name: String, configuration: NetworkConfiguration, batchSize: Int, frameCount: Int
  ) {
    self.name = name
    self.configuration = configuration
    self.batchSize = batchSize
    self.frameCount = frameCount
  }

  /// A network with random weights.
  func network() throws -> Network {
    var random = SplitMix64(seed: 0)
    return try Network(configuration: configuration, using: &random)
  }

  /// Clips of the usual length.
  func clips() -> [Matrix] {
    clips(ofLengths: [Int](repeating: frameCount, count: batchSize))
  }

  /// Clips of normal noise.
  func clips(ofLengths lengths: [Int]) -> [Matrix] {
    var random = SplitMix64(seed: 1)
    return lengths.map {
      .normal(rowCount: $0, columnCount: configuration.featureCount, using: &random)
    }
  }

  /// The floating-point operations of a step of training over a batch of the usual length: three
  /// times those of the products of the forward pass, since the backward pass makes two for each.
  ///
  /// The first layer's input needs no gradient, which this leaves out of account.
  package var stepOperationCount: Double {
    3 * 2 * configuration.multiplyAddCountPerFrame * Double(batchSize * frameCount)
  }
}

extension Matrix {
  /// A matrix of standard normal numbers.
  static func normal(
    rowCount: Int, columnCount: Int, using random: inout SplitMix64
  ) -> Matrix {
    var matrix = Matrix(rowCount: rowCount, columnCount: columnCount)
    matrix.values = matrix.values.map { _ in Float(random.nextNormal()) }
    return matrix
  }
}

extension [Int] {
  /// Labels other than blank.
  static func randomLabels(
    count: Int, classCount: Int, using random: inout SplitMix64
  ) -> [Int] {
    (0..<count).map { _ in Int.random(in: 1..<classCount, using: &random) }
  }
}
