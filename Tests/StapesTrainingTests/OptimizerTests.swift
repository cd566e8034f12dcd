import Foundation
import StapesCTC
import StapesKernels
import StapesNetwork
import StapesTraining
import TestSupport
import Testing

@Suite struct OptimizerTests {
  /// One optimiser, as `scripts/reference/optimizers.py` wrote it.
  private struct Golden: Decodable {
    struct Tensor: Decodable {
      let rows: Int
      let columns: Int
      let start: [Float]
      let gradients: [[Float]]
      let weights: [[Float]]
    }
    let options: OptimizerOptions
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

  @Test func optimizersTakeTheStepsOfPyTorch() async throws {
    let cases: [Golden] = try goldenValues("training/optimizers")
    #expect(cases.count == 4)
    for golden in cases {
      var options = TrainingOptions()
      (options.optimizer, options.weightDecay) = (golden.options, golden.weightDecay)
      var weights = TrainedWeights(golden.parameters(\.start), optimizer: options.optimizer)
      for (step, rate) in golden.learningRates.enumerated() {
        // Twice the gradient, halved: a power of two changes no digit.
        try await weights.update(
          gradient: golden.parameters { $0.gradients[step].map { 2 * $0 } }, options: options,
          learningRate: rate, gradientScale: 0.5, threadCount: 2)
        for (tensor, expected) in zip(weights.parameters.tensors, golden.tensors) {
          let wanted = Matrix(
            rowCount: expected.rows, columnCount: expected.columns, values: expected.weights[step])
          #expect(
            largestDifference(tensor.matrix, wanted) < 1e-6, "\(golden.options), step \(step)")
        }
      }
    }
  }

  @Test func aRateOfZeroLeavesWeightsAndAverageAsTheyAre() async throws {
    let all: [Golden] = try goldenValues("training/optimizers")
    let golden = all[0]
    var options = TrainingOptions()
    (options.weightDecay, options.averageDecay) = (0.1, 0.5)
    let start = golden.parameters(\.start)
    var weights = TrainedWeights(start, optimizer: options.optimizer)
    try await weights.update(
      gradient: golden.parameters { $0.gradients[0] }, options: options, learningRate: 0.1,
      rateFactors: [0, 1])
    #expect(weights.parameters.tensors[0] == start.tensors[0])
    #expect(weights.average.tensors[0] == start.tensors[0])
    #expect(weights.parameters.tensors[1] != start.tensors[1])
    #expect(weights.average.tensors[1] != start.tensors[1])
  }

