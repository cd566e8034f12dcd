internal import CKernels

/// The inner loops of the denominator of CTC-CRF, with the memory they work in, which is kept from sequence
/// to sequence.
@safe
package struct CTCDenominatorKernel: ~Copyable {
  private let classCount: Int
  private let stride: Int
  private let byNext: [Float]
  private let byFirst: [Float]
  private let ends: [Float]
  private var workspace: [Float] = []

  /// Lays a trigram of labels out.
  ///
  /// - Parameters:
  ///   - classCount: the number of classes, blank (0) included; as a label 0 is the beginning of a text.
  ///   - probability: P(c | a, b) of the label c after a and b; of the end of the text with c = 0.
  package init(classCount: Int, probability: (_ a: Int, _ b: Int, _ c: Int) -> Float) {
    let stride = (classCount + 15) / 16 * 16
    var byNext = [Float](repeating: 0, count: classCount * classCount * stride)
    var (byFirst, ends) = (byNext, [Float](repeating: 0, count: classCount * stride))
    for b in 0..<classCount {
      for a in 0..<classCount {
        ends[b * stride + a] = probability(a, b, 0)
        for c in 1..<classCount {
          let value = probability(a, b, c)
          byNext[(b * classCount + a) * stride + c] = value
          byFirst[(b * classCount + c) * stride + a] = value
        }
      }
    }
    (self.classCount, self.stride) = (classCount, stride)
    (self.byNext, self.byFirst, self.ends) = (byNext, byFirst, ends)
  }

  /// Computes ln Σ, over all paths, of the product of the outputs along the path and of the trigram's
  /// probability of the text that it leaves.
  ///
  /// - Parameter outputs: the probability of each class, [frames × classes]; replaced by the share of the
  ///   sum that paths have which are of that class in that frame, or by zeros where the sum is zero.
  package mutating func takeShares(of outputs: inout Matrix) -> Double {
    precondition(outputs.columnCount == classCount, "\(outputs.columnCount) of \(classCount) classes")
    let (frameCount, classCount, stride) = (outputs.rowCount, classCount, stride)
    let (byNext, byFirst, ends) = (byNext, byFirst, ends)
    return unsafe byNext.withUnsafeBufferPointer { byNext in
      unsafe byFirst.withUnsafeBufferPointer { byFirst in
        unsafe ends.withUnsafeBufferPointer { ends in
          var trigram = unsafe stapes_label_trigram(
            class_count: classCount, stride: stride, by_next: byNext.baseAddress,
            by_first: byFirst.baseAddress, ends: ends.baseAddress)
          let count = unsafe stapes_ctc_denominator_workspace_count(&trigram, frameCount)
          if workspace.count < count { workspace = [Float](repeating: 0, count: count) }
          return unsafe workspace.withUnsafeMutableBufferPointer { workspace in
            unsafe outputs.values.withUnsafeMutableBufferPointer { outputs in
              unsafe stapes_ctc_denominator(
                &trigram, frameCount, outputs.baseAddress, workspace.baseAddress)
            }
          }
        }
      }
    }
  }
}
