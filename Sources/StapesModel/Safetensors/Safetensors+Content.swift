internal import StapesFiles
internal import StapesKernels

extension Safetensors {
  /// A tensor's values in the type that the file holds them in.
  package enum Content: Sendable, Equatable {
    /// `F32`: 32-bit floats.
    case float32([Float])
    /// `BF16`: the upper halves of 32-bit floats.
    case bfloat16([UInt16])
    /// `I8`: integers of 8 bits.
    case int8([Int8])

    /// The number of values.
    package var count: Int {
      switch self {
      case .float32(let values): values.count
      case .bfloat16(let values): values.count
      case .int8(let values): values.count
      }
    }

    /// The name of the type in the file.
    package var type: String {
      switch self {
      case .float32: "F32"
      case .bfloat16: "BF16"
      case .int8: "I8"
      }
    }

    /// The bytes of a value.
    package var elementSize: Int {
      switch self {
      case .float32: 4
      case .bfloat16: 2
      case .int8: 1
      }
    }

    /// Whether no value is infinite or not a number.
    var isFinite: Bool {
      switch self {
      case .float32(let values): values.allFinite
      case .bfloat16(let values): values.allSatisfy { $0 & 0x7F80 != 0x7F80 }
      case .int8: true
      }
    }

    /// No values, of the type that has this name in a file; nil for other types.
    init?(type: String) {
      switch type {
      case "F32": self = .float32([])
      case "BF16": self = .bfloat16([])
      case "I8": self = .int8([])
      default: return nil
      }
    }

    /// Values of the same type from their bytes.
    func reading(_ bytes: Span<UInt8>) -> Content {
      switch self {
      case .float32: .float32([Float](littleEndianBytes: bytes))
      case .bfloat16: .bfloat16([UInt16](littleEndianBytes: bytes))
      case .int8: .int8([Int8](littleEndianBytes: bytes))
      }
    }

    func appendBytes(to bytes: inout [UInt8]) {
      switch self {
      case .float32(let values): values.appendLittleEndianBytes(to: &bytes)
      case .bfloat16(let values): values.appendLittleEndianBytes(to: &bytes)
      case .int8(let values): values.appendLittleEndianBytes(to: &bytes)
      }
    }

    func add(to checksum: inout Checksum) {
      switch self {
      case .float32(let values): checksum.add(values)
      case .bfloat16(let values): checksum.add(values)
      case .int8(let values): checksum.add(values)
      }
    }
  }
}
