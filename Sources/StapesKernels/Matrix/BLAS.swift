internal import Glibc

/// OpenBLAS, loaded where the first product asks for it.
///
/// With it come threads that wait for work by spinning, which costs a start that needs no such
/// product, as to transcribe a clip, a sixth of its time.
@safe
struct BLAS: Sendable {
  /// `cblas_sgemm`: C ← alpha · A · B + beta · C, in 32-bit floats.
  let multiply: Multiply

  /// Its parameters: the order, whether A and B are transposed, m, n, k, alpha, A and its row
  /// length, B and its, beta, C and its.
  typealias Multiply =
    @convention(c) (
      CInt, CInt, CInt, CInt, CInt, CInt, Float,
      UnsafePointer<Float>?, CInt, UnsafePointer<Float>?, CInt, Float,
      UnsafeMutablePointer<Float>?, CInt
    ) -> Void
  private typealias LimitThreads = @convention(c) (CInt) -> Void

  /// `CblasRowMajor`: matrices lie row after row.
  static let rowMajor: CInt = 101
  /// `CblasNoTrans`: a factor as it is.
  static let asItIs: CInt = 111
  /// `CblasTrans`: a factor's transpose.
  static let transposed: CInt = 112

  private static let name = "libopenblas.so.0"

  /// Loads the library, and has it compute on the calling thread alone: the project divides the
  /// work itself.
  ///
  /// - Precondition: it is installed.
  init() {
    guard let library = unsafe dlopen(Self.name, RTLD_NOW),
      let multiply = unsafe dlsym(library, "cblas_sgemm"),
      let limitThreads = unsafe dlsym(library, "openblas_set_num_threads")
    else {
      let reason = unsafe dlerror().map { unsafe String(cString: $0) } ?? "it is not OpenBLAS"
      preconditionFailure("\(Self.name) cannot be loaded: \(reason); install OpenBLAS")
    }
    unsafe unsafeBitCast(limitThreads, to: LimitThreads.self)(1)
    unsafe self.multiply = unsafeBitCast(multiply, to: Multiply.self)
  }
}
