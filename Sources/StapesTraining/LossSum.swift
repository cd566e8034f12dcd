/// The losses of some utterances.
package struct LossSum: Sendable {
  /// The sum of the CTC losses, in nats.
  package var loss = 0.0
  /// The number of characters it is spread over.
  package var labelCount = 0
  /// Clips whose loss or gradient is not finite; they count in neither sum.
  package var faultyClips: [Int] = []

  /// The mean loss, in nats per character.
  package var mean: Double { loss / Double(max(labelCount, 1)) }

  package static func += (sum: inout LossSum, other: LossSum) {
    sum.loss += other.loss
    sum.labelCount += other.labelCount
    sum.faultyClips += other.faultyClips
  }
}
