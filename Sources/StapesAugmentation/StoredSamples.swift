/// Samples in memory, rounded to 16 bits: half the room of floats, and finer than any recording.
///
/// Clips that are read again in each epoch are rounded as well, so that a model does not depend
/// on how much memory there was.
package struct StoredSamples: Sendable, Equatable {
  package let values: [Int16]
  /// What a step of 1 stands for.
  package let unit: Float

  /// Takes samples that are rounded already.
  package init(values: [Int16], unit: Float) {
    (self.values, self.unit) = (values, unit)
  }

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
