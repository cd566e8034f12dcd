import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Every parameter's gradient, and the inputs', against central differences.
@Suite struct NetworkGradientTests {
  static let shapes: [NetworkConfiguration] = [false, true].flatMap { isBidirectional in
    [0, 0.4].flatMap { dropout in
      [(1, 1), (2, 2), (3, 2)].map { stackCount, stride in
        NetworkConfiguration(
          featureCount: 2, stackCount: stackCount, stride: stride, layerCount: 2, hiddenSize: 3,
          isBidirectional: isBidirectional, dropout: dropout, classCount: 4)
      }
    }
  }

  @Test(arguments: shapes)
  func gradientsAgreeWithCentralDifferences(configuration: NetworkConfiguration) throws {
    var generator = SplitMix64(seed: 11)
    var network = try Network(configuration: configuration, using: &generator)
    var clips = [4, 7, 0, 1, 4].map {
      randomMatrix(rowCount: $0, columnCount: 2, using: &generator)
    }
    let weights = clips.map {
      let rows = configuration.outputFrameCount(forFrames: $0.rowCount)
      return randomMatrix(rowCount: rows, columnCount: 4, using: &generator)
    }
    /// A linear function of the logits: its gradient for the logits is `weights`.
    func loss() -> Double {
      let logits = network.forward(clips, dropoutSeed: 5).logits
      return zip(logits, weights).reduce(0) { total, pair in
        zip(pair.0.values, pair.1.values).reduce(total) { $0 + Double($1.0) * Double($1.1) }
      }
    }
    var gradient = NetworkParameters.zeros(for: configuration)
    let inputGradients = network.backward(
      network.forward(clips, dropoutSeed: 5), logitGradients: weights, into: &gradient,
      wantsInputGradients: true)

    func difference(_ change: (Float) -> Void) -> Double {
      let step: Float = 4e-3
      change(step)
      let above = loss()
      change(-2 * step)
      let below = loss()
      change(step)
      return (above - below) / Double(2 * step)
    }
    for (position, tensor) in gradient.tensors.enumerated() {
      for (index, found) in tensor.matrix.values.enumerated() {
        let expected = difference {
          network.parameters.tensors[position].matrix.values[index] += $0
        }
        #expect(abs(Double(found) - expected) < 2e-3, "\(tensor.name)[\(index)]")
      }
    }
    for (clip, clipGradient) in inputGradients.enumerated() {
      for (index, found) in clipGradient.values.enumerated() {
        let expected = difference { clips[clip].values[index] += $0 }
        #expect(abs(Double(found) - expected) < 2e-3, "clip \(clip)[\(index)]")
      }
    }
  }
}
