import Foundation
import StapesKernels
import TestSupport
import Testing

/// The loops between samples and cepstra against their formulas, in double precision.
struct SpectrumKernelTests {
  @Test(arguments: [1, 2, 7, 8, 9, 64, 401], [false, true])
  func `frames are windowed as the formula says`(length: Int, removesMean: Bool) {
    var generator = SplitMix64(seed: UInt64(length))
    let (hop, start, count) = (3, 5, 4)
    let samples = (0..<500).map { _ in Float.random(in: 0...2, using: &generator) }
    let weights = (0..<length).map { _ in Float.random(in: 0...1, using: &generator) }
    for energy in [FrameWindow.Energy.raw, .windowed] {
      let window = FrameWindow(
        window: weights, preemphasis: 0.9, removesMean: removesMean, energy: energy)
      var frames = Matrix(rowCount: count + 1, columnCount: length, repeating: -7)
      var energies = [Float](repeating: -7, count: count + 1)
      window.cut(
        count, from: samples, at: start, hopLength: hop, into: &frames, energies: &energies)
      for row in 0..<count {
        let raw = samples[(start + row * hop)...].prefix(length).map(Double.init)
        let mean = removesMean ? raw.reduce(0, +) / Double(length) : 0
        let x = raw.map { $0 - mean }
        let y = x.indices.map { Double(weights[$0]) * (x[$0] - 0.9 * x[max(0, $0 - 1)]) }
        for n in 0..<length { #expect(abs(Double(frames[row, n]) - y[n]) < 1e-5) }
        let expected = (energy == .raw ? x : y).reduce(0) { $0 + $1 * $1 }
        #expect(abs(Double(energies[row]) - expected) < 1e-5 * (1 + expected))
      }
      #expect(frames.row(count).allSatisfy { $0 == -7 } && energies[count] == -7)
    }
  }

  @Test func `a banded product is that of the full matrix`() {
    var generator = SplitMix64(seed: 2)
    let columnCount = 40
    let bands = (0..<60).map { index in
      let length = index % 41
      let start = Int.random(in: 0...columnCount - length, using: &generator)
      let weights = (0..<length).map { _ in Float.random(in: -1...1, using: &generator) }
      return BandedMatrix.Band(start: start, weights: weights)
    }
    var full = Matrix(rowCount: bands.count, columnCount: columnCount)
    for (row, band) in bands.enumerated() {
      for (offset, weight) in band.weights.enumerated() { full[row, band.start + offset] = weight }
    }
    let rows = randomMatrix(rowCount: 5, columnCount: columnCount, using: &generator)
    var product = Matrix(rowCount: 5, columnCount: bands.count, repeating: -7)
    BandedMatrix(bands: bands, columnCount: columnCount).multiply(
      first: 4, of: rows, into: &product)
    #expect(largestDifference(product.rows(0..<4), rows.rows(0..<4).timesTransposed(full)) < 1e-5)
    #expect(product.row(4).allSatisfy { $0 == -7 })
  }

  @Test func `logarithms are natural and floored, square roots are exact`() {
    let values: [Float] = [0, -1, 1e-30, 0.5, 1, 2.718_281_8, 3e20, .leastNonzeroMagnitude]
    var matrix = Matrix(rows: [values, values])
    matrix.takeLogarithms(ofFirst: 1, floor: 1e-10)
    for (column, value) in values.enumerated() {
      let expected = log(max(1e-10, Double(value)))
      #expect(abs(Double(matrix[0, column]) - expected) <= 2e-7 * (1 + abs(expected)))
      #expect(matrix[1, column] == value)
    }
    var squares = Matrix(rows: [[0, 4, 2], [9, 9, 9]])
    squares.takeSquareRoots(ofFirst: 1)
    #expect(squares == Matrix(rows: [[0, 2, Float(2).squareRoot()], [9, 9, 9]]))
  }
}
