internal import StapesAudio
internal import StapesAugmentation
package import StapesFeatures
package import StapesKernels
package import StapesRecipe

/// An utterance as the network sees it in one epoch.
package struct Utterance: Sendable {
  /// The normalised features, [T × F], each time under other masks: once, or twice where the outputs are to
  /// be consistent.
  package let views: [Matrix]
  /// What is said.
  package let labels: [Int]
  /// The clips it was made of.
  package let clips: [Int]

  /// The features of the first view.
  package var features: Matrix { views[0] }

  /// Puts an utterance together.
  package init(views: [Matrix], labels: [Int], clips: [Int]) {
    self.views = views
    self.labels = labels
    self.clips = clips
  }
}

/// Makes utterances from clips: joins and varies their samples, and computes the features.
///
/// It owns a feature extractor; one task at a time uses it.
package struct UtteranceMaker: ~Copyable {
  private let options: TrainingOptions
  private let material: TrainingMaterial
  private var extractor: FeatureExtractor

  /// Prepares the feature extractor.
  package init(options: TrainingOptions, material: TrainingMaterial) throws(FeatureError) {
    self.options = options
    self.material = material
    extractor = try FeatureExtractor(configuration: options.features)
  }

  /// Makes an utterance of some clips.
  ///
  /// Its variation depends on the run's seed, the epoch and the first clip alone. Where a faster
  /// tempo leaves fewer outputs than the text needs, the clips are joined unvaried instead.
  package mutating func utterance(of clips: [Int], epoch: Int) throws -> Utterance {
    var random = SplitMix64(
      seed: options.seed, stream: RandomStream.augmentation.rawValue, UInt64(epoch),
      UInt64(clips[0]))
    let labels = joinedLabels(of: clips)
    let sampleRate = options.features.sampleRate
    let samples = try clips.map { try material.clips[$0].samples(sampleRate: sampleRate) }
    var features = try variedFeatures(of: samples, using: &random)
    if !options.fits(labels, frameCount: features.rowCount) {
      try extractor.change(to: options.features)
      features = extractor.features(of: joined(samples))
    }
    material.normalization.apply(to: &features)
    let views = (0..<options.viewCount).map { _ in
      var view = features
      FeatureMask.apply(
        options.augmentation.masking, to: &view, bandCount: options.maskableBandCount,
        using: &random)
      return view
    }
    return Utterance(views: views, labels: labels, clips: clips)
  }

  private func joinedLabels(of clips: [Int]) -> [Int] {
    let separator = material.spaceLabel.map { [$0] } ?? []
    return Array(
      clips.map { material.labels[$0] }.filter { !$0.isEmpty }.joined(separator: separator))
  }

  /// The clips one after the other, parted by digital silence of two of the network's outputs, so
  /// that their texts fit whenever each fits alone.
  private func joined(_ clips: [[Float]]) -> [Float] {
    let pause = 2 * options.outputStride * options.features.hopLength
    return Array(clips.joined(separator: [Float](repeating: 0, count: pause)))
  }

  private mutating func variedFeatures(
    of clips: [[Float]], using random: inout SplitMix64
  ) throws -> Matrix {
    let samples = try options.augmentation.waveform(
      joining: clips, sampleRate: options.features.sampleRate, sounds: material.sounds,
      using: &random)
    try extractor.change(
      to: options.augmentation.frontEnd(varying: options.features, using: &random))
    return extractor.features(of: samples)
  }
}
