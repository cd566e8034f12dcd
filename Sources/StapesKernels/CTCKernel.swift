internal import CKernels

/// The inner loops of CTC, with the memory they work in: kept from sequence to sequence, it is
/// allocated once.
@safe
package struct CTCKernel: ~Copyable {
  private let kernels: stapes_ctc_kernels
  private var distinct: [Int32] = []
  private var places: [Int32] = []
  private var placeOfClass: [Int32] = []
  private var workspace: [Double] = []

  /// How many implementations this processor runs; the last are the plain loops.
  package static var implementationCount: Int { Int(stapes_recurrent_kernel_count()) }

  /// Takes the best implementation for this processor.
  package init() {
    unsafe kernels = unsafe stapes_ctc_kernels_best().pointee
  }

  /// Takes one of the `implementationCount` implementations, best first.
  package init(implementation index: Int) {
    unsafe kernels = unsafe stapes_ctc_kernels_at(index).pointee
  }

  /// Computes −ln P(labels) and puts its gradient in the place of the logits.
  ///
  /// Where the loss is not finite the gradient is zero: it is infinite when every alignment has a
  /// class whose logit is −∞, and NaN when a row of logits is no distribution.
  ///
  /// - Parameters:
  ///   - logits: [frames × classes], as many frames at least as labels and repeats of a label,
  ///     and one at least.
  ///   - labels: classes other than blank.
  package mutating func takeGradient(of logits: inout Matrix, labels: [Int]) -> Double {
    let (frameCount, classCount) = (logits.rowCount, logits.columnCount)
    setLabels(labels, classCount: classCount)
    let size = stapes_ctc_workspace_size(frameCount, labels.count, distinct.count)
    let wordCount = (size + MemoryLayout<Double>.size - 1) / MemoryLayout<Double>.size
    if workspace.count < wordCount { workspace = [Double](repeating: 0, count: wordCount) }
    let (distinct, places, kernels) = unsafe (distinct, places, kernels)
    return unsafe workspace.withUnsafeMutableBytes { workspace in
      unsafe logits.values.withUnsafeMutableBufferPointer { logits in
        unsafe distinct.withUnsafeBufferPointer { distinct in
          unsafe places.withUnsafeBufferPointer { places in
            var problem = unsafe stapes_ctc_problem(
              frame_count: frameCount, class_count: classCount, label_count: places.count,
              distinct_count: distinct.count, logits: logits.baseAddress,
              distinct: distinct.baseAddress, labels: places.baseAddress,
              workspace: workspace.baseAddress)
            return unsafe kernels.loss(&problem)
          }
        }
      }
    }
  }

  /// Finds the distinct classes, blank first, and the place of each label among them.
  private mutating func setLabels(_ labels: [Int], classCount: Int) {
    distinct = [0]
    places.removeAll(keepingCapacity: true)
    if placeOfClass.count < classCount {
      placeOfClass += [Int32](repeating: 0, count: classCount - placeOfClass.count)
    }
    for label in labels {
      if placeOfClass[label] == 0 {
        placeOfClass[label] = Int32(distinct.count)
        distinct.append(Int32(label))
      }
      places.append(placeOfClass[label])
    }
    for label in labels { placeOfClass[label] = 0 }
  }
}
