import StapesKernels
import StapesNetwork
import StapesTraining
import TestSupport
import Testing

/// Training with a known class for each output, by what a program of one's own would call.
@Suite struct FrameLabelTests {
  /// Sequences of marks, each labelled with the mark two steps before it; the first two have no
  /// label, so only a memory can know.
  private func sequences(_ count: Int, seed: UInt64) -> [(features: Matrix, labels: [Int?])] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in
      let marks = (0..<12).map { _ in Int.random(in: 0..<3, using: &random) }
      var features = Matrix(rowCount: 12, columnCount: 3)
      for (row, mark) in marks.enumerated() { features[row, mark] = 1 }
      return (features, (0..<12).map { $0 < 2 ? nil : marks[$0 - 2] })
    }
  }

  private func accuracy(_ network: Network, on data: [(features: Matrix, labels: [Int?])]) -> Double
  {
    var (right, count) = (0, 0)
    for (logits, labels) in zip(network.logits(of: data.map(\.features)), data.map(\.labels)) {
      for (row, label) in labels.enumerated() {
        guard let label else { continue }
        let values = Array(logits.row(row))
        right += values.indices.max { values[$0] < values[$1] } == label ? 1 : 0
        count += 1
      }
    }
    return Double(right) / Double(count)
  }

  @Test(arguments: [("16 lstm", 0.99...1.0), ("16 dense", 0.2...0.5)])
  func aMemoryLearnsLabelsOfFrames(text: String, expected: ClosedRange<Double>) async throws {
    var random = SplitMix64(seed: 5)
    let configuration = NetworkConfiguration(
      featureCount: 3, architecture: try NetworkArchitecture(text), classCount: 3)
    let fresh = try Network(configuration: configuration, using: &random)
    let options = TrainingOptions()
    var weights = TrainedWeights(fresh.parameters, optimizer: options.optimizer)
    let data = sequences(64, seed: 1)
    for _ in 0..<150 {
      let network = try Network(configuration: configuration, parameters: weights.parameters)
      let pass = network.forward(data.map(\.features), dropoutSeed: 0)
      let losses = zip(pass.logits, data).map { CrossEntropy.loss(logits: $0, labels: $1.labels) }
      var gradient = NetworkParameters.zeros(for: configuration)
      network.backward(pass, logitGradients: losses.map(\.gradient), into: &gradient)
      try await weights.update(
        gradient: gradient, options: options, learningRate: 0.02, gradientScale: 1 / 640)
    }
    let trained = try Network(configuration: configuration, parameters: weights.parameters)
    let found = accuracy(trained, on: sequences(32, seed: 2))
    #expect(expected.contains(found), "\(text): \(found)")
  }
}
