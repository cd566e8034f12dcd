import Glibc
import StapesDecoding
import StapesKernels
import TestSupport

/// Random log-probabilities; the larger the scale, the surer the network.
func randomLogProbabilities(
  _ frameCount: Int, _ classCount: Int, scale: Float,
  using generator: inout some RandomNumberGenerator
) -> Matrix {
  var matrix = randomMatrix(rowCount: frameCount, columnCount: classCount, using: &generator)
  matrix.scale(by: scale)
  matrix.takeLogSoftmaxOfRows()
  return matrix
}

/// Most probable first, equally probable ones in the order of their labels.
func ranked(_ hypotheses: [Hypothesis]) -> [Hypothesis] {
  hypotheses.sorted {
    $0.logProbability > $1.logProbability
      || $0.logProbability == $1.logProbability && $0.labels.lexicographicallyPrecedes($1.labels)
  }
}

/// Every label sequence of the frames with its exact probability, by summing over every path.
func exhaustive(_ logProbabilities: Matrix) -> [Hypothesis] {
  var probabilities: [[Int]: Double] = [:]
  let classCount = logProbabilities.columnCount
  for path in allSequences(ofLength: logProbabilities.rowCount, symbolCount: classCount) {
    let logProbability = path.indices.map { Double(logProbabilities[$0, path[$0]]) }
    probabilities[collapsed(path), default: 0] += exp(logProbability.reduce(0, +))
  }
  return ranked(
    probabilities.filter { $0.value > 0 }.map {
      Hypothesis(labels: $0.key, logProbability: log($0.value))
    })
}

/// Prefix beam search as its definition reads, with label sequences as keys.
func beamSearchByDefinition(_ logProbabilities: Matrix, _ options: BeamOptions) -> [Hypothesis] {
  struct Ends {
    var blank = -Double.infinity
    var label = -Double.infinity
    var total: Double { logSum(blank, label) }
  }
  var beam: [[Int]: Ends] = [[]: Ends(blank: 0)]
  for frame in 0..<logProbabilities.rowCount {
    let emissions = logProbabilities.row(frame).map(Double.init)
    var next: [[Int]: Ends] = [:]
    for (prefix, ends) in beam {
      next[prefix, default: Ends()].blank = ends.total + emissions[0]
      for label in 1..<emissions.count {
        if label == prefix.last {
          let stay = next[prefix, default: Ends()].label
          next[prefix, default: Ends()].label = logSum(stay, ends.label + emissions[label])
        }
        let longer = prefix + [label]
        let isFollowed = emissions[label] >= options.classFloor ?? -.infinity
        guard isFollowed || beam[longer] != nil else { continue }
        let source = label == prefix.last ? ends.blank : ends.total
        let sum = logSum(next[longer, default: Ends()].label, source + emissions[label])
        next[longer, default: Ends()].label = sum
      }
    }
    let best = next.values.map(\.total).max() ?? 0
    let all = ranked(next.map { Hypothesis(labels: $0.key, logProbability: $0.value.total) })
      .prefix(options.beamWidth)
    let within = all.count { $0.logProbability >= best - (options.scoreMargin ?? .infinity) }
    let kept = all.prefix(max(within, options.leastWidth))
    beam = next.filter { entry in kept.contains { $0.labels == entry.key } }
  }
  return ranked(beam.map { Hypothesis(labels: $0.key, logProbability: $0.value.total) })
}

private func logSum(_ a: Double, _ b: Double) -> Double {
  let high = max(a, b)
  return high == -.infinity ? high : high + log(exp(a - high) + exp(b - high))
}
