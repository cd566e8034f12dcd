import StapesKernels
import Testing

@Suite struct ConvolutionTests {
  /// The definition: y[n] = Σ x[n − k] · h[k].
  private func direct(_ signal: [Float], _ kernel: [Float]) -> [Float] {
    guard !signal.isEmpty, !kernel.isEmpty else { return [] }
    return (0..<signal.count + kernel.count - 1).map { n in
      var sum = 0.0
      for k in kernel.indices where signal.indices.contains(n - k) {
        sum += Double(signal[n - k]) * Double(kernel[k])
      }
      return Float(sum)
    }
  }

  private func noise(_ count: Int, seed: UInt64) -> [Float] {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  @Test func smallSizesAreConvolvedByDefinition() {
    for count in 0...9 {
      for kernelCount in 0...9 {
        let (signal, kernel) = (noise(count, seed: 1), noise(kernelCount, seed: 2))
        let (found, expected) = (signal.convolved(with: kernel), direct(signal, kernel))
        #expect(found.count == expected.count)
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-5 })
      }
    }
  }

  /// Sizes about those of the blocks that long signals are cut into.
  @Test(arguments: [(4000, 97), (3996, 101), (10_000, 3000), (50, 5000), (9000, 1)])
  func longSignalsAreConvolvedByDefinition(count: Int, kernelCount: Int) {
    let (signal, kernel) = (noise(count, seed: 3), noise(kernelCount, seed: 4))
    let (found, expected) = (signal.convolved(with: kernel), direct(signal, kernel))
    #expect(found.count == expected.count)
    #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 2e-4 })
  }
}
