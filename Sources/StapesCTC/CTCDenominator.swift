internal import Glibc
public import StapesKernels

/// What turns CTC into CTC-CRF: the sum over all texts, each as probable as a trigram of labels says, and
/// over all their alignments.
///
/// With y = softmax(logits) and P(l) the trigram's probability of the text l, the loss of a text is
/// −ln (P(l) · Σ over its alignments Π y) + ln Z, Z being that sum over all texts: what the network has to
/// learn of the text is what the trigram does not know. The derivative of ln Z by the logits is γ − y, γ being
/// the share that paths of a class in a frame have in Z. Xiang and Ou, "CRF-based single-stage acoustic
/// modeling with CTC topology", 2019.
public struct CTCDenominator: ~Copyable {
  private var kernel: CTCDenominatorKernel

  /// Prepares the sum over the texts of a trigram.
  public init(_ trigram: LabelTrigram) {
    kernel = CTCDenominatorKernel(classCount: trigram.classCount) {
      trigram.probability(of: $2, after: ($0, $1))
    }
  }

  /// Adds the derivative of ln Z, times a weight, to a gradient; nothing where ln Z is not finite.
  ///
  /// - Parameters:
  ///   - gradient: [frames × classes].
  ///   - logits: [frames × classes].
  ///   - weight: what the derivative is multiplied by.
  /// - Returns: ln Z, in nats.
  @discardableResult
  public mutating func addDerivative(
    to gradient: inout Matrix, logits: Matrix, times weight: Double
  ) -> Double {
    var outputs = logits
    outputs.takeLogSoftmaxOfRows()
    for index in outputs.values.indices { outputs.values[index] = exp(outputs.values[index]) }
    var shares = outputs
    let logarithm = kernel.takeShares(of: &shares)
    guard logarithm.isFinite else { return logarithm }
    gradient.add(shares, times: Float(weight))
    gradient.add(outputs, times: Float(-weight))
    return logarithm
  }
}
