internal import StapesKernels

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
