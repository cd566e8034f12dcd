internal import StapesFiles
internal import StapesKernels
internal import StapesModel

/// Samples in memory, rounded to 16 bits: half the room of floats, and finer than any recording.
///
/// Clips that are read again in each epoch are rounded as well, so that a model does not depend
/// on how much memory there was.
package struct StoredSamples: Sendable, Equatable {
  private let values: [Int16]
  /// What a step of 1 stands for.
  private let unit: Float

  /// Rounds samples, which are finite, to the finest steps that reach full scale and the loudest.
  package init(_ samples: [Float]) {
    let unit = samples.reduce(1) { max($0, abs($1)) } / 32_767
    values = samples.map { Int16(($0 / unit).rounded()) }
    self.unit = unit
  }

  /// How many samples there are.
  package var count: Int { values.count }

  /// The number of bytes they take.
  package var byteCount: Int { 2 * values.count }

  /// The samples as floats.
  package var floats: [Float] { values.map { Float($0) * unit } }

  /// So many samples from an index on, begun again where they end.
  ///
  /// - Precondition: there are any.
  func floats(from start: Int, count: Int) -> [Float] {
    (0..<count).map { Float(values[(start + $0) % values.count]) * unit }
  }
}

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
    unit = [Float](littleEndianBytes: bytes.extracting(8..<length))[0]
    values = [Int16](littleEndianBytes: bytes.extracting(length...))
    guard [UInt64](littleEndianBytes: bytes.extracting(..<8)) == [checksum] else { return nil }
  }
}
