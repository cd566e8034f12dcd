internal import Glibc
package import StapesKernels

/// An empty room with six flat walls, in which somebody speaks into a microphone.
///
/// Its impulse response is that of mirror images: each reflection is a straight ray from an image
/// of the source in a mirrored room (Allen and Berkley, "Image method for efficiently simulating
/// small-room acoustics", 1979).
package struct ShoeboxRoom: Sendable, Equatable {
  /// A place in the room, or its size, in metres.
  package typealias Metres = SIMD3<Double>

  /// The length of each edge.
  package var size: Metres
  /// Where the voice is, from the corner at which three walls meet.
  package var source: Metres
  /// Where the microphone is, in the same form.
  package var microphone: Metres
  /// The share of the pressure that the walls through that corner throw back, in 0...1, one for
  /// each axis.
  package var nearReflections: SIMD3<Double>
  /// The same of the walls opposite.
  package var farReflections: SIMD3<Double>

  /// The speed of sound, in metres a second.
  package static let speedOfSound = 343.0

  /// Puts a room together.
  package init(
    size: Metres, source: Metres, microphone: Metres, nearReflections: SIMD3<Double>,
    farReflections: SIMD3<Double>
  ) {
    (self.size, self.source, self.microphone) = (size, source, microphone)
    (self.nearReflections, self.farReflections) = (nearReflections, farReflections)
  }

  /// Draws an office or living room whose sound fades by 60 dB within a time, by Eyring's formula
  /// (1930).
  package init(fadingWithin seconds: Double, using random: inout SplitMix64) {
    let size = Self.draw((Metres(3, 3, 2.4), Metres(8, 6, 3.5)), using: &random)
    let places = (Metres(0.5, 0.5, 0.8), Metres(size.x - 0.5, size.y - 0.5, 1.9))
    let surface = 2 * (size.x * size.y + size.y * size.z + size.z * size.x)
    let volume = size.x * size.y * size.z
    let absorption = 1 - exp(-0.161 * volume / (surface * max(seconds, 0.01)))
    let reflections = SIMD3(repeating: (1 - absorption).squareRoot())
    self.init(
      size: size, source: Self.draw(places, using: &random),
      microphone: Self.draw(places, using: &random), nearReflections: reflections,
      farReflections: reflections)
  }

  private static func draw(
    _ range: (lower: Metres, upper: Metres), using random: inout SplitMix64
  ) -> Metres {
    var place = range.lower
    for axis in 0..<3 {
      place[axis] = Double.random(in: range.lower[axis]...range.upper[axis], using: &random)
    }
    return place
  }

  /// The impulse response at the microphone.
  ///
  /// An image at a distance of d metres sounds after d / c seconds with the amplitude 1 / (4πd),
  /// times the reflection of each wall in between, at the nearest sample.
  ///
  /// - Parameters:
  ///   - sampleRate: in hertz.
  ///   - sampleCount: how many samples.
  package func impulseResponse(sampleRate: Int, sampleCount: Int) -> [Float] {
    var response = [Float](repeating: 0, count: sampleCount)
    let reach = (Double(sampleCount) + 1) / Double(sampleRate) * Self.speedOfSound
    let axes = (0..<3).map { images(along: $0, reach: reach) }
    let samplesPerMetre = Double(sampleRate) / Self.speedOfSound
    for x in axes[0] {
      for y in axes[1] {
        let flat = x.distance * x.distance + y.distance * y.distance
        guard flat <= reach * reach else { continue }
        for z in axes[2] {
          let distance = max((flat + z.distance * z.distance).squareRoot(), 0.01)
          let index = Int((distance * samplesPerMetre).rounded())
          guard index < sampleCount else { continue }
          response[index] += Float(x.gain * y.gain * z.gain / (4 * .pi * distance))
        }
      }
    }
    return response
  }

  /// The images of the source along an axis that are no farther than a distance: how far from the
  /// microphone, and how loud after their reflections.
  private func images(along axis: Int, reach: Double) -> [(distance: Double, gain: Double)] {
    let (length, near, far) = (size[axis], nearReflections[axis], farReflections[axis])
    let count = Int(reach / (2 * length)) + 1
    return (-count...count).flatMap { room in
      [0, 1].compactMap { mirrored in
        let place = (mirrored == 0 ? source[axis] : -source[axis]) + 2 * Double(room) * length
        let distance = place - microphone[axis]
        let gain = power(near, abs(room - mirrored)) * power(far, abs(room))
        return abs(distance) <= reach && gain > 0 ? (distance, gain) : nil
      }
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    exponent == 0 ? 1 : pow(base, Double(exponent))
  }
}
