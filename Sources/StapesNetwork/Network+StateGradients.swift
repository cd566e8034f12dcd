public import StapesKernels

/// ∂loss/∂state of a recurrent layer, at each time.
public struct StateGradients: Sendable {
  /// The position of the layer among the architecture's.
  public let layer: Int
  /// For each clip [T′ × S]: S is the layer's outputs of the forward direction, and behind them, in
  /// an LSTM, its cells.
  public let clips: [Matrix]
}

extension Network {
  /// Goes back through a batch, and tells how the loss depends on the states of recurrent layers.
  ///
  /// The state of time t is what the layer hands on: its output h of the forward direction, to the
  /// next time and to the layers above, and in an LSTM the cells c, to the next time. The gradient
  /// is the total one, along all ways from there to the loss: those through the layers above too.
  ///
  /// - Parameters:
  ///   - pass: what `forward` returned.
  ///   - logitGradients: ∂loss/∂logits of each clip, [T′ × C].
  /// - Returns: the gradients of the recurrent layers, the first layer's first.
  public func stateGradients(_ pass: ForwardPass, logitGradients: [Matrix]) -> [StateGradients] {
    var found: [StateGradients] = []
    var unused = NetworkParameters.zeros(for: configuration)
    let batch = pass.batch
    _ = backward(
      pass, logitGradients: logitGradients, into: &unused, wantsInputGradients: false
    ) { layer, pass in
      guard let gradients = pass.traces.first?.stateGradients else { return }
      found.append(StateGradients(layer: layer, clips: batch.unpacked(gradients)))
    }
    return found.reversed()
  }
}
