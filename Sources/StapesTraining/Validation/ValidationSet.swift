internal import Glibc
internal import StapesCTC
internal import StapesConcurrency
internal import StapesCorpus
internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRanks
internal import StapesRecipe
internal import StapesScoring
internal import StapesText

/// The validation clips, their features computed once.
struct ValidationSet: Sendable {
  private let names: [String]
  private let seconds: [Double]
  private let texts: [String]
  private let frameCounts: [Int]
  /// The features of the clips that this rank validates on, each at its clip.
  private let features: [Int: Matrix]
  /// The labels of each text; nil where the alphabet lacks a character.
  private let labels: [[Int]?]
  private let outputs: ModelOutputs
  private let trigram: LabelTrigram?
  private let options: TrainingOptions
  private var task: TrainingOptions.Task { options.task }
  /// The label that parts words; nil for single words.
  private let separator: Int?
  /// The search that the model will be used with.
  private let decoder: BeamDecoder
  private let timing: OutputTiming
  /// The clips from the longest to the shortest, cut into shards: those of this rank.
  private let shards: [[Int]]
  private let ranks: RankGroup
  private let threadCount: Int
  private let seed: UInt64

  /// Computes the features.
  ///
  /// - Parameters:
  ///   - vocabulary: the only words that the model will write; nil for any.
  ///   - decoder: the search that the model will be used with; nil for one without a language model.
  ///   - trigram: of the training labels, where CTC-CRF has a share in the objective.
  init(
    clips: [TrainingClip], options: TrainingOptions, normalization: FeatureNormalization,
    outputs: ModelOutputs, vocabulary: [String]?, decoder: BeamDecoder? = nil,
    trigram: LabelTrigram? = nil, threadCount: Int,
    ranks: RankGroup = .alone
  ) async throws {
    let frameCounts = clips.map {
      options.features.frameCount(
        forSampleCount: $0.sampleCount(sampleRate: options.features.sampleRate))
    }
    let order = clips.indices.sorted { (frameCounts[$1], $0) < (frameCounts[$0], $1) }
    let all = BatchPlan.shards(of: order.count, largestSize: options.shardSize)
      .map { Array(order[$0]) }
    let share = ranks.share(of: all.map { $0.reduce(0) { $0 + Double(frameCounts[$1]) } })
    shards = Array(all[share])
    let own = shards.flatMap { $0 }
    let features = try await ranks.compute {
      try await concurrentResults(count: own.count, threadCount: threadCount) {
        try FeatureExtractor(configuration: options.features)
      } body: { extractor, index in
        var features = extractor.features(
          of: try clips[own[index]].samples(sampleRate: options.features.sampleRate))
        normalization.apply(to: &features)
        return features
      }
    }
    self.features = Dictionary(uniqueKeysWithValues: zip(own, features))
    (self.frameCounts, self.ranks) = (frameCounts, ranks)
    names = clips.map(\.source.identifier)
    seconds = clips.map(\.seconds)
    texts = clips.map(\.text)
    labels = texts.map { outputs.classes(of: $0) }
    (self.outputs, self.trigram) = (outputs, trigram)
    self.options = options
    let separator = outputs.classes(of: " ")?.first
    self.separator = separator
    self.decoder =
      decoder
      ?? BeamDecoder(
        options: BeamOptions(
          beamWidth: BeamOptions.usualWidth,
          dependents: outputs.dependents(under: options.text.rules)),
        lexicon: outputs.labels != nil
          ? nil
          : vocabulary.map { words in
            Lexicon(words: words.compactMap { outputs.classes(of: $0) }, separator: separator)
          })
    timing = OutputTiming(
      features: options.features,
      network: options.networkConfiguration(classCount: outputs.classCount))
    self.threadCount = threadCount
    seed = options.seed
  }

  /// Whether the network has the characters of a clip's text.
  func canWrite(_ clip: Int) -> Bool { labels[clip] != nil }

