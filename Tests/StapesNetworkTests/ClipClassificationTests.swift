import Glibc
import StapesKernels
import StapesNetwork
import TestSupport
import Testing

/// One output for each clip, and the loss of known classes.
@Suite struct ClipClassificationTests {
  func network(_ text: String) throws -> Network {
    var generator = SplitMix64(seed: 4)
    return try Network(
      configuration: NetworkConfiguration(
        featureCount: 3, architecture: try NetworkArchitecture(text), classCount: 5),
      using: &generator)
  }

  @Test(arguments: ["4 gru both", "4 lstm", "4 dense"])
  func `pooled outputs are those of chosen times, or their mean`(text: String) throws {
    var generator = SplitMix64(seed: 5)
    let clips = [6, 0, 1, 9].map {
      randomMatrix(rowCount: $0, columnCount: 3, using: &generator)
    }
    let each = try network(text)
    let mean = try network(text + ", pool mean").logits(of: clips)
    let last = try network(text + ", pool last")
    for (index, logits) in each.logits(of: clips).enumerated() {
      var expected = logits.columnSums()
      expected.scale(by: 1 / Float(logits.rowCount))
      #expect(mean[index].rowCount == min(logits.rowCount, 1))
      #expect(logits.rowCount == 0 || largestDifference(mean[index], expected) < 1e-5)
      let found = last.logits(of: [clips[index]])[0]
      #expect(found == last.forward(clips, dropoutSeed: 1).logits[index] || text != "4 dense")
      guard !text.contains("both"), logits.rowCount > 0 else { continue }
      let row = logits.rows(logits.rowCount - 1..<logits.rowCount)
      #expect(largestDifference(found, row) < 1e-6)
    }
    #expect(throws: NetworkError.self) { try NetworkStream(InferenceNetwork(last)) }
  }

  @Test func `the last state of the backward direction is that of the first time`() throws {
    var generator = SplitMix64(seed: 6)
    var both = try network("4 gru both, pool last")
    let clip = randomMatrix(rowCount: 7, columnCount: 3, using: &generator)
    // Without the forward half of the output's weights only the backward direction counts.
    for row in 0..<5 {
      for column in 0..<4 { both.parameters.tensors[10].matrix[row, column] = 0 }
    }
    let whole = both.logits(of: [clip])[0]
    var each = both.configuration
    each.architecture.pooling = nil
    let first = try Network(configuration: each, parameters: both.parameters)
      .logits(of: [clip])[0].rows(0..<1)
    #expect(largestDifference(whole, first) < 1e-6)
  }

  @Test func `the loss is that of its definition, and so is the gradient`() {
    var generator = SplitMix64(seed: 7)
    var logits = randomMatrix(rowCount: 4, columnCount: 3, using: &generator)
    let labels: [Int?] = [2, nil, 0, 1]
    func byDefinition() -> Double {
      labels.enumerated().reduce(0) { sum, next in
        guard let label = next.element else { return sum }
        let row = logits.row(next.offset).map(Double.init)
        return sum - log(exp(row[label]) / row.reduce(0) { $0 + exp($1) })
      }
    }
    let (loss, gradient) = CrossEntropy.loss(logits: logits, labels: labels)
    #expect(abs(loss - byDefinition()) < 1e-5)
    for index in logits.values.indices {
      logits.values[index] += 1e-2
      let above = byDefinition()
      logits.values[index] -= 2e-2
      let below = byDefinition()
      logits.values[index] += 1e-2
      #expect(abs(Double(gradient.values[index]) - (above - below) / 2e-2) < 1e-3)
    }
    #expect(CrossEntropy.loss(logits: logits.rows(0..<0), labels: []).loss == 0)
  }

  /// Clips whose class is where their one loud frame lies: in the first half or in the second.
  @Test func `a pooled network learns to classify clips`() throws {
    var generator = SplitMix64(seed: 8)
    var network = try network("6 gru both, pool last")
    let clips = (0..<12).map { index in
      var clip = Matrix(rowCount: 8, columnCount: 3)
      clip[index % 8, index % 3] = Float.random(in: 2...3, using: &generator)
      return clip
    }
    let labels = (0..<12).map { $0 % 8 < 4 ? 0 : 1 }
    func step() -> Double {
      let pass = network.forward(clips, dropoutSeed: 0)
      let results = zip(pass.logits, labels).map { CrossEntropy.loss(logits: $0, labels: [$1]) }
      var gradient = NetworkParameters.zeros(for: network.configuration)
      network.backward(pass, logitGradients: results.map(\.gradient), into: &gradient)
      network.parameters.add(gradient, times: -0.05)
      return results.reduce(0) { $0 + $1.loss }
    }
    let first = step()
    var last = first
    for _ in 0..<300 { last = step() }
    #expect(last < 0.1 * first, "\(first) to \(last)")
  }
}
