internal import CKernels

extension Matrix {
  /// Replaces each row x by its log-softmax, x − ln Σ exp(x).
  ///
  /// A class at −∞ stays there. A row that holds NaN or +∞, or −∞ alone, becomes NaN.
  public mutating func takeLogSoftmaxOfRows() {
    let (rowCount, columnCount) = (rowCount, columnCount)
    guard rowCount > 0, columnCount > 0 else { return }
    unsafe values.withUnsafeMutableBufferPointer { values in
      unsafe stapes_ctc_kernels_best().pointee
        .log_softmax_rows(values.baseAddress, rowCount, columnCount)
    }
  }
}
