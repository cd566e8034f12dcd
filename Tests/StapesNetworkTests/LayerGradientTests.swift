import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// Every parameter's gradient of every kind of layer, and the inputs', against central differences.
@Suite struct LayerGradientTests {
  static let architectures = [
    "4 dense tanh, 3 dense relu norm", "3 elman both, 3 elman relu", "stack 2, 2x3 elman tanh norm",
    "3 lstm peepholes both, 3 lstm peepholes", "4 lstm project 2 both, 4 lstm peepholes project 3",
    "2x3 gru both", "2x3 gru reset-before both", "2x3 gru norm residual, dropout 0.3",
    "3 gru, look-ahead 2, 3 lstm, look-ahead 1 norm, dropout 0.3 whole-clip",
    "stack 2, 3 gru both, pool last", "3 lstm, pool last",
    "3 elman both norm, pool mean, dropout 0.3",
    "conv 2 kernel 3x3 stride 2x2 tanh, conv 3 kernel 2x5 clipped 3 norm, 3 gru",
    "conv 2 kernel 1x2 stride 1x3 tanh norm, stack 2 stride 1, 3 lstm both norm, 6 dense residual",
  ]

  @Test(arguments: architectures)
  func `gradients agree with central differences`(text: String) throws {
    let architecture = try NetworkArchitecture(text)
    let configuration = NetworkConfiguration(
      featureCount: 3, architecture: architecture, classCount: 3)
    var generator = SplitMix64(seed: 12)
    var network = try Network(configuration: configuration, using: &generator)
    for index in network.parameters.tensors.indices {
      network.parameters.tensors[index].matrix.values =
        network.parameters.tensors[index].matrix.values.map {
          $0 + Float.random(in: -0.3...0.3, using: &generator)
        }
    }
    var clips = [4, 7, 0, 1, 4].map {
      randomMatrix(rowCount: $0, columnCount: 3, using: &generator)
    }
    let weights = clips.map {
      let rows = configuration.outputFrameCount(forFrames: $0.rowCount)
      return randomMatrix(rowCount: rows, columnCount: 3, using: &generator)
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

    var (count, kinks) = (0, 0)
    func check(_ found: Float, _ name: String, _ change: (Float) -> Void) {
      func slope(_ step: Float) -> Double {
        change(step)
        let above = loss()
        change(-2 * step)
        let below = loss()
        change(step)
        return (above - below) / Double(2 * step)
      }
      let (slope, near) = (slope(4e-3), slope(2e-3))
      count += 1
      // Where a rectifier turns between the two points the differences say nothing.
      if abs(slope - near) > 2e-3 * max(1, abs(near)) {
        kinks += 1
      } else {
        #expect(abs(Double(found) - near) < 3e-3 * max(1, abs(near)), "\(name): \(near)")
      }
    }
    for (position, tensor) in gradient.tensors.enumerated() {
      for (index, found) in tensor.matrix.values.enumerated() {
        check(found, "\(tensor.name)[\(index)]") {
          network.parameters.tensors[position].matrix.values[index] += $0
        }
      }
    }
    for (clip, clipGradient) in inputGradients.enumerated() {
      for (index, found) in clipGradient.values.enumerated() {
        check(found, "clip \(clip)[\(index)]") { clips[clip].values[index] += $0 }
      }
    }
    #expect(kinks * 20 <= count, "\(kinks) of \(count)")
  }
}
