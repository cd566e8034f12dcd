internal import Glibc
public import StapesKernels

/// The loss of classes that are known for each output: −Σ ln softmax(logits)[label].
///
/// With one output a clip it trains a network to classify clips, with one for each time to classify
/// frames (frame-wise training: Graves 2012, chapter 3).
public enum CrossEntropy {
  /// The loss of a clip, and its gradient.
  ///
  /// - Parameters:
  ///   - logits: [T × C]
  ///   - labels: the class of each row, in 0..<C; nil for a row that counts for nothing.
  /// - Returns: the loss in nats, 0 without rows, and ∂loss/∂logits: softmax − 1 at the label,
  ///   [T × C].
  public static func loss(logits: Matrix, labels: [Int?]) -> (loss: Double, gradient: Matrix) {
    precondition(labels.count == logits.rowCount, "\(labels.count) labels, \(logits.rowCount) rows")
    var gradient = logits
    gradient.takeLogSoftmaxOfRows()
    var loss = 0.0
    for (row, label) in labels.enumerated() {
      let places = row * logits.columnCount..<(row + 1) * logits.columnCount
      guard let label else {
        for place in places { gradient.values[place] = 0 }
        continue
      }
      precondition(label >= 0 && label < logits.columnCount, "label \(label)")
      loss -= Double(gradient[row, label])
      for place in places { gradient.values[place] = exp(gradient.values[place]) }
      gradient[row, label] -= 1
    }
    return (loss, gradient)
  }
}