  /// The number of clips whose texts a network can write, and that are long enough for them.
  var scorableCount: Int {
    zip(labels, frameCounts).count { labels, frameCount in
      labels.map { options.fits($0, frameCount: frameCount) } ?? false
    }
  }

  /// What a network makes of the clips: the loss, the texts that its model would write, and their
  /// error rates.
  func figures(of network: Network) async throws -> ValidationFigures {
    let network = InferenceNetwork(network)
    let parts = try await ranks.gather {
      try await concurrentResults(
        count: shards.count, threadCount: threadCount, makeTools: {}
      ) { _, shard in
        ReadShard(clips: shards[shard], readings: readings(of: shards[shard], with: network))
      }
    }.joined()
    let empty = Reading(
      text: "", isBlank: false, loss: nil, said: [], heard: [], words: [], whole: nil,
      labelCounts: nil)
    var found = [Reading](repeating: empty, count: texts.count)
    for part in parts {
      for (clip, reading) in zip(part.clips, part.readings) { found[clip] = reading }
    }
    var (loss, labelCount) = (0.0, 0)
    for (reading, labels) in zip(found, labels) {
      guard let clipLoss = reading.loss, let labels else { continue }
      loss += clipLoss
      labelCount += labels.count
    }
    return figures(of: found, loss: loss / Double(max(labelCount, 1)))
  }

  private func figures(of found: [Reading], loss: Double) -> ValidationFigures {
    var (tally, confusions) = (ErrorTally(), ConfusionTally())
    for (text, reading) in zip(texts, found) {
      tally.add(outputs.edits(reference: text, hypothesis: reading.text))
      if outputs.labels == nil {
        confusions.add(reference: text, hypothesis: reading.text)
      } else {
        confusions.add(said: text, heard: reading.text)
      }
    }
    var random = SplitMix64(seed: seed)
    let samples = sampleIndices.map {
      ValidationFigures.Sample(reference: texts[$0], hypothesis: found[$0].text)
    }
    let clips = ranked(found, errorRates: tally.utterances.map(\.characters.rate))
    let middle = max(0, clips.count / 2 - 1)..<min(clips.count, clips.count / 2 + 2)
    return ValidationFigures(
      loss: loss, unscoredCount: found.count { $0.loss == nil },
      onlyBlanks: found.allSatisfy(\.isBlank), rates: tally.rates(using: &random),
      samples: samples,
      worst: clips.prefix(5).map { clip($0, found[$0]) },
      middle: clips[middle].map { clip($0, found[$0]) }, confusions: confusions.confusions,
      calibration: ConfidenceCalibration(
        words: ConfidenceCurve(fitting: found.flatMap(\.words)),
        texts: ConfidenceCurve(fitting: found.compactMap(\.whole))),
      labelPriors: LabelPriors(counts: found.compactMap(\.labelCounts)),
      ranksByLoss: trigram != nil && decoder.language == nil)
  }

  /// What a rank tells of the clips of a shard.
  private struct ReadShard: Codable {
    let clips: [Int]
    let readings: [Reading]
  }

  private struct Reading: Codable {
    let text: String
    /// Whether blank is the best class of every output.
    let isBlank: Bool
    /// The loss; nil where the text cannot be written or does not fit.
    let loss: Double?
    /// The times of the words of the reference, and of its own.
    let said, heard: [ValidationClip.TimedWord]
    /// Its words, each with its probability and whether it is right.
    let words: [ConfidenceCurve.Sample]
    /// All of it, in the same form; nil where the outputs leave it no probability.
    let whole: ConfidenceCurve.Sample?
    /// How often each label is to be expected in it; nil where clips are told apart.
    let labelCounts: [Double]?
  }