  @Test func averageIsTheMeanOfItsWeights() async throws {
    // With d = (1 + t) / (10 + t) or the limit, whichever is less, the average is a sum of all
    // weights seen with factors that can be worked out backwards from the last. Plain descent at a
    // rate of 1 moves the weight by minus its gradient, so to any value.
    let values: [Float] = [4, -2, 7, 1, 0, 3]
    func parameters(_ value: Float) -> NetworkParameters {
      NetworkParameters(tensors: [
        NamedMatrix(name: "w", matrix: Matrix(rowCount: 1, columnCount: 1, repeating: value))
      ])
    }
    var options = TrainingOptions()
    (options.optimizer.method, options.optimizer.momentum) = (.sgd, 0)
    options.averageDecay = 0.3
    var weights = TrainedWeights(parameters(values[0]), optimizer: options.optimizer)
    for (before, value) in zip(values, values.dropFirst()) {
      try await weights.update(
        gradient: parameters(before - value), options: options, learningRate: 1)
      #expect(weights.parameters.tensors[0].matrix.values == [value])
    }
    let kept = (1..<values.count).map { min(0.3, (1 + Double($0)) / (10 + Double($0))) }
    var (expected, share) = (0.0, 1.0)
    for step in (1..<values.count).reversed() {
      expected += share * (1 - kept[step - 1]) * Double(values[step])
      share *= kept[step - 1]
    }
    expected += share * Double(values[0])
    #expect(abs(Double(weights.average.tensors[0].matrix.values[0]) - expected) < 1e-6)
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

  @Test(arguments: [LearningRateSchedule.Shape.constant, .plateau])
  func otherShapesStayAtThePeak(shape: LearningRateSchedule.Shape) {
    let schedule = LearningRateSchedule(peak: 0.5, warmUpFraction: 0.2, shape: shape)
    #expect(abs(schedule.rate(at: 0.1) - 0.25) < 1e-12)
    #expect(schedule.rate(at: 0.2) == 0.5)
    #expect(schedule.rate(at: 1) == 0.5)
  }

  @Test func smoothedGradientIsThatOfTheObjective() {
    var random = SplitMix64(seed: 5)
    let (labels, share) = ([1, 3, 3], 0.2)
    var logits = randomMatrix(rowCount: 7, columnCount: 5, using: &random)
    logits.scale(by: 3)
    let smoothing = LabelSmoothing(share: share)
    func objective(_ logits: Matrix) -> Double {
      (1 - share) * CTC.loss(logits: logits, labels: labels).loss
        + share * smoothing.divergence(of: logits)
    }
    var gradient = CTC.loss(logits: logits, labels: labels).gradient
    smoothing.smooth(&gradient, probabilities: logits.softmaxOfRows())
    for index in logits.values.indices {
      var (above, below) = (logits, logits)
      above.values[index] += 0.015625
      below.values[index] -= 0.015625
      let slope = (objective(above) - objective(below)) / 0.03125
      #expect(abs(slope - Double(gradient.values[index])) < 1e-3, "\(index)")
    }
    // Equal chances are no distance from equal chances.
    #expect(abs(smoothing.divergence(of: Matrix(rowCount: 3, columnCount: 4))) < 1e-6)
  }

  @Test func consistentGradientIsThatOfTheObjective() {
    var random = SplitMix64(seed: 6)
    let weight = 0.7
    var views = (0..<2).map { _ in randomMatrix(rowCount: 7, columnCount: 5, using: &random) }
    for view in views.indices { views[view].scale(by: 3) }
    // The sum over the views of the loss and of α·KL(the other, as it was, ‖ the view).
    func objective(_ logits: Matrix, towards other: Matrix) -> Double {
      CTC.loss(logits: logits, labels: [1, 3, 3]).loss
        + weight * divergence(of: logits, from: other)
    }
    for view in views.indices {
      let (own, other) = (views[view], views[1 - view])
      var gradient = CTC.loss(logits: own, labels: [1, 3, 3]).gradient
      OutputConsistency(weight: weight).draw(
        &gradient, probabilities: own.softmaxOfRows(), towards: other.softmaxOfRows())
      for index in own.values.indices {
        var (above, below) = (own, own)
        above.values[index] += 0.015625
        below.values[index] -= 0.015625
        let slope =
          (objective(above, towards: other) - objective(below, towards: other)) / 0.03125
        #expect(abs(slope - Double(gradient.values[index])) < 1e-3, "\(index)")
      }
    }
  }

  /// Σₜ KL(qₜ ‖ pₜ), in nats, of the softmaxes p and q of logits [frames × classes].
  private func divergence(of logits: Matrix, from target: Matrix) -> Double {
    func logs(_ row: ArraySlice<Float>) -> [Double] {
      let norm = log(row.reduce(0) { $0 + exp(Double($1)) })
      return row.map { Double($0) - norm }
    }
    return (0..<logits.rowCount).reduce(0) { sum, frame in
      let (p, q) = (logs(logits.row(frame)), logs(target.row(frame)))
      return sum + zip(p, q).reduce(0) { $0 + exp($1.1) * ($1.1 - $1.0) }
    }
  }
}

extension LabelSmoothing {
  /// Σₜ KL(u ‖ pₜ), in nats, of logits [frames × classes].
  fileprivate func divergence(of logits: Matrix) -> Double {
    var logProbabilities = logits
    logProbabilities.takeLogSoftmaxOfRows()
    let classCount = Double(logits.columnCount)
    let sum = logProbabilities.values.reduce(0) { $0 + Double($1) }
    return -sum / classCount - Double(logits.rowCount) * log(classCount)
  }
}
