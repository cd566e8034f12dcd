import Benchmarks
import FoundationEssentials
import Testing

@Suite struct NumpyFileTests {
  /// What NumPy 2 writes for `arange(6, dtype="<f4").reshape(1, 2, 3)`, and variations of it.
  private func file(
    version: UInt8 = 1, header: String = "'descr': '<f4', 'fortran_order': False, ",
    shape: String = "(1, 2, 3)", count: Int = 6
  ) -> Data {
    let text = "{" + header + "'shape': " + shape + ", }"
    let padded = text + String(repeating: " ", count: 117 - text.count) + "\n"
    var data = Data([0x93]) + Data("NUMPY".utf8) + Data([version, 0, 118, 0])
    if version > 1 { data += Data([0, 0]) }
    data += Data(padded.utf8)
    for value in 0..<count {
      let bits = Float(value).bitPattern
      data += Data((0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) })
    }
    return data
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func readsShapeAndElements(version: UInt8) throws {
    let array = try NumpyFile(file(version: version))
    #expect(array.shape == [1, 2, 3])
    #expect(array.values == [0, 1, 2, 3, 4, 5])
  }

  @Test func readsVectorsAndSingleNumbers() throws {
    #expect(try NumpyFile(file(shape: "(6,)")).shape == [6])
    #expect(try NumpyFile(file(shape: "()", count: 1)).shape == [])
  }

  @Test func refusesWhatItCannotRead() {
    #expect(throws: NumpyFile.Fault.notNumpy) { try NumpyFile(Data()) }
    #expect(throws: NumpyFile.Fault.notNumpy) { try NumpyFile(file().prefix(60)) }
    #expect(throws: NumpyFile.Fault.otherSize(bytes: 20, expected: 24)) {
      try NumpyFile(file(count: 5))
    }
    for header in [
      "'descr': '<f8', 'fortran_order': False, ", "'descr': '<f4', 'fortran_order': True, ",
    ] {
      #expect { try NumpyFile(file(header: header)) } throws: { error in
        guard case NumpyFile.Fault.otherElements = error else { return false }
        return true
      }
    }
  }
}
