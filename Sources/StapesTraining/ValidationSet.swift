internal import Glibc
internal import StapesCTC
internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesText

/// The validation clips, their features computed once.
struct ValidationSet: Sendable {
  private let texts: [String]
  private let features: [Matrix]
  /// The labels of each text; nil where the alphabet lacks a character.
  private let labels: [[Int]?]
  private let outputs: ModelOutputs
  private let task: TrainingOptions.Task
  /// The label that parts words; nil for single words.
  private let separator: Int?
  /// The clips from the longest to the shortest, cut into shards.
  private let shards: [[Int]]
  private let threadCount: Int
  private let seed: UInt64

  /// Computes the features.
  init(
    clips: [TrainingClip], options: TrainingOptions, normalization: FeatureNormalization,
    outputs: ModelOutputs, threadCount: Int
  ) async throws {
    features = try await concurrentResults(count: clips.count, threadCount: threadCount) {
      try FeatureExtractor(configuration: options.features)
    } body: { extractor, index in
      var features = extractor.features(
        of: try clips[index].samples(sampleRate: options.features.sampleRate))
      normalization.apply(to: &features)
      return features
    }
    texts = clips.map(\.text)
    labels = texts.map { outputs.classes(of: $0) }
    self.outputs = outputs
    task = options.task
    separator = outputs.classes(of: " ")?.first
    self.threadCount = threadCount
    seed = options.seed
    let rowCounts = features.map(\.rowCount)
    let order = clips.indices.sorted { (rowCounts[$1], $0) < (rowCounts[$0], $1) }
    shards = BatchPlan.shards(of: order.count, largestSize: options.shardSize).map {
      Array(order[$0])
    }
  }

  /// What a network makes of the clips: the loss, greedy decoding and its error rates.
  func figures(of network: Network) async throws -> ValidationFigures {
    let network = InferenceNetwork(network)
    let parts = try await concurrentResults(
      count: shards.count, threadCount: threadCount, makeTools: {}
    ) { _, shard in
      readings(of: shards[shard], with: network)
    }
    var hypotheses = [String](repeating: "", count: texts.count)
    var (loss, labelCount) = (0.0, 0)
    var found = [Reading?](repeating: nil, count: texts.count)
    for (shard, part) in zip(shards, parts) {
      for (clip, reading) in zip(shard, part) {
        hypotheses[clip] = reading.text
        found[clip] = reading
        guard let clipLoss = reading.loss, let labels = labels[clip] else { continue }
        loss += clipLoss
        labelCount += labels.count
      }
    }
    var tally = ErrorTally()
    for (text, hypothesis) in zip(texts, hypotheses) {
      tally.add(outputs.edits(reference: text, hypothesis: hypothesis))
    }
    var random = SplitMix64(seed: seed)
    let samples = sampleIndices.map {
      ValidationFigures.Sample(reference: texts[$0], hypothesis: hypotheses[$0])
    }
    return ValidationFigures(
      loss: loss / Double(max(labelCount, 1)), rates: tally.rates(using: &random),
      samples: samples,
      calibration: ConfidenceCalibration(
        words: ConfidenceCurve(fitting: found.flatMap { $0?.words ?? [] }),
        texts: ConfidenceCurve(fitting: found.compactMap { $0?.whole })))
  }

  private struct Reading {
    let text: String
    /// The CTC loss; nil where the text cannot be written or does not fit.
    let loss: Double?
    /// Its words, each with its probability and whether it is right.
    let words: [ConfidenceCurve.Sample]
    /// All of it, likewise; nil where the outputs leave it no probability.
    let whole: ConfidenceCurve.Sample?
  }

  private func readings(of clips: [Int], with network: InferenceNetwork) -> [Reading] {
    let decoder = GreedyDecoder()
    return zip(clips, network.logits(of: clips.map { features[$0] })).map { clip, logits in
      let loss = labels[clip].map { task.loss(logits: logits, labels: $0).loss }
      if let names = outputs.labels {
        let best = logits.values.indices.max { logits.values[$0] < logits.values[$1] }
        return Reading(text: best.map { names[$0] } ?? "", loss: loss, words: [], whole: nil)
      }
      var logProbabilities = logits
      logProbabilities.takeLogSoftmaxOfRows()
      let alphabet = outputs.alphabet
      let labels = decoder.decode(logProbabilities).labels
      let text = alphabet.text(of: labels)
      let alignment = CTC.words(
        logProbabilities: logProbabilities, labels: labels, separator: separator)
      return Reading(
        text: text, loss: loss.flatMap { $0.isInfinite ? nil : $0 },
        words: alignment.map { wordSamples($0, reference: texts[clip]) } ?? [],
        whole: alignment.map {
          ConfidenceCurve.Sample(
            probability: exp($0.logProbability), length: labels.count, isRight: text == texts[clip])
        })
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
