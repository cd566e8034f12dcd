internal import CFFTW
internal import Synchronization

extension [Float] {
  /// The convolution with a kernel, all of it: element n is the sum over k of x[n − k] · kernel[k].
  ///
  /// Long signals are cut into blocks, whose spectra are multiplied with that of the kernel
  /// (overlap and add; Stockham 1966).
  ///
  /// - Parameter kernel: what each sample becomes.
  /// - Returns: `count + kernel.count − 1` samples; none where either has none.
  public func convolved(with kernel: [Float]) -> [Float] {
    guard !isEmpty, !kernel.isEmpty else { return [] }
    // Blocks of at least the kernel's length waste at most half of each transform.
    let wanted = Swift.min(count + kernel.count - 1, Swift.max(2 * kernel.count, 4096))
    var length = 2
    while length < wanted { length *= 2 }
    let blockLength = length - kernel.count + 1
    let work = SpectrumProduct(length: length, kernel: kernel)
    var result = [Float](repeating: 0, count: count + kernel.count - 1)
    for start in stride(from: 0, to: count, by: blockLength) {
      work.add(self[start..<Swift.min(start + blockLength, count)], to: &result, at: start)
    }
    return result
  }
}

/// Multiplies the spectra of blocks with that of a kernel.
///
/// It owns two FFTW plans, the buffers they were made for, and the kernel's spectrum.
@safe
private struct SpectrumProduct: ~Copyable {
  private let length: Int
  private let forward: fftwf_plan
  private let backward: fftwf_plan
  private let samples: UnsafeMutablePointer<Float>
  private let spectrum: UnsafeMutablePointer<fftwf_complex>
  private var kernel: [(real: Float, imaginary: Float)] = []

  /// Plans transforms of a length that is even and no shorter than the kernel.
  init(length: Int, kernel: [Float]) {
    precondition(length % 2 == 0 && kernel.count <= length, "\(kernel.count) of \(length)")
    self.length = length
    unsafe (forward, backward, samples, spectrum) = fourierPlanner.withLock { _ in
      let samples: UnsafeMutablePointer<Float> = unsafe fftwf_alloc_real(length)
      let spectrum: UnsafeMutablePointer = unsafe fftwf_alloc_complex(length / 2 + 1)
      let forward: fftwf_plan = unsafe fftwf_plan_dft_r2c_1d(
        CInt(length), samples, spectrum, FFTW_ESTIMATE)
      let backward: fftwf_plan = unsafe fftwf_plan_dft_c2r_1d(
        CInt(length), spectrum, samples, FFTW_ESTIMATE)
      return unsafe (forward, backward, samples, spectrum)
    }
    transform(kernel[...])
    // FFTW's inverse multiplies by the length.
    let scale = 1 / Float(length)
    self.kernel = (0...length / 2).map { bin in
      let (real, imaginary) = unsafe spectrum[bin]
      return (scale * real, scale * imaginary)
    }
  }

  deinit {
    fourierPlanner.withLock { _ in
      unsafe fftwf_destroy_plan(forward)
      unsafe fftwf_destroy_plan(backward)
    }
    unsafe fftwf_free(samples)
    unsafe fftwf_free(spectrum)
  }

  private func transform(_ block: ArraySlice<Float>) {
    for (index, sample) in block.enumerated() { unsafe samples[index] = sample }
    unsafe (samples + block.count).update(repeating: 0, count: length - block.count)
    unsafe fftwf_execute(forward)
  }

  /// Adds the convolution of a block to what lies in a signal from an index on.
  func add(_ block: ArraySlice<Float>, to signal: inout [Float], at start: Int) {
    transform(block)
    for bin in kernel.indices {
      let (real, imaginary) = unsafe spectrum[bin]
      let factor = kernel[bin]
      unsafe spectrum[bin] = (
        real * factor.real - imaginary * factor.imaginary,
        real * factor.imaginary + imaginary * factor.real
      )
    }
    unsafe fftwf_execute(backward)
    for index in 0..<Swift.min(length, signal.count - start) {
      unsafe signal[start + index] += samples[index]
    }
  }
}
