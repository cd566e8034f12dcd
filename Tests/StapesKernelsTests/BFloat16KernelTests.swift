import CKernels
import StapesKernels
import Testing

/// One instruction set's products of bfloat16 pairs, on arrays.
@safe private struct PairKernels {
  private let table: UnsafePointer<stapes_bfloat16_kernels>

  /// Those that this processor runs; the plain loops are the last.
  static var all: [PairKernels] { (0..<stapes_bfloat16_kernel_count()).map(PairKernels.init) }

  init(_ index: Int) {
    unsafe table = stapes_bfloat16_kernels_at(index)
  }

  var name: String { unsafe String(cString: table.pointee.name) }

  func addProduct(
    _ a: [UInt32], rows: Int, _ panels: [UInt32], columns: Int, inner: Int, to out: inout [Float],
    stride: Int
  ) {
    unsafe stapes_bfloat16_add_product(table, rows, columns, inner, a, panels, &out, stride)
  }
}

/// The nearest number with eight significant bits, ties to the even one, by arithmetic.
private func rounded(_ x: Float) -> Float {
  guard x.isFinite, x != 0 else { return x }
  let unit = Double(x.binade) * 0x1p-7
  return Float((Double(x) / unit).rounded(.toNearestOrEven) * unit)
}

private func number(_ half: UInt32) -> Float { Float(bitPattern: half << 16) }

@Suite struct BFloat16KernelTests {
  private func random(_ count: Int, _ generator: inout SplitMix64) -> [Float] {
    (0..<count).map { _ in Float.random(in: -2...2, using: &generator) }
  }

  private func transposed(_ x: [Float], rows: Int, columns: Int) -> [Float] {
    (0..<rows * columns).map { x[$0 % rows * columns + $0 / rows] }
  }

  private func leftFactor(_ x: [Float], rows: Int, columns: Int) -> [UInt32] {
    var pairs = [UInt32](repeating: .max, count: rows * stapes_pair_count(columns))
    unsafe stapes_pair_rows(x, rows, columns, columns, &pairs)
    return pairs
  }

  private func rightFactor(_ x: [Float], rows: Int, columns: Int) -> [UInt32] {
    var panels = [UInt32](repeating: .max, count: stapes_pair_panels_count(rows, columns))
    unsafe stapes_pair_panels(x, rows, columns, columns, &panels)
    return panels
  }

  @Test func thePlainLoopsAreTheLast() {
    #expect(PairKernels.all.last?.name == "plain")
  }

  @Test func roundsToTheNearestNumberOfEightBits() {
    var generator = SplitMix64(seed: 1)
    var numbers = random(1000, &generator).map {
      $0 * Float(sign: .plus, exponent: 40, significand: 1)
    }
    numbers += (0..<1000).map { Float(bitPattern: UInt32($0) << 15 | 0x3f80_0000) }  // ties
    numbers += [0, 1, -1, .infinity, -.infinity, 1e-38, 3.4028235e38]
    let pairs = leftFactor(numbers, rows: 1, columns: numbers.count)
    for (index, x) in numbers.enumerated() {
      let half = index % 2 == 0 ? pairs[index / 2] & 0xFFFF : pairs[index / 2] >> 16
      #expect(number(half) == rounded(x), "\(x)")
    }
    #expect(number(leftFactor([.nan], rows: 1, columns: 1)[0] & 0xFFFF).isNaN)
  }

  @Test func transposesAreStoredAsTheMatricesThemselves() {
    var generator = SplitMix64(seed: 2)
    for (rows, columns) in [(1, 1), (1, 40), (31, 1), (33, 17), (16, 32), (70, 95), (64, 64)] {
      let x = random(rows * columns, &generator)
      let swapped = transposed(x, rows: rows, columns: columns)
      var pairs = [UInt32](repeating: .max, count: rows * stapes_pair_count(columns))
      unsafe stapes_pair_columns(swapped, columns, rows, rows, &pairs)
      #expect(pairs == leftFactor(x, rows: rows, columns: columns), "\(rows) x \(columns)")
      var panels = [UInt32](repeating: .max, count: stapes_pair_panels_count(rows, columns))
      unsafe stapes_pair_panels_transposed(swapped, columns, rows, rows, &panels)
      #expect(panels == rightFactor(x, rows: rows, columns: columns), "\(rows) x \(columns)")
    }
  }

  /// Every size up to 100 appears as number of rows, columns and inner length.
  @Test(arguments: 1...100)
  func multipliesAsTheDefinitionDoes(size: Int) {
    var generator = SplitMix64(seed: UInt64(size))
    for (rows, columns, inner) in [
      (size, 1 + size * 7 % 50, 1 + size * 13 % 70), (1 + size * 11 % 40, size, 37),
      (9, 33, size), (1, size, size),
    ] {
      let (a, b) = (random(rows * inner, &generator), random(inner * columns, &generator))
      let stride = columns + 3
      let before = random(rows * stride, &generator)
      for kernels in PairKernels.all {
        var out = before
        kernels.addProduct(
          leftFactor(a, rows: rows, columns: inner), rows: rows,
          rightFactor(b, rows: inner, columns: columns), columns: columns, inner: inner, to: &out,
          stride: stride)
        for row in 0..<rows {
          for column in 0..<stride {
            let at = row * stride + column
            guard column < columns else {
              #expect(out[at] == before[at], "\(kernels.name) writes beyond a row")
              continue
            }
            var (sum, size) = (Double(before[at]), abs(Double(before[at])))
            for k in 0..<inner {
              let term =
                Double(rounded(a[row * inner + k])) * Double(rounded(b[k * columns + column]))
              sum += term
              size += abs(term)
            }
            #expect(abs(Double(out[at]) - sum) <= 1e-6 * size, "\(kernels.name)")
          }
        }
      }
    }
  }

  @Test func aRowDoesNotDependOnTheOthers() {
    var generator = SplitMix64(seed: 3)
    let (rows, columns, inner) = (75, 50, 45)
    let (a, b) = (random(rows * inner, &generator), random(inner * columns, &generator))
    let panels = rightFactor(b, rows: inner, columns: columns)
    for kernels in PairKernels.all {
      var together = [Float](repeating: 0, count: rows * columns)
      kernels.addProduct(
        leftFactor(a, rows: rows, columns: inner), rows: rows, panels, columns: columns,
        inner: inner, to: &together, stride: columns)
      for row in 0..<rows {
        var alone = [Float](repeating: 0, count: columns)
        kernels.addProduct(
          leftFactor(Array(a[row * inner..<(row + 1) * inner]), rows: 1, columns: inner), rows: 1,
          panels, columns: columns, inner: inner, to: &alone, stride: columns)
        #expect(alone == Array(together[row * columns..<(row + 1) * columns]), "\(kernels.name)")
      }
    }
  }

  /// More rows than are worked on together.
  @Test func manyRowsAreWorkedOnInChunks() {
    var generator = SplitMix64(seed: 4)
    let (rows, columns, inner) = (700, 3, 500)
    let (a, b) = (random(rows * inner, &generator), random(inner * columns, &generator))
    let results = PairKernels.all.map { kernels in
      var out = [Float](repeating: 1, count: rows * columns)
      kernels.addProduct(
        leftFactor(a, rows: rows, columns: inner), rows: rows,
        rightFactor(b, rows: inner, columns: columns), columns: columns, inner: inner, to: &out,
        stride: columns)
      return out
    }
    for result in results {
      for (x, y) in zip(result, results[results.count - 1]) { #expect(abs(x - y) < 1e-3) }
    }
  }
}
