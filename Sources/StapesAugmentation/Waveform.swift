internal import Glibc
package import StapesKernels

/// Changes to samples that stand for other voices, rooms and recorders.
package enum Waveform {
  /// The mean of the squares of the samples; 0 when there are none.
  package static func power(of samples: [Float]) -> Float {
    var sum: Float = 0
    for sample in samples { sum += sample * sample }
    return samples.isEmpty ? 0 : sum / Float(samples.count)
  }

  /// Multiplies samples by a gain in decibels.
  package static func amplify(_ samples: inout [Float], byDecibels gain: Double) {
    guard gain != 0 else { return }
    let factor = Float(pow(10, gain / 20))
    for index in samples.indices { samples[index] *= factor }
  }

  /// Makes samples as loud as others were; silence stays silence.
  ///
  /// - Parameters:
  ///   - samples: the samples.
  ///   - power: the mean square that they shall have.
  package static func amplify(_ samples: inout [Float], toPower power: Float) {
    let own = self.power(of: samples)
    guard power > 0, own > 0 else { return }
    let scale = (power / own).squareRoot()
    for index in samples.indices { samples[index] *= scale }
  }

  /// Noise of random colour, between white and that of distant traffic.
  ///
  /// White noise w passes n[t] = w[t] + a·n[t − 1] with a drawn from 0...0.98.
  package static func noise(sampleCount: Int, using random: inout SplitMix64) -> [Float] {
    let memory = Float.random(in: 0...0.98, using: &random)
    var previous: Float = 0
    return (0..<sampleCount).map { _ in
      previous = uniformNoise(&random) + memory * previous
      return previous
    }
  }

  /// Background of a recording in which nobody speaks: faint white noise, or digital silence.
  ///
  /// - Parameters:
  ///   - sampleCount: how many samples.
  ///   - decibels: the root mean square below full scale; below −96, zeros.
  ///   - random: the source of the noise.
  package static func silence(
    sampleCount: Int, decibels: Double, using random: inout SplitMix64
  ) -> [Float] {
    guard decibels >= -96 else { return [Float](repeating: 0, count: sampleCount) }
    let scale = Float(pow(10, decibels / 20) * 3.0.squareRoot())
    return (0..<sampleCount).map { _ in scale * uniformNoise(&random) }
  }

  /// A number drawn evenly from −1..<1, whose mean square is 1/3.
  private static func uniformNoise(_ random: inout SplitMix64) -> Float {
    Float(Int32(truncatingIfNeeded: random.next() >> 32)) * 0x1p-31
  }
}
