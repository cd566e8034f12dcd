internal import CKernels

/// The inner loops of CTC-CRF's denominator, with the memory they work in.
@safe
package struct CTCDenominatorKernel: ~Copyable {
  private let classCount: Int
  private let stride: Int
  // The three tables of `stapes_label_trigram`, one behind the other.
  private let tables: [Float]
  private var workspace: [Float] = []

  /// Lays a trigram of labels out: P(c | a, b) of the label c after a and b, where a and b are 0 at
  /// the beginning of a text, and c is 0 for its end.
  package init(classCount: Int, probability: (_ a: Int, _ b: Int, _ c: Int) -> Float) {
    let (stride, size) = ((classCount + 15) / 16 * 16, classCount * classCount)
    (self.classCount, self.stride) = (classCount, stride)
    var tables = [Float](repeating: 0, count: (2 * size + classCount) * stride)
    for b in 0..<classCount {
      for a in 0..<classCount {
        tables[(2 * size + b) * stride + a] = probability(a, b, 0)
        for c in 1..<classCount {
          tables[(b * classCount + a) * stride + c] = probability(a, b, c)
          tables[(size + b * classCount + c) * stride + a] = probability(a, b, c)
        }
      }
    }
    self.tables = tables
  }

  /// Computes ln Σ, over all paths, of the product of outputs, [frames × classes], and the text's
  /// probability; outputs become the shares of the classes in the sum, zeros where that is zero.
  package mutating func takeShares(of outputs: inout Matrix) -> Double {
    precondition(outputs.columnCount == classCount, "\(outputs.columnCount), not \(classCount)")
    let (frameCount, classCount, stride) = (outputs.rowCount, classCount, stride)
    return unsafe tables.withUnsafeBufferPointer { tables in
      let size = classCount * classCount * stride
      var trigram = unsafe stapes_label_trigram(
        class_count: classCount, stride: stride, by_next: tables.baseAddress,
        by_first: tables.baseAddress?.advanced(by: size),
        ends: tables.baseAddress?.advanced(by: 2 * size))
      let count = unsafe stapes_ctc_denominator_workspace_count(&trigram, frameCount)
      if workspace.count < count { workspace = [Float](repeating: 0, count: count) }
      return unsafe workspace.withUnsafeMutableBufferPointer { workspace in
        unsafe outputs.values.withUnsafeMutableBufferPointer {
          unsafe stapes_ctc_denominator(&trigram, frameCount, $0.baseAddress, workspace.baseAddress)
        }
      }
    }
  }
}
