import CKernels
import StapesKernels
import Testing

/// One instruction set's kernels, on arrays.
@safe private struct Kernels {
  private let table: stapes_recurrent_kernels

  /// Those that this processor runs; the plain loops are the last.
  static var all: [Kernels] {
    (0..<stapes_recurrent_kernel_count()).map(Kernels.init)
  }

  init(_ index: Int) {
    unsafe table = stapes_recurrent_kernels_at(index).pointee
  }

  var name: String { unsafe String(cString: table.name) }

  func addProduct(_ a: [Float], rows: Int, _ b: [Float], columns: Int, to out: inout [Float]) {
    let inner = b.count / columns
    var packed = [Float](repeating: .nan, count: stapes_packed_count(inner, columns))
    unsafe stapes_pack(b, inner, columns, columns, 1, &packed)
    unsafe table.add_product(rows, columns, inner, a, inner, packed, &out, columns)
  }

  func forward(
    rows: Int, previousRows: Int, hidden: Int, stride: Int, gates: inout [Float],
    before: [Float], c: inout [Float], h: inout [Float]
  ) {
    unsafe table.lstm_forward(rows, previousRows, hidden, &gates, before, &c, &h, stride)
  }

  func backward(
    rows: Int, previousRows: Int, hidden: Int, gates: inout [Float], before: [Float], c: [Float],
    dh: [Float], dc: inout [Float]
  ) {
    unsafe table.lstm_backward(rows, previousRows, hidden, &gates, before, c, dh, &dc)
  }
}

/// Every instruction set's kernels against the definition or the plain loops.
@Suite struct RecurrentKernelTests {

