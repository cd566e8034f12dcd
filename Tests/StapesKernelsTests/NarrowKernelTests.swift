import CKernels
import StapesKernels
import Testing

/// Products with weights of 8 and 16 bits on each instruction set, against the definition.
@Suite struct NarrowKernelTests {
  /// A product's shape and operands; B is Wᵀ.
  struct Example {
    let (rows, columns, inner): (Int, Int, Int)
    let a: [Float]
    let start: [Float]
    let weights: Matrix

    init(_ rows: Int, _ columns: Int, _ inner: Int, using generator: inout SplitMix64) {
      (self.rows, self.columns, self.inner) = (rows, columns, inner)
      a = RecurrentKernelTests.random(rows * inner, 1, &generator)
      start = RecurrentKernelTests.random(rows * columns, 1, &generator)
      weights = Matrix(
        rowCount: columns, columnCount: inner,
        values: RecurrentKernelTests.random(columns * inner, 1, &generator))
    }

    /// start + a · Wᵀ in double precision.
    func product(with weights: Matrix) -> [Double] {
      (0..<rows * columns).map { at in
        let (row, column) = (at / columns, at % columns)
        return (0..<inner).reduce(Double(start[at])) {
          $0 + Double(a[row * inner + $1]) * Double(weights[column, $1])
        }
      }
    }
  }

  /// Runs every instruction set's kernel of a precision; a guard behind the result shows a store
  /// beyond its end.
  func results(of example: Example, with weights: WeightMatrix) -> [[Float]] {
    let (m, n, k) = (example.rows, example.columns, example.inner)
    let count = stapes_packed_count(k, n)
    return (0..<stapes_recurrent_kernel_count()).map { index in
      let table = unsafe stapes_recurrent_kernels_at(index).pointee
      var out = example.start + [12345]
      switch weights {
      case .float32: break
      case .bfloat16(let matrix):
        var packed = [UInt16](repeating: 0x7FC0, count: count)
        unsafe stapes_pack_bfloat16(matrix.values, k, n, 1, k, &packed)
        unsafe table.add_product_bfloat16(m, n, k, example.a, k, packed, &out, n)
      case .int8(let matrix):
        var packed = [Int8](repeating: 99, count: count)
        unsafe stapes_pack_int8(matrix.values, k, n, 1, k, &packed)
        unsafe table.add_product_int8(m, n, k, example.a, k, packed, matrix.scales, &out, n)
      }
      #expect(out.removeLast() == 12345)
      return out
    }
  }

  @Test(arguments: 1...100)
  func productsAgreeWithTheDefinition(size: Int) {
    var generator = SplitMix64(seed: UInt64(size), stream: 3)
    func any(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    let shapes = [
      (size, any(1...60), any(1...9)), (any(1...9), size, any(1...40)),
      (any(1...9), any(1...120), size),
    ]
    for (rows, columns, inner) in shapes {
      let example = Example(rows, columns, inner, using: &generator)
      for precision in [WeightPrecision.bfloat16, .int8] {
        let weights = WeightMatrix(example.weights, precision: precision)
        let expected = example.product(with: weights.matrix)
        for found in results(of: example, with: weights) {
          let worst = zip(found, expected).map { abs(Double($0) - $1) }.max() ?? 0
          #expect(worst <= 1e-6 * Double(inner + 1), "\(precision) \(rows) x \(columns) x \(inner)")
        }
      }
    }
  }

  @Test(arguments: WeightPrecision.allCases)
  func aRowsProductDoesNotDependOnItsNeighbours(precision: WeightPrecision) {
    var generator = SplitMix64(seed: 7)
    let example = Example(17, 115, 37, using: &generator)
    let packed = PackedMatrix(transposing: WeightMatrix(example.weights, precision: precision))
    let a = Matrix(rowCount: 17, columnCount: 37, values: example.a)
    let start = Matrix(rowCount: 17, columnCount: 115, values: example.start)
    var together = start
    together.addProduct(a, packed)
    for row in 0..<17 {
      var alone = start.rows(row..<row + 1)
      alone.addProduct(a.rows(row..<row + 1), packed)
      #expect(alone == together.rows(row..<row + 1))
    }
  }

  @Test func aProductWithBfloat16IsThatWithItsValuesAsFloats() {
    var generator = SplitMix64(seed: 8)
    let example = Example(5, 70, 33, using: &generator)
    let weights = WeightMatrix(example.weights, precision: .bfloat16)
    let a = Matrix(rowCount: 5, columnCount: 33, values: example.a)
    var one = Matrix(rowCount: 5, columnCount: 70)
    var other = one
    one.addProduct(a, PackedMatrix(transposing: weights))
    other.addProduct(a, PackedMatrix(transposing: weights.matrix))
    #expect(one == other)
  }
}

/// Rounding of weights.
@Suite struct WeightMatrixTests {
  func rounded(_ values: [Float], _ precision: WeightPrecision) -> [Float] {
    let matrix = Matrix(rowCount: 1, columnCount: values.count, values: values)
    return WeightMatrix(matrix, precision: precision).matrix.values
  }

  @Test func bytesAreWithinHalfAStepOfTheirRowsScale() {
    var generator = SplitMix64(seed: 9)
    let scales: [Float] = [1e-20, 0.01, 1, 300]
    let rows = scales.map { RecurrentKernelTests.random(200, $0, &generator) }
    let rounded = ScaledByteMatrix(rounding: Matrix(rows: rows))
    for (index, row) in rows.enumerated() {
      let largest = row.map(abs).max() ?? 0
      #expect(abs(rounded.scales[index] * 127 - largest) <= largest.ulp)
      for (found, exact) in zip(rounded.matrix.row(index), row) {
        #expect(abs(found - exact) <= 0.50001 * largest / 127)
      }
    }
  }

  @Test func rowsOfZerosAndOfTheSmallestNumbersStayFinite() {
    let tiny = Float.leastNonzeroMagnitude
    #expect(rounded([0, -0], .int8) == [0, 0])
    #expect(rounded([], .int8).isEmpty)
    for values in [[tiny, -tiny], [64 * tiny, 3 * tiny], [200 * tiny, -tiny]] {
      #expect(zip(rounded(values, .int8), values).allSatisfy { abs($0 - $1) <= 200 * tiny })
    }
  }

  @Test func bfloat16IsTheNearestAndOfTwoTheEvenOne() {
    var generator = SplitMix64(seed: 10)
    var values: [Float] = [
      0, -0, 1, 1.00390625, 1.01171875, -1.00390625, 3e38, .leastNormalMagnitude / 100,
    ]
    values += RecurrentKernelTests.random(2000, 3, &generator)
    for (found, exact) in zip(rounded(values, .bfloat16), values) {
      #expect(found.bitPattern & 0xFFFF == 0)
      let up = Float(bitPattern: (exact.bitPattern & 0xFFFF_0000) + 0x1_0000)
      let down = Float(bitPattern: exact.bitPattern & 0xFFFF_0000)
      let (above, below) = (abs(Double(up) - Double(exact)), abs(Double(exact) - Double(down)))
      #expect(abs(Double(found) - Double(exact)) == min(above, below))
      if above == below { #expect(found.bitPattern & 0x1_0000 == 0) }
    }
    let largest = Float(bitPattern: 0x7F7F_0000)
    #expect(
      rounded([.greatestFiniteMagnitude, -.greatestFiniteMagnitude], .bfloat16)
        == [largest, -largest])
  }
}
