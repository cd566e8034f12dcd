internal import StapesDecoding

extension Benchmark {
  /// Beam search without a language model, over ten emissions; one peer takes the first alone.
  static let decode = [
    decode(beamWidth: 50, peer: "flashlight-text"),
    decode(beamWidth: 100, peer: "flashlight-text"),
    decode(beamWidth: 100, peer: "pyctcdecode", emissionCount: 1),
    decode(beamWidth: 500, peer: "flashlight-text"),
  ]

  private static func decode(
    beamWidth: Int, peer: String, emissionCount: Int = 10
  ) -> Benchmark {
    timed("decode", "beam\(beamWidth)", peer: peer, isSerial: true) { _ in
      let emissions = try Emissions.load().prefix(emissionCount)
      let decoder = BeamDecoder(options: BeamOptions(beamWidth: beamWidth))
      return {
        ContinuousClock().measure {
          for emission in emissions { _ = decoder.decode(emission) }
        }
      }
    }
  }
}