  static func random(_ count: Int, _ scale: Float, _ generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in Float.random(in: -scale...scale, using: &generator) }
  }

  @Test func thePlainLoopsAreTheLast() {
    #expect(Kernels.all.last?.name == "plain")
  }

  /// out + a · b by the definition, in double precision.
  func product(_ a: [Float], _ b: [Float], _ out: [Float], rows: Int, columns: Int, inner: Int)
    -> [Double]
  {
    (0..<rows * columns).map { at in
      let (row, column) = (at / columns, at % columns)
      return (0..<inner).reduce(Double(out[at])) {
        $0 + Double(a[row * inner + $1]) * Double(b[$1 * columns + column])
      }
    }
  }

  @Test(arguments: 1...100)
  func productsAgreeWithTheDefinition(size: Int) {
    var generator = SplitMix64(seed: UInt64(size))
    let shapes = [
      (size, Int.random(in: 1...60, using: &generator), Int.random(in: 1...9, using: &generator)),
      (Int.random(in: 1...9, using: &generator), size, Int.random(in: 1...40, using: &generator)),
      (Int.random(in: 1...9, using: &generator), Int.random(in: 1...120, using: &generator), size),
    ]
    for (rows, columns, inner) in shapes {
      let a = Self.random(rows * inner, 1, &generator)
      let b = Self.random(inner * columns, 1, &generator)
      let start = Self.random(rows * columns, 1, &generator)
      let expected = product(a, b, start, rows: rows, columns: columns, inner: inner)
      for kernels in Kernels.all {
        // A guard behind the result shows a store beyond its end.
        var out = start + [12345]
        kernels.addProduct(a, rows: rows, b, columns: columns, to: &out)
        #expect(out.removeLast() == 12345)
        let worst = zip(out, expected).map { abs(Double($0) - $1) }.max() ?? 0
        #expect(worst <= 1e-6 * Double(inner + 1), "\(rows) x \(columns) x \(inner)")
      }
    }
  }

  @Test func aRowsProductDoesNotDependOnItsNeighbours() {
    var generator = SplitMix64(seed: 7)
    let (columns, inner) = (112, 37)
    let b = Matrix(
      rowCount: inner, columnCount: columns, values: Self.random(inner * columns, 1, &generator))
    let a = Matrix(rowCount: 17, columnCount: inner, values: Self.random(17 * inner, 1, &generator))
    let packed = PackedMatrix(b)
    var together = Matrix(rowCount: 17, columnCount: columns)
    together.addProduct(a, packed)
    for row in 0..<17 {
      var alone = Matrix(rowCount: 1, columnCount: columns)
      alone.addProduct(a.rows(row..<row + 1), packed)
      #expect(alone == together.rows(row..<row + 1))
    }
  }

  @Test func packingATransposeIsPackingTheTransposedMatrix() {
    var generator = SplitMix64(seed: 3)
    let b = Matrix(rowCount: 5, columnCount: 70, values: Self.random(350, 1, &generator))
    var transposed = Matrix(rowCount: 70, columnCount: 5)
    for row in 0..<5 {
      for column in 0..<70 { transposed[column, row] = b[row, column] }
    }
    let a = Matrix(rowCount: 3, columnCount: 5, values: Self.random(15, 1, &generator))
    var one = Matrix(rowCount: 3, columnCount: 70)
    var other = one
    one.addProduct(a, PackedMatrix(b))
    other.addProduct(a, PackedMatrix(transposing: transposed))
    #expect(one == other)
  }

  @Test(arguments: 1...100)
  func cellsAgreeWithThePlainLoops(hidden: Int) throws {
    var generator = SplitMix64(seed: UInt64(hidden), stream: 1)
    let plain = try #require(Kernels.all.last)
    let (rows, previousRows, stride) = (3, 2, hidden + 5)
    let inputs = Self.random(rows * 4 * hidden, 4, &generator)
    let before = Self.random(rows * hidden, 2, &generator)
    let dh = Self.random(rows * hidden, 1, &generator)
    let dcIn = Self.random(rows * hidden, 1, &generator)
    func forwardAndBack(_ kernels: Kernels) -> [[Float]] {
      var (gates, c) = (inputs, [Float](repeating: 0, count: rows * hidden))
      var h = [Float](repeating: 0, count: rows * stride)
      kernels.forward(
        rows: rows, previousRows: previousRows, hidden: hidden, stride: stride, gates: &gates,
        before: before, c: &c, h: &h)
      let values = gates
      var dc = dcIn
      kernels.backward(
        rows: rows, previousRows: previousRows, hidden: hidden, gates: &gates, before: before,
        c: c, dh: dh, dc: &dc)
      return [values, c, h, gates, dc]
    }
    let expected = forwardAndBack(plain)
    for kernels in Kernels.all {
      for (found, expected) in zip(forwardAndBack(kernels), expected) {
        let worst = zip(found, expected).map { abs($0 - $1) }.max() ?? 0
        #expect(worst <= 2e-6)
      }
    }
  }

  /// σ and tanh of the gates against double precision, over the range that matters.
  @Test func activationsAreWithinAFewUnitsInTheLastPlace() {
    let points = (-40_000...40_000).map { Float($0) / 2000 } + [-100, -87, 87, 100, 1e-7, 0]
    let hidden = points.count
    for kernels in Kernels.all {
      var gates = points + points + points + points
      var c = [Float](repeating: 0, count: hidden)
      var h = c
      kernels.forward(
        rows: 1, previousRows: 0, hidden: hidden, stride: hidden, gates: &gates, before: [],
        c: &c, h: &h)
      for (index, x) in points.enumerated() {
        let sigmoid = 1 / (1 + exponential(-Double(x)))
        let tanh = 1 - 2 / (exponential(2 * Double(x)) + 1)
        #expect(ulps(gates[index], sigmoid) <= 4, "σ(\(x))")
        #expect(abs(Double(gates[2 * hidden + index]) - tanh) <= 3e-7 * max(abs(tanh), 1e-3))
      }
    }
  }

  /// The distance of a float from the exact value in units of the float's last place; numbers
  /// below 1e-37 count as zero.
  func ulps(_ found: Float, _ exact: Double) -> Double {
    if exact < 1e-37, found < 1e-37 { return 0 }
    return abs(Double(found) - exact) / Double(Float(exact).ulp)
  }

  /// e to the x, from the series of e to the x/1024.
  func exponential(_ x: Double) -> Double {
    let small = x / 1024
    var (sum, term) = (1.0, 1.0)
    for n in 1...12 {
      term *= small / Double(n)
      sum += term
    }
    for _ in 0..<10 { sum *= sum }
    return sum
  }
}
