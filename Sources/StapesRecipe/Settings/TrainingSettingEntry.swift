internal import StapesAugmentation
internal import StapesFeatures
internal import StapesKernels
internal import StapesText

/// What is said of each setting; `TrainingOptions` says it at more length.
struct TrainingSettingEntry: Sendable {
  let name: String
  let summary: String
  /// The values that it can have; nil where its type and `validate()` say so.
  let allowed: String?

  init(_ name: String, _ summary: String, allowed: String? = nil) {
    (self.name, self.summary, self.allowed) = (name, summary, allowed)
  }

  init<Choice: CaseIterable & RawRepresentable<String>>(
    _ name: String, _ summary: String, of type: Choice.Type
  ) {
    self.init(name, summary, allowed: type.allCases.map(\.rawValue).joined(separator: ", "))
  }

  /// Every setting.
  static let all = run + optimization + network + text + augmentation + features

  private static let run = [
    Self("task", "Task: transcribe speech or classify whole clips", of: TrainingOptions.Task.self),
    Self("seed", "Random seed", allowed: "a whole number"),
    Self("epochCount", "Number of epochs"),
    Self("batchSeconds", "Sound in a batch, in seconds"),
    Self("shardSize", "Utterances that one thread computes together"),
    Self("sortsFirstEpoch", "Whether the first epoch goes from short to long utterances"),
    Self("precision", "Precision of matrix products", of: ProductPrecision.self),
    Self("patience", "Early stopping after this many epochs without improvement; 0 for never"),
    Self("averagedModelCount", "Best epochs whose weights are averaged, if that is better"),
    Self("validationShare", "Share of the clips in the validation set, if none is given"),
    Self("longestClipSeconds", "Longest clip used, in seconds"),
    Self("summary", "What the model recognises, in one sentence, stored in the model"),
    Self("licence", "Licence of the model, stored in the model"),
  ]

  private static let optimization = [
    Self("optimizer.method", "Optimiser", of: OptimizerOptions.Method.self),
    Self("optimizer.momentum", "Momentum of sgd"),
    Self("optimizer.looksAhead", "Whether sgd uses Nesterov momentum"),
    Self("optimizer.firstDecay", "Adam's β₁"),
    Self("optimizer.secondDecay", "Adam's β₂"),
    Self("optimizer.epsilon", "Adam's ε"),
    Self("learningRate.peak", "Peak learning rate"),
    Self("learningRate.shape", "Schedule after the warm-up", of: LearningRateSchedule.Shape.self),
    Self("learningRate.warmUpFraction", "Share of the run in which the learning rate rises"),
    Self("learningRate.finalFraction", "Final learning rate of cosine, as a share of the peak"),
    Self("learningRate.plateauEpochs", "Epochs without improvement until plateau halves the rate"),
    Self("weightDecay", "Weight decay per step and unit of learning rate"),
    Self("gradientNormLimit", "Gradient clipping threshold of the norm"),
    Self("averageDecay", "Decay of the moving average of the weights; 0 for no average"),
    Self("labelSmoothing", "Label smoothing: weight of a uniform target distribution"),
    Self(
      "consistency",
      "Consistency regularisation (CR-CTC): weight of the divergence of two masked views; 0 for one view"
    ),
    Self("crfShare", "Share of CTC-CRF in the objective, with a trigram of the texts' characters"),
    Self(
      "fineTuning.frozen", "Weights that fine-tuning keeps",
      allowed: "nothing, front (all before the first layer), layers (all but the output), or the "
        + "number of first layers"),
    Self("fineTuning.layerRateDecay", "Factor of the learning rate per layer below the output"),
    Self("fineTuning.replayShare", "Share of replayed clips in each epoch"),
  ]

  private static let network = [
    Self("stackCount", "Frames joined into one input of the network"),
    Self("stride", "Frames between two outputs of the network"),
    Self("layerCount", "Number of LSTM layers"),
    Self("hiddenSize", "Hidden units of each layer and direction"),
    Self("isBidirectional", "Whether layers read in both directions"),
    Self("dropout", "Dropout after each layer"),
    Self("network", "Network architecture, in place of the six settings above"),
  ]

  private static let text = [
    Self("text.letterCase", "Letter case of transcripts", of: TextNormalization.LetterCase.self),
    Self("text.punctuation", "Treatment of punctuation", of: TextNormalization.Punctuation.self),
    Self("text.digits", "Treatment of digits", of: TextNormalization.Digits.self),
    Self("text.tags", "Treatment of tags such as [noise]", of: TextNormalization.Tags.self),
    Self("text.language", "Language of the texts", allowed: "an ISO 639 code"),
    Self("text.rules", "Version of the normalisation rules", allowed: "1 or 2"),
    Self(
      "vocabulary", "Words that the model writes: any, or those of the training texts",
      of: TrainingOptions.Vocabulary.self),
  ]

