package import StapesFeatures
package import StapesNetwork

/// The times of the outputs of a model's network in a clip.
///
/// Output t joins the features of frames t·stride ..< t·stride + stack, so its middle is the mean
/// of their middles: with m(i) = (start of frame i + frame length / 2) / sample rate,
///
///     middle(t) = m(t·stride) + (stack − 1) / 2 · hop
///
/// and the outputs follow each other by stride · hop, the time for which each of them stands.
/// What convolutions add to it stands at `NetworkConfiguration.firstOutputMiddle`.
package struct OutputTiming: Sendable {
  /// The time from one output to the next, in seconds.
  package let step: Double
  /// The middle of the first output, in seconds from the start of the clip.
  package let firstMiddle: Double

  package init(_ model: SpeechModel) {
    self.init(features: model.features, network: model.network.configuration)
  }

  package init(features: FeatureConfiguration, network: NetworkConfiguration) {
    let hop = Double(features.hopLength) / Double(features.sampleRate)
    step = Double(network.stride) * hop
    firstMiddle = features.middleSeconds(ofFrame: 0) + network.firstOutputMiddle * hop
  }

  /// Where the time of an output begins; as well the end of the output before it.
  package func start(of output: Int) -> Double {
    firstMiddle + (Double(output) - 0.5) * step
  }
}
