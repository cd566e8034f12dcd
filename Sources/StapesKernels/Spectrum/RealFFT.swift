internal import CFFTW
internal import Synchronization

/// FFTW makes and destroys plans in process-wide tables, so both happen under this lock.
let fourierPlanner = Mutex(())

/// The discrete Fourier transform of real frames of one fixed length, by FFTW.
///
///     X[k] = sum over n of x[n] · exp(-2πi · k · n / frameLength),   k = 0 … frameLength / 2
///
/// It owns an FFTW plan and the two aligned buffers the plan was made for, and frees all three
/// when it goes out of scope. Only one task uses it; make one per task. The plan is chosen
/// without timing trials, so the same machine gives the same bits in every run.
@safe
public struct RealFFT: ~Copyable {
  /// The number of samples in a frame.
  public let frameLength: Int
  /// The number of frequencies from 0 to the Nyquist frequency, both included.
  public var binCount: Int { frameLength / 2 + 1 }

  private let plan: fftwf_plan
  private let input: UnsafeMutablePointer<Float>
  private let output: UnsafeMutablePointer<fftwf_complex>

  /// Plans the transform.
  ///
  /// - Precondition: `frameLength` is even and at least 2.
  public init(frameLength: Int) {
    precondition(frameLength >= 2 && frameLength % 2 == 0, "frame length \(frameLength)")
    self.frameLength = frameLength
    unsafe (plan, input, output) = fourierPlanner.withLock { _ in
      let input: UnsafeMutablePointer<Float> = unsafe fftwf_alloc_real(frameLength)
      let output: UnsafeMutablePointer = unsafe fftwf_alloc_complex(frameLength / 2 + 1)
      let plan: fftwf_plan = unsafe fftwf_plan_dft_r2c_1d(
        CInt(frameLength), input, output, FFTW_ESTIMATE | FFTW_PRESERVE_INPUT)
      return unsafe (plan, input, output)
    }
  }

  deinit {
    fourierPlanner.withLock { _ in unsafe fftwf_destroy_plan(plan) }
    unsafe fftwf_free(input)
    unsafe fftwf_free(output)
  }

  /// Computes the power spectra |X|² of the first frames of a matrix.
  ///
  /// - Parameters:
  ///   - count: how many rows are transformed; the others are left as they are.
  ///   - frames: [at least count × n], n at most `frameLength`: shorter frames are padded with
  ///     zeros.
  ///   - spectra: [at least count × binCount], receives the spectra.
  public mutating func takePowerSpectra(
    ofFirst count: Int, in frames: Matrix, into spectra: inout Matrix
  ) {
    let (length, binCount) = (frames.columnCount, binCount)
    precondition(
      count >= 0 && count <= frames.rowCount && count <= spectra.rowCount
        && length <= frameLength && spectra.columnCount == binCount,
      "\(count) frames of \(length) into [\(spectra.rowCount) x \(spectra.columnCount)]")
    unsafe (input + length).update(repeating: 0, count: frameLength - length)
    unsafe frames.values.withUnsafeBufferPointer { samples in
      unsafe spectra.values.withUnsafeMutableBufferPointer { power in
        for row in 0..<count {
          let frame = unsafe samples[row * length..<(row + 1) * length]
          _ = unsafe UnsafeMutableBufferPointer(start: input, count: length).update(
            fromContentsOf: frame)
          unsafe fftwf_execute(plan)
          for bin in 0..<binCount {
            let (real, imaginary) = unsafe output[bin]
            unsafe power[row * binCount + bin] = real * real + imaginary * imaginary
          }
        }
      }
    }
  }
}
