import FoundationEssentials
import StapesKernels
import StapesNetwork
import StapesTraining
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// What `scripts/reference/adam.py` wrote.
  private struct Golden: Decodable {
    struct Tensor: Decodable {
      let rows: Int
      let columns: Int
      let start: [Float]
      let gradients: [[Float]]
      let weights: [[Float]]
    }
    let firstDecay: Double
    let secondDecay: Double
    let epsilon: Double
    let weightDecay: Double
    let learningRates: [Double]
    let tensors: [Tensor]

    func parameters(_ values: (Tensor) -> [Float]) -> NetworkParameters {
      NetworkParameters(
        tensors: tensors.map { tensor in
          let matrix = Matrix(
            rowCount: tensor.rows, columnCount: tensor.columns, values: values(tensor))
          return NamedMatrix(name: "\(tensor.rows)", matrix: matrix)
        })
    }
  }

  @Test func adamTakesTheStepsOfPyTorch() throws {
    let data = try Data(contentsOf: URL(filePath: fixturePath("golden/training/adam.json")))
    let golden = try JSONDecoder().decode(Golden.self, from: data)
    var weights = golden.parameters(\.start)
    var optimizer = AdamOptimizer(
      for: weights, firstDecay: golden.firstDecay, secondDecay: golden.secondDecay,
      epsilon: golden.epsilon, weightDecay: golden.weightDecay)
    for (step, rate) in golden.learningRates.enumerated() {
      optimizer.update(
        &weights, gradient: golden.parameters { $0.gradients[step] }, learningRate: rate)
      for (tensor, expected) in zip(weights.tensors, golden.tensors) {
        let wanted = Matrix(
          rowCount: expected.rows, columnCount: expected.columns, values: expected.weights[step])
        #expect(largestDifference(tensor.matrix, wanted) < 1e-6, "step \(step)")
      }
    }
  }

  @Test func averageIsTheMeanOfItsWeights() {
    // With d = (1 + t) / (10 + t) or the limit, whichever is less, the average is a sum of all
    // weights seen with factors that can be worked out backwards from the last.
    let values: [Float] = [4, -2, 7, 1, 0, 3]
    func parameters(_ value: Float) -> NetworkParameters {
      NetworkParameters(tensors: [
        NamedMatrix(name: "w", matrix: Matrix(rowCount: 1, columnCount: 1, repeating: value))
      ])
    }
    var average = WeightAverage(of: parameters(values[0]), decay: 0.3)
    for value in values.dropFirst() { average.add(parameters(value)) }
    let kept = (1..<values.count).map { min(0.3, (1 + Double($0)) / (10 + Double($0))) }
    var (expected, share) = (0.0, 1.0)
    for step in (1..<values.count).reversed() {
      expected += share * (1 - kept[step - 1]) * Double(values[step])
      share *= kept[step - 1]
    }
    expected += share * Double(values[0])
    #expect(abs(Double(average.parameters.tensors[0].matrix.values[0]) - expected) < 1e-6)
  }

  @Test(arguments: [[0, 1, 2], [2, 1, 0], [1, 2, 0]])
  func gradientsAddUpInOneOrder(arrival: [Int]) {
    // In floats, (1 + 1e8) - 1e8 is 0 while 1 + (1e8 - 1e8) is 1: the order shows.
    let parts: [Float] = [1, 1e8, -1e8]
    let sum = OrderedGradientSum()
    for index in arrival {
      let matrix = Matrix(rowCount: 1, columnCount: 1, repeating: parts[index])
      sum.add(
        NetworkParameters(tensors: [NamedMatrix(name: "w", matrix: matrix)]), at: index)
    }
    #expect(sum.take()?.tensors[0].matrix.values == [0])
    #expect(sum.take() == nil)
  }

  @Test func rateRisesEvenlyThenFallsAsACosine() {
    let schedule = LearningRateSchedule(peak: 0.5, warmUpFraction: 0.2, finalFraction: 0.1)
    #expect(schedule.rate(at: 0) == 0)
    #expect(abs(schedule.rate(at: 0.05) - 0.125) < 1e-12)
    #expect(schedule.rate(at: 0.2) == 0.5)
    // Half way down, the cosine is 0: the mean of peak and end.
    #expect(abs(schedule.rate(at: 0.6) - 0.275) < 1e-12)
    // A third of the way down, the cosine is 1/2.
    #expect(abs(schedule.rate(at: 0.2 + 0.8 / 3) - (0.05 + 0.45 * 0.75)) < 1e-12)
    #expect(abs(schedule.rate(at: 1) - 0.05) < 1e-12)
    #expect(schedule.rate(at: 7) == schedule.rate(at: 1))
    #expect(LearningRateSchedule(peak: 1, warmUpFraction: 0).rate(at: 0) == 1)
  }
}
