package import Foundation
internal import StapesKernels

/// An array of 32-bit floats in NumPy's file format, versions 1 to 3, in C order.
///
/// The format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
package struct NumpyFile {
  /// The array's extents, the slowest first.
  package let shape: [Int]
  /// The elements in C order.
  package let values: [Float]

  /// What can be wrong with a file.
  package enum Fault: Error, Equatable, CustomStringConvertible {
    /// It does not begin as such a file does.
    case notNumpy
    /// Its elements are of another kind, or in another order.
    case otherElements(header: String)
    /// It has more or fewer elements than its shape says.
    case otherSize(bytes: Int, expected: Int)
    /// The array is of another shape than is needed.
    case otherShape([Int], expected: [Int])

    /// The fault in words.
    package var description: String {
      switch self {
      case .notNumpy: "the file is not a NumPy array"
      case .otherElements(let header): "not an array of <f4 in C order: \(header)"
      case .otherSize(let bytes, let expected): "\(bytes) bytes of elements, not \(expected)"
      case .otherShape(let shape, let expected): "an array of shape \(shape), not \(expected)"
      }
    }
  }

  /// Reads a file.
  ///
  /// - Throws: `Fault`; what Foundation throws for a file that cannot be read.
  package init(contentsOf path: String) throws {
    try self.init(Data(contentsOf: URL(filePath: path)))
  }

  /// Reads the bytes of a file.
  package init(_ data: Data) throws(Fault) {
    let bytes = [UInt8](data)
    guard bytes.count >= 12, bytes[..<6] == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59] else {
      throw .notNumpy
    }
    // The length of the header is two bytes in version 1, four in later ones.
    let start = bytes[6] == 1 ? 10 : 12
    let length = bytes[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + length <= bytes.count else { throw .notNumpy }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard header.contains("'descr': '<f4'"), header.contains("'fortran_order': False"),
      let shape = header.firstMatch(of: /'shape': \(([\d, ]*)\)/)
    else { throw .otherElements(header: header) }
    self.shape = shape.1.split(whereSeparator: { ", ".contains($0) }).compactMap { Int($0) }
    let elements = Array(bytes[(start + length)...])
    let expected = 4 * self.shape.reduce(1, *)
    guard elements.count == expected else {
      throw .otherSize(bytes: elements.count, expected: expected)
    }
    values = [Float](littleEndianBytes: elements.span)
  }
}