  private static let augmentation = [
    Self("augmentation.speed", "Speed perturbation: factors"),
    Self(
      "augmentation.speeds", "Speeds to choose from, in place of the range",
      allowed: "factors such as [0.9, 1, 1.1]"),
    Self("augmentation.tempo", "Tempo perturbation: factors"),
    Self("augmentation.vocalTract", "Vocal tract length perturbation: factors"),
    Self("augmentation.gainDecibels", "Gain, in decibels"),
    Self("augmentation.noiseShare", "Share of utterances with added noise"),
    Self("augmentation.signalToNoiseDecibels", "Signal-to-noise ratio, in decibels"),
    Self("augmentation.noiseFolder", "Folder of noise recordings; empty for synthetic noise"),
    Self("augmentation.reverberationShare", "Share of reverberated utterances"),
    Self(
      "augmentation.reverberationFolder", "Folder of impulse responses; empty for synthetic rooms"),
    Self("augmentation.fadingSeconds", "Reverberation time (RT60) of synthetic rooms, in seconds"),
    Self("augmentation.microphoneShare", "Share of utterances filtered as by another microphone"),
    Self("augmentation.microphoneDecibels", "Gains of the microphone filters, in decibels"),
    Self("augmentation.telephoneShare", "Share of utterances sent over a telephone line"),
    Self("augmentation.paddingShare", "Share of utterances padded with silence"),
    Self("augmentation.paddingSeconds", "Silence at each end of those, in seconds"),
    Self("augmentation.silenceDecibels", "Level of added silence, in decibels of full scale"),
    Self("augmentation.joining.clipShare", "Share of clips joined into longer utterances"),
    Self("augmentation.joining.clipCount", "Clips of a joined utterance"),
    Self("augmentation.joining.longestSeconds", "Longest joined utterance, in seconds"),
    Self("augmentation.joining.oneSpeakerShare", "Share of those that keep to one speaker"),
    Self("augmentation.joining.pauseSeconds", "Pause between joined clips, in seconds"),
    Self(
      "augmentation.masking", "SpecAugment policy: sets the six settings below",
      of: Augmentation.Masking.Policy.self),
    Self("augmentation.masking.timeMaskCount", "Number of time masks"),
    Self("augmentation.masking.longestTimeMask", "Longest time mask, in frames"),
    Self("augmentation.masking.largestTimeShare", "Longest time mask, as a share of the utterance"),
    Self("augmentation.masking.timeMasksPerFrame", "Additional time masks per frame"),
    Self("augmentation.masking.bandMaskCount", "Number of frequency masks"),
    Self("augmentation.masking.largestBandShare", "Widest frequency mask, as a share of the bands"),
  ]

  private static let features = [
    Self("features", "Kind of features: sets all settings below", allowed: "log-mel, mfcc"),
    Self("features.sampleRate", "Sample rate, in hertz"),
    Self("features.frames.frameSeconds", "Frame length, in seconds"),
    Self("features.frames.hopSeconds", "Frame shift, in seconds"),
    Self("features.frames.window", "Window function", of: WindowFunction.self),
    Self("features.frames.preemphasis", "Pre-emphasis"),
    Self("features.frames.removesMean", "Whether each frame's mean is subtracted"),
    Self("features.frames.snipsEdges", "Whether frames lie wholly inside the clip"),
    Self("features.frames.roundsToPowerOfTwo", "Whether frames are padded to a power of two"),
    Self("features.frames.sampleScale", "Factor of the samples"),
    Self(
      "features.frames.dither", "Dither",
      allowed: #"null, or such as {"amplitude": 0.00001, "seed": 0}"#),
    Self("features.mel.bandCount", "Number of mel bands"),
    Self(
      "features.mel.lowestFrequency", "Lowest frequency, in hertz",
      allowed: "0 or more, below the highest"),
    Self(
      "features.mel.highestFrequency", "Highest frequency, in hertz",
      allowed: "up to half the sample rate"),
    Self("features.mel.roundsCutoffs", "Whether they are rounded to bins of the transform"),
    Self("features.mel.spectrum", "Spectrum that the bands gather", allowed: "power, magnitude"),
    Self(
      "features.mel.warp", "Fixed frequency warp",
      allowed: #"null, or such as {"factor": 1.1, "lowerCutoff": 60, "upperCutoff": 7000}"#),
    Self(
      "features.cepstrum", "Cepstrum of mfcc",
      allowed: #"null, or such as {"coefficientCount": 13, "lifter": 22, "scaling": "orthonormal"}"#
    ),
    Self("features.energy", "Energy as a feature", allowed: "null, raw, windowed"),
    Self("features.energyPosition", "Position of C0 or the energy", allowed: "first, last"),
    Self("features.energyFloor", "Floor of energies", allowed: "above 0"),
    Self(
      "features.deltas", "Delta features", allowed: #"null, or such as {"order": 2, "window": 2}"#),
    Self("normalization", "Feature normalisation", of: TrainingOptions.Normalization.self),
    Self("slidingFrameCount", "Window of sliding normalisation, in frames"),
    Self("priorFrameCount", "Frames of the training mean in smoothed normalisation"),
  ]
}
