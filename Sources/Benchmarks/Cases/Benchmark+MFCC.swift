internal import StapesFeatures
internal import StapesKernels

extension Benchmark {
  /// 13 MFCC of a minute of noise, the tables of the front end included; against each peer with
  /// as many mel bands as it has.
  static let mfcc = [
    mfcc(bandCount: 23, peer: "kaldi-native-fbank"),
    mfcc(bandCount: 40, peer: "librosa"),
    mfcc(bandCount: 26, peer: "python_speech_features"),
  ]

  private static func mfcc(bandCount: Int, peer: String) -> Benchmark {
    timed("mfcc", "60s", peer: peer, isSerial: true) { _ in
      var random = SplitMix64(seed: 0)
      let samples = (0..<60 * 16_000).map { _ in Float(random.nextNormal() * 0.1) }
      var configuration = FeatureConfiguration.mfcc()
      configuration.deltas = nil
      configuration.mel.bandCount = bandCount
      return { [configuration] in
        try ContinuousClock().measure {
          var extractor = try FeatureExtractor(configuration: configuration)
          _ = extractor.features(of: samples)
        }
      }
    }
  }
}