  private func readings(of clips: [Int], with network: InferenceNetwork) -> [Reading] {
    var denominator = trigram.map { CTCDenominator($0) }
    return zip(clips, network.logits(of: clips.compactMap { features[$0] })).map { clip, logits in
      let loss = labels[clip].map { labels in
        var result = task.loss(logits: logits, labels: labels)
        return result.loss
          + (denominator?.add(
            to: &result.gradient, probabilities: logits.softmaxOfRows(), labels: labels,
            share: options.crfShare) ?? 0)
      }
      if let names = outputs.labels {
        let best = logits.values.indices.max { logits.values[$0] < logits.values[$1] }
        return Reading(
          text: best.map { names[$0] } ?? "", isBlank: false, loss: loss, said: [], heard: [],
          words: [],
          whole: nil, labelCounts: nil)
      }
      var logProbabilities = logits
      logProbabilities.takeLogSoftmaxOfRows()
      let alphabet = outputs.alphabet
      let labels = decoder.decode(logProbabilities).first?.labels ?? []
      let text = alphabet.text(of: labels).split(separator: " ").joined(separator: " ")
      let said = self.labels[clip].flatMap {
        CTC.alignment(logProbabilities: logProbabilities, labels: $0)
      }
      let alignment = CTC.words(
        logProbabilities: logProbabilities, labels: labels, separator: separator)
      return Reading(
        text: text, isBlank: GreedyDecoder().decode(logProbabilities).labels.isEmpty,
        loss: loss.flatMap { $0.isInfinite ? nil : $0 },
        said: timedWords(of: self.labels[clip] ?? [], at: said?.labelFrames, in: clip),
        heard: timedWords(of: labels, at: alignment?.labelFrames, in: clip),
        words: alignment.map { wordSamples($0, reference: texts[clip]) } ?? [],
        whole: alignment.map {
          ConfidenceCurve.Sample(
            probability: exp($0.logProbability), length: labels.count, isRight: text == texts[clip])
        }, labelCounts: LabelPriors.counts(in: logProbabilities))
    }
  }

  private func wordSamples(
    _ alignment: CTCWordAlignment, reference: String
  ) -> [ConfidenceCurve.Sample] {
    let words = alignment.words.map {
      outputs.alphabet.text(of: Array(alignment.labels[$0.labels]))
    }
    let edits = EditAlignment(
      reference: reference.split(separator: " ").map(String.init), hypothesis: words)
    return zip(alignment.words, edits.rightness).map { word, isRight in
      ConfidenceCurve.Sample(
        probability: exp(word.logProbability), length: word.labels.count, isRight: isRight)
    }
  }

  /// Three clips, the same in each epoch, spread over the set.
  private var sampleIndices: [Int] {
    let count = texts.count
    return count < 3 ? Array(0..<count) : [count / 6, count / 2, count * 5 / 6]
  }
}

extension ValidationSet {
  /// The clips from the worst to the best.
  private func ranked(_ found: [Reading], errorRates: [Double]) -> [Int] {
    let losses = found.indices.map { perCharacter(found[$0].loss, in: $0) ?? .infinity }
    return found.indices.sorted {
      (errorRates[$1], losses[$1], $0) < (errorRates[$0], losses[$0], $1)
    }
  }

  private func clip(_ clip: Int, _ reading: Reading) -> ValidationClip {
    ValidationClip(
      name: names[clip], seconds: seconds[clip], reference: texts[clip], hypothesis: reading.text,
      loss: perCharacter(reading.loss, in: clip), said: reading.said, heard: reading.heard)
  }

  private func perCharacter(_ loss: Double?, in clip: Int) -> Double? {
    loss.map { $0 / Double(max(labels[clip]?.count ?? 0, 1)) }
  }

  /// The words of labels, at the times of the outputs that emit them; none without those.
  private func timedWords(
    of labels: [Int], at frames: [Range<Int>]?, in clip: Int
  ) -> [ValidationClip.TimedWord] {
    guard let frames else { return [] }
    func time(_ output: Int) -> Double { min(max(timing.start(of: output), 0), seconds[clip]) }
    return labels.indices.split { labels[$0] == separator }.map { word in
      ValidationClip.TimedWord(
        text: outputs.alphabet.text(of: Array(labels[word])),
        start: time(frames[word.startIndex].lowerBound),
        end: time(frames[word.endIndex - 1].upperBound))
    }
  }
}
