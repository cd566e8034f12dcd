public import StapesKernels

/// Connectionist temporal classification: how probable a label sequence is under a network that
/// emits, in every frame, one class of which class 0 is blank.
///
/// A path gives every frame a class. Merging its repeats and then dropping its blanks leaves a
/// label sequence, and a path that leaves the given one is an alignment of it. The probability of
/// the labels is the sum over all alignments; the probability of an alignment is the product over
/// its frames.
///
/// Graves, Fernández, Gomez and Schmidhuber, "Connectionist temporal classification: labelling
/// unsegmented sequence data with recurrent neural networks", 2006.
public enum CTC {
  /// The number of frames that the shortest alignment of some labels has: one for each label, and
  /// a blank between two equal ones.
  public static func requiredFrameCount(labels: [Int]) -> Int {
    labels.count + zip(labels, labels.dropFirst()).count { $0 == $1 }
  }

  /// A log-probability as it enters a sum; what is no logarithm of a probability counts as −∞.
  static func logProbability(_ value: Float) -> Double {
    value.isFinite ? Double(value) : -.infinity
  }

  /// Stops on frames without classes, and on a label that is blank or no class.
  static func check(_ labels: [Int], for matrix: borrowing Matrix) {
    let classCount = matrix.columnCount
    precondition(matrix.rowCount == 0 || classCount > 0, "\(matrix.rowCount) frames, no classes")
    for label in labels {
      precondition(label > 0 && label < classCount, "label \(label) of \(classCount) classes")
    }
  }
}

/// How improbable the labels of one sequence are, and how that changes with the logits.
public struct CTCLoss: Sendable, Equatable {
  /// The negative natural log-probability of the labels.
  public let loss: Double
  /// The derivative of `loss` by each logit, [frames × classes].
  public let gradient: Matrix
}

extension CTC {
  /// Computes −ln P(labels) and its gradient, the softmax over the classes included.
  ///
  /// With y = softmax(logits) and γ(t, k) the probability that an alignment of the labels has
  /// class k in frame t, the gradient is y − γ, so its rows sum to zero.
  ///
  /// - A label sequence that cannot fit (`requiredFrameCount(labels:)` exceeds the frames) has an
  ///   infinite loss and a gradient of zero. So has one of which every alignment needs a class
  ///   whose logit is −∞, which stands for a probability of zero.
  /// - A row with NaN or +∞, or of −∞ alone, is no distribution: the loss is NaN, and the gradient
  ///   zero.
  /// - No labels: the loss is that of blank in all frames. No frames: the loss is 0 without
  ///   labels, else infinite.
  ///
  /// - Parameters:
  ///   - logits: [frames × classes]; the gradient takes its memory where nothing else holds it.
  ///   - labels: classes other than blank, 1 ..< classes.
  public static func loss(logits: consuming Matrix, labels: [Int]) -> CTCLoss {
    var kernel = CTCKernel()
    return loss(logits: logits, labels: labels, kernel: &kernel)
  }

  /// Computes the loss of each sequence of a batch, one after the other, in one working memory.
  ///
  /// - Parameters:
  ///   - logits: for each sequence [frames × classes]; each gradient takes the memory of its logits
  ///     where nothing else holds them.
  ///   - labels: for each sequence its labels.
  /// - Returns: what `loss(logits:labels:)` returns for each sequence.
  public static func losses(logits: consuming [Matrix], labels: [[Int]]) -> [CTCLoss] {
    precondition(logits.count == labels.count, "\(logits.count) logits, \(labels.count) labels")
    var kernel = CTCKernel()
    var losses: [CTCLoss] = []
    losses.reserveCapacity(logits.count)
    for (index, labels) in labels.enumerated() {
      var sequence = Matrix(rowCount: 0, columnCount: 0)
      swap(&sequence, &logits[index])
      losses.append(loss(logits: sequence, labels: labels, kernel: &kernel))
    }
    return losses
  }

  private static func loss(
    logits: consuming Matrix, labels: [Int], kernel: inout CTCKernel
  ) -> CTCLoss {
    check(labels, for: logits)
    guard requiredFrameCount(labels: labels) <= logits.rowCount else {
      let zero = Matrix(rowCount: logits.rowCount, columnCount: logits.columnCount)
      return CTCLoss(loss: .infinity, gradient: zero)
    }
    guard logits.rowCount > 0 else { return CTCLoss(loss: 0, gradient: logits) }
    let loss = kernel.takeGradient(of: &logits, labels: labels)
    return CTCLoss(loss: loss, gradient: logits)
  }
}
