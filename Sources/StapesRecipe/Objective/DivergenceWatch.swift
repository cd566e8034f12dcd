/// Sees whether a run diverges: by steps without a finite gradient, or by a loss that grows back.
///
/// Losses are compared as shares of what a network would have that knows nothing and gives every
/// class the same chance in every frame; that share does not depend on how long the utterances are.
package struct DivergenceWatch: Codable, Sendable, Equatable {
  /// The number of steps over which losses are averaged.
  package static let window = 20

  /// How many steps in a row had no finite gradient.
  package private(set) var skippedStepCount = 0
  private var stepCount = 0
  private var mean = 0.0
  private var lowest: Double?

  /// Starts without a step.
  package init() {}

  /// Whether the last steps say that the run has diverged: ten in a row without a finite
  /// gradient, or a mean loss of twice that of knowing nothing, or twice the lowest mean so far and
  /// a tenth of knowing nothing besides.
  package var seesDivergence: Bool {
    skippedStepCount >= 10
      || stepCount >= Self.window && (mean > 2 || lowest.map { mean > 2 * $0 + 0.1 } ?? false)
  }

  /// Takes in a step without a finite gradient.
  package mutating func addSkippedStep() {
    skippedStepCount += 1
  }

  /// Takes in a step.
  ///
  /// - Parameter share: its loss as a share of that of knowing nothing.
  package mutating func add(share: Double) {
    skippedStepCount = 0
    stepCount += 1
    mean += (share - mean) / Double(min(stepCount, Self.window))
    if stepCount >= Self.window { lowest = min(lowest ?? mean, mean) }
  }
}
