internal import StapesAugmentation
internal import StapesFiles
internal import StapesKernels
internal import StapesModel

// On disk: a checksum of what follows (8 bytes), the unit (4 bytes), the values (2 bytes each), the
// least significant byte first.
extension StoredSamples {
  private static let headerLength = 12

  /// The checksum of the samples.
  var checksum: UInt64 {
    var sum = Checksum()
    sum.add(UInt64(unit.bitPattern))
    sum.add(values)
    return sum.value
  }

  /// The samples as a file holds them.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerLength + byteCount)
    [checksum].appendLittleEndianBytes(to: &bytes)
    [unit].appendLittleEndianBytes(to: &bytes)
    values.appendLittleEndianBytes(to: &bytes)
    return bytes
  }

  /// Reads what `bytes` gives; nil for a file that is cut short or altered.
  init?(bytes: Span<UInt8>) {
    let length = Self.headerLength
    guard bytes.count >= length, bytes.count % 2 == 0 else { return nil }
    self.init(
      values: [Int16](littleEndianBytes: bytes.extracting(length...)),
      unit: [Float](littleEndianBytes: bytes.extracting(8..<length))[0])
    guard [UInt64](littleEndianBytes: bytes.extracting(..<8)) == [checksum] else { return nil }
  }
}
