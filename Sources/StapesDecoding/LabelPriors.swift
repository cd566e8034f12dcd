internal import Glibc
public import StapesKernels

/// The label priors of a network: the mean probability of each class in its outputs.
///
/// From its texts a network learns how frequent each letter is, and from their alignments that most
/// outputs are blank. A language model knows the former better, and together they count it twice,
/// at the cost of rare letters and of letters at all. So part of the priors is subtracted from each
/// output before the language model joins in, as hybrid recognisers divide by the priors of their
/// states (Bourlard and Morgan, "Connectionist speech recognition", 1994; for connectionist
/// temporal classification Miao, Gowayyed and Metze, "EESEN", 2015).
public struct LabelPriors: Codable, Sendable, Equatable {
  /// Their weight where nothing else is known to be better.
  public static let usualWeight = 0.5

  /// The natural log of each class's prior, blank first.
  public let logProbabilities: [Float]

  /// The priors for expected counts, as `counts(in:)` has them.
  ///
  /// Each class is counted once more than it was found, so that one that a few clips lack is not
  /// taken for impossible.
  ///
  /// - Parameter counts: those of any number of clips; as many classes in each.
  /// - Returns: nil for no clips.
  public init?(counts: some Sequence<[Double]>) {
    var sums: [Double] = []
    for clip in counts {
      if sums.isEmpty { sums = [Double](repeating: 1, count: clip.count) }
      precondition(clip.count == sums.count, "\(clip.count) classes beside \(sums.count)")
      for (label, count) in clip.enumerated() { sums[label] += count }
    }
    guard !sums.isEmpty else { return nil }
    let total = sums.reduce(0, +)
    logProbabilities = sums.map { Float(log($0 / total)) }
  }

  /// How often each class is to be expected in a clip: the sum of its probabilities.
  ///
  /// - Parameter logProbabilities: natural logs, [frames × classes].
  public static func counts(in logProbabilities: Matrix) -> [Double] {
    var counts = [Double](repeating: 0, count: logProbabilities.columnCount)
    for frame in 0..<logProbabilities.rowCount {
      for (label, logProbability) in logProbabilities.row(frame).enumerated() {
        counts[label] += exp(emission(logProbability))
      }
    }
    return counts
  }

  /// The outputs without what was probable before anything was heard: each frame's probabilities
  /// divided by the priors to the power of a weight, and their sum made 1 again.
  ///
  /// - Parameters:
  ///   - logProbabilities: natural logs, [frames × classes], of as many classes.
  ///   - weight: the factor of the priors that is subtracted, at least 0.
  public func discounted(_ logProbabilities: Matrix, weight: Double) -> Matrix {
    var discounted = logProbabilities
    for frame in 0..<logProbabilities.rowCount {
      var emissions = logProbabilities.row(frame).map(emission)
      discount(&emissions, weight: weight)
      for (label, emission) in emissions.enumerated() {
        discounted[frame, label] = Float(emission)
      }
    }
    return discounted
  }

  /// Divides the probabilities of a frame by the priors to the power of a weight, and makes their
  /// sum 1 again.
  func discount(_ emissions: inout [Double], weight: Double) {
    precondition(emissions.count == logProbabilities.count, "priors of other classes")
    guard weight > 0 else { return }
    for label in emissions.indices { emissions[label] -= weight * Double(logProbabilities[label]) }
    let sum = emissions.reduce(-.infinity, logSum)
    guard sum > -.infinity else { return }
    for label in emissions.indices { emissions[label] -= sum }
  }
}
