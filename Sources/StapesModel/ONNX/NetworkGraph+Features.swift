internal import StapesFeatures

extension NetworkGraph {
  /// Features brought to mean 0 and deviation 1; see `FeatureNormalization`.
  mutating func normalized(
    _ features: String, by normalization: FeatureNormalization, featureCount: Int
  ) -> String {
    graph.scope = "normalization"
    switch normalization {
    case .none:
      return features
    case .perClip:
      let mean = meanOverTime(features)
      let distances = graph.add("Sub", features, mean)
      let variance = meanOverTime(graph.add("Mul", distances, distances))
      return divided(distances, byRootOf: variance)
    case .smoothed(let frameCount, let means, let deviations):
      let share = shareOfClip(features, beside: frameCount)
      return normalized(features, means: means, deviations: deviations) { graph, values in
        graph.graph.add("Mul", graph.meanOverTime(values), share)
      }
    case .global(let means, let deviations):
      let distances = graph.add(
        "Sub", features, graph.constant("means", [featureCount], means))
      let divisors = deviations.map { max($0, FeatureNormalization.leastDeviation) }
      return graph.add(
        "Div", distances, graph.constant("deviations", [featureCount], divisors))
    case .sliding(let frameCount, let means, let deviations):
      return normalized(features, means: means, deviations: deviations) { graph, values in
        graph.movingAverage(values, frameCount: frameCount)
      }
    }
  }

  /// The mean of each column, [1 × columns].
  mutating func meanOverTime(_ rows: String) -> String {
    graph.add(
      "ReduceMean", rows, attributes: [("axes", .integers([0])), ("keepdims", .integer(1))])
  }

  private mutating func divided(_ distances: String, byRootOf variance: String) -> String {
    let least = graph.constant("least_deviation", [], [FeatureNormalization.leastDeviation])
    return graph.add(
      "Div", distances, graph.add("Max", graph.add("Sqrt", variance), least))
  }

  /// Normalised by averages in which frames of the given means and deviations take part: with these
  /// taken off, they are zeros, which an average only has to count.
  private mutating func normalized(
    _ features: String, means: [Float], deviations: [Float],
    average: (inout NetworkGraph, String) -> String
  ) -> String {
    let values = graph.add("Sub", features, graph.constant("means", [means.count], means))
    let variances = graph.constant("variances", [means.count], deviations.map { $0 * $0 })
    let squares = graph.add("Sub", graph.add("Mul", values, values), variances)
    let mean = average(&self, values)
    let square = graph.add("Add", average(&self, squares), variances)
    let variance = graph.add(
      "Relu", graph.add("Sub", square, graph.add("Mul", mean, mean)))
    return divided(graph.add("Sub", values, mean), byRootOf: variance)
  }

  /// The share that the frames of a clip have of these and some others, [1].
  private mutating func shareOfClip(_ features: String, beside frameCount: Int) -> String {
    let rows = graph.add("Shape", features, attributes: [("end", .integer(1))])
    let count = graph.add("Cast", rows, attributes: [("to", .integer(1))])  // to 32-bit floats
    let others = graph.constant("other_frames", [], [Float(frameCount)])
    return graph.add("Div", count, graph.add("Add", count, others))
  }

  /// For each row the sum of the last ones up to it, divided by a number of rows.
  private mutating func movingAverage(_ rows: String, frameCount: Int) -> String {
    let columns = graph.add("Transpose", rows, attributes: [("perm", .integers([1, 0]))])
    let averages = graph.add(
      "AveragePool", graph.add("Unsqueeze", columns, graph.constant(0)),
      attributes: [
        ("kernel_shape", .integers([frameCount])), ("pads", .integers([frameCount - 1, 0])),
        ("count_include_pad", .integer(1)),
      ])
    return graph.add(
      "Transpose", graph.add("Squeeze", averages, graph.constant(0)),
      attributes: [("perm", .integers([1, 0]))])
  }
}
