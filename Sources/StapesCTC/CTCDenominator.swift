public import StapesKernels

/// What turns the objective of CTC into that of CTC-CRF: the sum over all texts, each as probable as a trigram
/// of labels says, and over all their alignments.
///
/// With y = softmax(logits) and P(l) the trigram's probability of the text l, the loss of l is
/// −ln (P(l) · Σ over its alignments Π y) + ln Z, Z being that sum over all texts: what the network has to
/// learn of a text is what the trigram does not know. That is CTC's loss and ln Z − ln P(l); the derivative
/// of ln Z by the logits is γ − y, γ being the share that paths of a class in a frame have in Z. Xiang and Ou,
/// "CRF-based single-stage acoustic modeling with CTC topology", 2019.
public struct CTCDenominator: ~Copyable {
  private let trigram: LabelTrigram
  private var kernel: CTCDenominatorKernel

  /// Prepares the sum over the texts of a trigram.
  public init(_ trigram: LabelTrigram) {
    self.trigram = trigram
    kernel = CTCDenominatorKernel(classCount: trigram.classCount) {
      trigram.probability(of: $2, after: ($0, $1))
    }
  }

  /// Adds what CTC-CRF has more than CTC, times a share, to a gradient; nothing where it is not finite.
  ///
  /// - Parameters:
  ///   - gradient: ∂/∂logits of the loss, [frames × classes].
  ///   - probabilities: y, [frames × classes].
  ///   - labels: of the text, 1 ..< classes.
  ///   - share: what is added is multiplied by.
  /// - Returns: share · (ln Z − ln P(labels)), in nats, to be added to the loss; 0 where that is not finite.
  public mutating func add(
    to gradient: inout Matrix, probabilities: Matrix, labels: [Int], share: Double
  ) -> Double {
    var shares = probabilities
    let logarithm = kernel.takeShares(of: &shares)
    guard logarithm.isFinite else { return 0 }
    gradient.add(shares, times: Float(share))
    gradient.add(probabilities, times: Float(-share))
    return share * (logarithm - trigram.logProbability(of: labels))
  }
}
