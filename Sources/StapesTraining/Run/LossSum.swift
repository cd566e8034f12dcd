/// The losses of some utterances.
package struct LossSum: Codable, Sendable, Equatable {
  /// The sum of the losses by CTC, or with the share of CTC-CRF, in nats.
  package var loss = 0.0
  /// The sum that a network would have which gives every class the same chance in every frame:
  /// frames times ln C, in nats.
  package var chanceLoss = 0.0
  /// The number of characters it is spread over.
  package var labelCount = 0
  /// Clips whose loss or gradient is not finite; they count in neither sum.
  package var faultyClips: [Int] = []

  /// The mean loss, in nats per character.
  package var mean: Double { loss / Double(max(labelCount, 1)) }

  package static func += (sum: inout LossSum, other: LossSum) {
    sum.loss += other.loss
    sum.chanceLoss += other.chanceLoss
    sum.labelCount += other.labelCount
    sum.faultyClips += other.faultyClips
  }
}
