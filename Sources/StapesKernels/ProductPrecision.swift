internal import CKernels

/// How the large products of a network are computed.
public enum ProductPrecision: String, Sendable, Codable, CaseIterable {
  /// In 32-bit floats.
  case float32
  /// Both factors are rounded to bfloat16, 8 significant bits, and summed in 32-bit floats: several
  /// times faster where the processor has instructions for it (AMX-BF16 or AVX512_BF16).
  case bfloat16 = "bf16"

  /// Whether this processor has instructions for it.
  public var isSupported: Bool {
    switch self {
    case .float32: true
    case .bfloat16: stapes_bfloat16_kernel_count() > 1
    }
  }
}
