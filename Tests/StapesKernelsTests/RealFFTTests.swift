import Foundation
import StapesKernels
import TestSupport
import Testing

struct RealFFTTests {
  @Test(arguments: [2, 4, 6, 16, 50, 64, 400, 512])
  func `power spectra are those of the definition`(frameLength: Int) {
    var generator = SplitMix64(seed: UInt64(frameLength))
    for length in Set([1, frameLength - 1, frameLength]) {
      let frames = randomMatrix(rowCount: 3, columnCount: length, using: &generator)
      var fft = RealFFT(frameLength: frameLength)
      var spectra = Matrix(rowCount: 3, columnCount: fft.binCount)
      fft.takePowerSpectra(ofFirst: 3, in: frames, into: &spectra)
      #expect(largestDifference(spectra, naivePowerSpectra(frames, frameLength)) < 1e-3)
    }
  }

  @Test func `rows beyond the count stay as they are`() {
    let frames = Matrix(rowCount: 3, columnCount: 4, repeating: 1)
    var fft = RealFFT(frameLength: 4)
    var spectra = Matrix(rowCount: 2, columnCount: 3, repeating: -7)
    fft.takePowerSpectra(ofFirst: 1, in: frames, into: &spectra)
    #expect(spectra == Matrix(rows: [[16, 0, 0], [-7, -7, -7]]))
  }

  @Test func `a frame after a longer one is padded with zeros again`() {
    var fft = RealFFT(frameLength: 4)
    var spectra = Matrix(rowCount: 1, columnCount: 3)
    fft.takePowerSpectra(
      ofFirst: 1, in: Matrix(rowCount: 1, columnCount: 4, repeating: 1), into: &spectra)
    fft.takePowerSpectra(
      ofFirst: 1, in: Matrix(rowCount: 1, columnCount: 1, repeating: 1), into: &spectra)
    #expect(spectra == Matrix(rows: [[1, 1, 1]]))
  }

  @Test func `plans made and freed by many tasks at once compute alike`() async {
    let frames = Matrix(rowCount: 1, columnCount: 64, values: (0..<64).map { Float($0 % 7) })
    let spectra = await withTaskGroup(of: Matrix.self) { group in
      for _ in 0..<32 {
        group.addTask {
          var fft = RealFFT(frameLength: 64)
          var spectra = Matrix(rowCount: 1, columnCount: 33)
          fft.takePowerSpectra(ofFirst: 1, in: frames, into: &spectra)
          return spectra
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(spectra.allSatisfy { $0 == spectra[0] })
  }

  /// |sum over n of x[n] · exp(-2πi·k·n/N)|², in double precision.
  private func naivePowerSpectra(_ frames: Matrix, _ frameLength: Int) -> Matrix {
    let rows = (0..<frames.rowCount).map { row in
      (0...frameLength / 2).map { k in
        var (real, imaginary) = (0.0, 0.0)
        for (n, x) in frames.row(row).enumerated() {
          let angle = 2 * Double.pi * Double(k * n % frameLength) / Double(frameLength)
          real += Double(x) * cos(angle)
          imaginary -= Double(x) * sin(angle)
        }
        return Float(real * real + imaginary * imaginary)
      }
    }
    return Matrix(rows: rows)
  }
}
