internal import StapesKernels
internal import StapesNetwork

extension NetworkGraph {
  /// Rows [N × F · D] → [N′ × F′ · channels].
  mutating func convolved(
    _ rows: String, by convolution: Convolution2D, frequencyCount: Int, channelCount: Int
  ) -> String {
    let (kernel, stride) = (convolution.kernel, convolution.stride)
    let frames = graph.add(
      "Reshape", rows, graph.constant(1, -1, frequencyCount, channelCount))
    let image = graph.add(
      "Transpose", frames, attributes: [("perm", .integers([0, 3, 1, 2]))])
    // Ours has the channel fastest, ONNX [channels × D × frames × frequencies].
    let patch = kernel.time * kernel.frequency
    let taps = weights("weights")
    let turned = (0..<taps.rowCount).flatMap { row in
      (0..<channelCount).flatMap { channel in
        (0..<patch).map { taps[row, $0 * channelCount + channel] }
      }
    }
    let shape = [convolution.channelCount, channelCount, kernel.time, kernel.frequency]
    // With kernel − 1 zeros in all there is an output for each stride begun.
    let before = [(kernel.time - 1) / 2, (kernel.frequency - 1) / 2]
    let after = [kernel.time / 2, kernel.frequency / 2]
    let outputs = graph.add(
      "Conv", image, graph.constant("weights", shape, turned), constant("bias", isVector: true),
      attributes: [
        ("pads", .integers(before + after)),
        ("strides", .integers([stride.time, stride.frequency])),
      ])
    let turnedBack = graph.add(
      "Transpose", activated(outputs, by: convolution.activation),
      attributes: [("perm", .integers([0, 2, 3, 1]))])
    let outputCount =
      (frequencyCount + stride.frequency - 1) / stride.frequency * convolution.channelCount
    let joined = graph.add("Reshape", turnedBack, graph.constant(-1, outputCount))
    return convolution.isNormalized ? normalizedRows(joined) : joined
  }

  /// y_t = Σ_k w_k ⊙ x_{t+k}: a convolution over time of each column by itself.
  mutating func lookingAhead(_ rows: String, _ layer: RowConvolution) -> String {
    let taps = weights("taps")
    let turned = (0..<taps.columnCount).flatMap { unit in
      (0..<taps.rowCount).map { taps[$0, unit] }
    }
    let columns = graph.add("Transpose", rows, attributes: [("perm", .integers([1, 0]))])
    let outputs = graph.add(
      "Conv", graph.add("Unsqueeze", columns, graph.constant(0)),
      graph.constant("taps", [taps.columnCount, 1, taps.rowCount], turned),
      attributes: [
        ("group", .integer(taps.columnCount)), ("pads", .integers([0, layer.lookAhead])),
      ])
    return graph.add(
      "Transpose", graph.add("Squeeze", outputs, graph.constant(0)),
      attributes: [("perm", .integers([1, 0]))])
  }
}
