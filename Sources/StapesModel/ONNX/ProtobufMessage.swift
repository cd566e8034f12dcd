internal import StapesKernels

/// A message in the wire format of Protocol Buffers: fields one after the other, each behind its
/// number and the form of its value.
package struct ProtobufMessage {
  /// The bytes so far.
  package private(set) var bytes: [UInt8] = []

  /// Begins without a field.
  package init() {}

  /// How a value is written.
  private enum Form: Int {
    case variableLength = 0
    case eightBytes = 1
    case lengthFirst = 2
    case fourBytes = 5
  }

  /// Adds an integer.
  package mutating func add(_ field: Int, _ value: Int) {
    begin(field, .variableLength)
    append(UInt64(bitPattern: Int64(value)))
  }

  /// Adds a number of 32 bits.
  package mutating func add(_ field: Int, _ value: Float) {
    begin(field, .fourBytes)
    [value].appendLittleEndianBytes(to: &bytes)
  }

  /// Adds a number of 64 bits.
  package mutating func add(_ field: Int, _ value: Double) {
    begin(field, .eightBytes)
    [value].appendLittleEndianBytes(to: &bytes)
  }

  /// Adds a text.
  package mutating func add(_ field: Int, _ text: String) {
    begin(field, .lengthFirst)
    append(UInt64(text.utf8.count))
    bytes += text.utf8
  }

  /// Adds a message.
  package mutating func add(_ field: Int, _ message: ProtobufMessage) {
    begin(field, .lengthFirst)
    append(UInt64(message.bytes.count))
    bytes += message.bytes
  }

  /// Adds the bytes of numbers, the least significant byte of each first.
  package mutating func add(_ field: Int, bytesOf values: [some BitwiseCopyable & Numeric]) {
    begin(field, .lengthFirst)
    var content: [UInt8] = []
    values.appendLittleEndianBytes(to: &content)
    append(UInt64(content.count))
    bytes += content
  }

  private mutating func begin(_ field: Int, _ form: Form) {
    append(UInt64(field << 3 | form.rawValue))
  }

  /// Appends an integer, seven bits a byte, the lowest first; the top bit says that more follow.
  private mutating func append(_ value: UInt64) {
    var rest = value
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }
}
