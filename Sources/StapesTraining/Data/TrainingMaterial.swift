package import StapesAugmentation
internal import StapesCTC
internal import StapesCorpus
package import StapesFeatures
package import StapesModel
package import StapesRecipe
package import StapesText

/// What is known of the training clips once they were read; shared by all tasks.
package struct TrainingMaterial: Sendable {
  /// The clips to train on.
  package let clips: [TrainingClip]
  /// How many of them, the first, are in each epoch; the others are replayed.
  let newClipCount: Int
  /// The labels of each clip.
  package let labels: [[Int]]
  /// The speaker of each clip as a number; clips of an unknown speaker all have one number.
  package let speakers: [Int]
  /// The number of speakers; nil when that of some clip is unknown.
  package let speakerCount: Int?
  /// The label of the space that parts the texts of joined clips; nil when none are joined, and in
  /// languages without spaces between words.
  package let spaceLabel: Int?
  /// What the network's classes stand for: the characters of the transcripts, or the transcripts.
  package let outputs: ModelOutputs
  /// The only words that a model with some options writes: those of the transcripts, in order, and
  /// of a model that is trained further; nil for any.
  package func vocabulary(for options: TrainingOptions) -> [String]? {
    guard options.vocabulary == .closed else { return nil }
    return Set(clips.flatMap { $0.text.split(separator: " ").map(String.init) }).union(knownWords)
      .sorted()
  }
  private let knownWords: [String]
  /// A trigram of the labels, where CTC-CRF needs one and they are few enough.
  let trigram: LabelTrigram?
  /// How features are normalised.
  package let normalization: FeatureNormalization
  /// What clips are varied with.
  let sounds: SoundLibrary

  /// Gathers what is known.
  ///
  /// - Parameters:
  ///   - clips: the clips to train on.
  ///   - task: what the model learns to do.
  ///   - replayed: clips of which each epoch has a share.
  ///   - joinsClips: whether clips are joined.
  ///   - text: how their texts were normalised.
  ///   - normalization: how features are normalised.
  ///   - origin: the model that is trained further, whose alphabet comes first.
  ///   - sounds: what clips are varied with.
  ///   - needsTrigram: whether CTC-CRF has a share in the objective.
  package init(
    clips: [TrainingClip], task: TrainingOptions.Task = .transcribe,
    replayed: [TrainingClip] = [], joinsClips: Bool,
    text: TextNormalization = TextNormalization(), normalization: FeatureNormalization,
    origin: SpeechModel? = nil,
    sounds: SoundLibrary = SoundLibrary(), needsTrigram: Bool = false
  ) throws(TextError) {
    let newClipCount = clips.count
    let clips = clips + replayed
    self.clips = clips
    self.sounds = sounds
    self.newClipCount = newClipCount
    self.normalization = normalization
    let joinsBySpaces = joinsClips && text.partsWords
    let transcripts = clips.map(\.text) + (joinsBySpaces ? [" "] : [])
    let outputs: ModelOutputs =
      switch task {
      case .transcribe, .spot:
        .characters(
          try origin?.alphabet(extendedBy: transcripts, rules: text.rules)
            ?? Alphabet(transcripts: transcripts, rules: text.rules))
      case .classify: .classes(Set(transcripts).sorted())
      }
    self.outputs = outputs
    labels = clips.map { outputs.classes(of: $0.text) ?? [] }
    trigram =
      needsTrigram && outputs.classCount <= LabelTrigram.largestClassCount
      ? LabelTrigram(texts: labels.filter { !$0.isEmpty }, classCount: outputs.classCount) : nil
    spaceLabel = joinsBySpaces ? outputs.classes(of: " ")?.first : nil
    knownWords = origin?.vocabulary ?? []
    let names = Set(clips.map(\.source.speaker))
    let numbers = Dictionary(
      uniqueKeysWithValues: names.sorted { ($0 ?? "") < ($1 ?? "") }.enumerated().map { ($1, $0) })
    speakers = clips.map { numbers[$0.source.speaker] ?? 0 }
    speakerCount = names.contains(nil) ? nil : names.count
  }

  /// What an epoch's plan is drawn from.
  func epochClips(hard: [Int] = []) -> EpochPlan.Clips {
    EpochPlan.Clips(
      seconds: clips.map(\.seconds), speakers: speakers, newCount: newClipCount, hard: hard)
  }

  /// The length of some clips together, in seconds.
  func seconds(of indices: some Sequence<Int>) -> Double {
    indices.reduce(0) { $0 + clips[$1].seconds }
  }

  /// What to call some clips.
  func names(of indices: [Int]) -> [String] {
    indices.map { clips[$0].source.identifier }
  }
}
