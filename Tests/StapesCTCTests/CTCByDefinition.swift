import Glibc
import StapesKernels
import TestSupport

/// Logits uniform in -scale...scale.
func randomLogits(
  _ frameCount: Int, _ classCount: Int, scale: Float = 1,
  using generator: inout some RandomNumberGenerator
) -> Matrix {
  var logits = randomMatrix(rowCount: frameCount, columnCount: classCount, using: &generator)
  logits.scale(by: scale)
  return logits
}

/// ln softmax of each row, in double precision.
func logSoftmax(_ logits: Matrix) -> [[Double]] {
  (0..<logits.rowCount).map { frame in
    let row = logits.row(frame).map(Double.init)
    let largest = row.max() ?? 0
    let logOfSum = largest + log(row.map { exp($0 - largest) }.reduce(0, +))
    return row.map { $0 - logOfSum }
  }
}

/// One label sequence's probability, by summing over every path there is.
struct EnumeratedLabels {
  var probability = 0.0
  /// The sum over the alignments that have a class in a frame, [frames][classes].
  var classProbabilities: [[Double]]
  /// The most probable alignment; the first in order of classes where several are.
  var bestPath: [Int] = []
  var bestLogProbability = -Double.infinity

  /// The derivative of −ln P by the logits.
  func gradient(logProbabilities: [[Double]]) -> Matrix {
    Matrix(
      rows: zip(logProbabilities, classProbabilities).map { frame in
        zip(frame.0, frame.1).map { Float(exp($0) - $1 / probability) }
      })
  }
}

/// Every label sequence that some path of the frames leaves.
func enumerated(_ logProbabilities: [[Double]], classCount: Int) -> [[Int]: EnumeratedLabels] {
  let frameCount = logProbabilities.count
  var found: [[Int]: EnumeratedLabels] = [:]
  let nothing = EnumeratedLabels(
    classProbabilities: [[Double]](
      repeating: [Double](repeating: 0, count: classCount), count: frameCount))
  for path in allSequences(ofLength: frameCount, symbolCount: classCount) {
    let logProbability = zip(logProbabilities, path).map { $0[$1] }.reduce(0, +)
    let probability = exp(logProbability)
    var labels = found[collapsed(path)] ?? nothing
    labels.probability += probability
    for (frame, label) in path.enumerated() {
      labels.classProbabilities[frame][label] += probability
    }
    if logProbability > labels.bestLogProbability {
      labels.bestLogProbability = logProbability
      labels.bestPath = path
    }
    found[collapsed(path)] = labels
  }
  return found
}

/// −ln P and its gradient by Graves' recursions in logarithms of double precision.
///
/// Used where there are too many paths to enumerate; the tests hold it to the enumeration.
func lossInLogarithms(_ logits: Matrix, _ labels: [Int]) -> (loss: Double, gradient: Matrix) {
  let emissions = logSoftmax(logits)
  let classes = [0] + labels.flatMap { [$0, 0] }
  let (stateCount, frameCount) = (classes.count, emissions.count)
  func canSkip(to state: Int) -> Bool {
    state >= 2 && classes[state] != 0 && classes[state] != classes[state - 2]
  }
  let impossible = [Double](repeating: -.infinity, count: stateCount)

  var forward = [[Double]](repeating: impossible, count: frameCount)
  for frame in 0..<frameCount {
    for state in 0..<stateCount {
      var sum = -Double.infinity
      if frame == 0 {
        sum = state < 2 ? 0 : sum
      } else {
        let before = forward[frame - 1]
        sum = before[state]
        if state >= 1 { sum = logSum(sum, before[state - 1]) }
        if canSkip(to: state) { sum = logSum(sum, before[state - 2]) }
      }
      forward[frame][state] = sum + emissions[frame][classes[state]]
    }
  }
  let total = forward[frameCount - 1].suffix(2).reduce(-.infinity, logSum)

  var gradient = Matrix(rows: emissions.map { $0.map { Float(exp($0)) } })
  var backward = impossible
  for frame in (0..<frameCount).reversed() {
    let after = backward
    for state in 0..<stateCount {
      var sum = -Double.infinity
      if frame == frameCount - 1 {
        sum = state >= stateCount - 2 ? 0 : sum
      } else {
        func goOn(to next: Int) -> Double { after[next] + emissions[frame + 1][classes[next]] }
        sum = goOn(to: state)
        if state + 1 < stateCount { sum = logSum(sum, goOn(to: state + 1)) }
        if state + 2 < stateCount, canSkip(to: state + 2) {
          sum = logSum(sum, goOn(to: state + 2))
        }
      }
      backward[state] = sum
      gradient[frame, classes[state]] -= Float(exp(forward[frame][state] + sum - total))
    }
  }
  return (-total, gradient)
}

private func logSum(_ a: Double, _ b: Double) -> Double {
  let high = max(a, b)
  return high == -.infinity ? high : high + log1p(exp(min(a, b) - high))
}
