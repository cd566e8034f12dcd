internal import StapesAugmentation
public import StapesCorpus
internal import StapesFeatures
internal import StapesKernels
package import StapesNetwork
public import StapesText

extension TrainingOptions {
  /// A size of network, with the settings that suit it.
  public enum Preset: String, Codable, Sendable, CaseIterable {
    /// For small vocabularies and less than an hour of clips.
    case small
    /// For a few hours of sentences.
    case medium
    /// For dozens of hours.
    case large
  }

  /// Options for a corpus: nothing else needs to be set.
  ///
  /// The sample rate is that of most clips, at most 16 kHz; the size of the network and the number
  /// of epochs follow from the hours; the stride is the largest that leaves room for the text of
  /// nearly all clips; single words are also joined into strings of words; a few words that come
  /// again and again are all that the model writes.
  ///
  /// - Parameters:
  ///   - corpus: the clips to train on.
  ///   - preset: the size of the network; nil chooses it.
  ///   - text: how transcripts are normalised; nil for what suits them.
  ///   - task: what the model learns to do; to tell clips apart, a network of LSTM layers is
  ///     recommended whose outputs are averaged over the clip.
  public static func recommended(
    for corpus: Corpus, preset: Preset? = nil, text: TextNormalization? = nil,
    task: Task = .transcribe
  ) -> TrainingOptions {
    let text = text ?? .recommended(for: corpus.clips.map(\.text))
    let measures = CorpusMeasures(of: corpus, text: text)
    var options = TrainingOptions()
    options.text = text
    options.features = FeatureConfiguration(sampleRate: min(measures.sampleRate ?? 16_000, 16_000))
    options.apply(preset ?? (measures.hours < 1 ? .small : measures.hours < 30 ? .medium : .large))
    options.epochCount = min(max(Int((100 / max(measures.hours, 0.01)).rounded()), 8), 60)
    let areWords = measures.medianWordCount <= 2
    options.augmentation = .recommended(joinsWords: areWords)
    // The mean of a clip of one word is a good part of what tells it from other words.
    options.normalization = areWords ? .global : .perClip
    options.vocabulary = measures.hasFewWords ? .closed : .open
    options.stride =
      [3, 2].first {
        measures.fits(secondsPerOutput: Double($0) * options.features.frames.hopSeconds)
      } ?? 1
    if task == .classify { options.tellClipsApart() }
    if task == .spot { options.spotPhrases() }
    return options
  }

  /// Sets what telling clips apart needs.
  private mutating func tellClipsApart() {
    task = .classify
    vocabulary = .open
    normalization = .global
    augmentation.joining = Augmentation().joining
    (stackCount, stride) = (3, 3)
    network = pooledNetwork(hiddenSize: hiddenSize / 2)
  }

  /// Sets what spotting phrases needs: a small network of one direction, and clips among other sound,
  /// at all levels, in all rooms and by all microphones.
  private mutating func spotPhrases() {
    task = .spot
    vocabulary = .open
    isBidirectional = false
    (layerCount, hiddenSize, dropout, batchSeconds) = (2, 192, 0.1, 60)
    normalization = .sliding
    fineTuning.replayShare = 0.6
    augmentation = .recommended(joinsWords: true)
    augmentation.gainDecibels = -20...6
    augmentation.noiseShare = 0.7
    augmentation.signalToNoiseDecibels = 0...30
    augmentation.reverberationShare = 0.3
    augmentation.microphoneShare = 0.5
    augmentation.joining.clipShare = 1
    augmentation.joining.clipCount = 1...4
    augmentation.joining.oneSpeakerShare = 0
    augmentation.joining.pauseSeconds = -0.1...0.4
  }

  /// The LSTM layers that these options describe, with one output for a whole clip.
  ///
  /// - Parameter hiddenSize: the units of each direction.
  package func pooledNetwork(hiddenSize: Int) -> NetworkArchitecture {
    let layer = NetworkLayer(
      .lstm(LSTMLayer(LSTMCell(size: hiddenSize), isBidirectional: isBidirectional)))
    return NetworkArchitecture(
      stackCount: stackCount, stackStride: stride,
      layers: Array(repeating: layer, count: layerCount), dropout: dropout, pooling: .mean)
  }

  /// Sets what a preset stands for.
  private mutating func apply(_ preset: Preset) {
    switch preset {
    case .small:
      (layerCount, hiddenSize, dropout, batchSeconds) = (2, 192, 0.2, 15)
      learningRate.peak = 4e-3
    case .medium:
      (layerCount, hiddenSize, dropout, batchSeconds) = (3, 256, 0.2, 60)
      learningRate.peak = 2e-3
    case .large:
      (layerCount, hiddenSize, dropout, batchSeconds) = (4, 384, 0.2, 400)
      learningRate.peak = 1e-3
    }
  }
}
