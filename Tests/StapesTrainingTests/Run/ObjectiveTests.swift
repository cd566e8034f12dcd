import Glibc
import StapesAugmentation
import StapesCTC
import StapesCorpus
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText
import StapesTraining
import TestSupport
import Testing

/// What a step goes down: its gradient against differences of the objective as it is defined.
@Suite struct ObjectiveTests {
  private let texts = ["ab", "ba", "cab", "b"]

  @Test func gradientIsThatOfConsistentViewsAndCTCCRF() async throws {
    var random = SplitMix64(seed: 8)
    var options = TrainingOptions()
    (options.consistency, options.crfShare) = (0.4, 0.7)
    let material = try TrainingMaterial(
      clips: texts.map { text in
        TrainingClip(
          source: LabelledClip(path: text, text: text, duration: 1, identifier: text), text: text,
          seconds: 1, stored: StoredSamples([]))
      }, joinsClips: false, normalization: .none, needsTrigram: true)
    let classCount = material.outputs.classCount
    let network = try Network(
      configuration: NetworkConfiguration(
        featureCount: 3, stackCount: 1, stride: 1, layerCount: 1, hiddenSize: 3,
        isBidirectional: true, dropout: 0, classCount: classCount), using: &random)
    let utterances = material.labels.map { labels in
      let views = (0..<2).map { _ in
        var view = randomMatrix(rowCount: 8, columnCount: 3, using: &random)
        view.scale(by: 4)
        return view
      }
      return Utterance(views: views, labels: labels, clips: [0])
    }
    let worker = StepWorker(options: options, material: material, threadCount: 2)
    let output = try await worker.work(
      on: worker.batch(of: utterances), with: network, preparing: [], epoch: 0, step: 0)
    let gradient = try #require(output.gradient)
    let trigram = LabelTrigram(texts: material.labels, classCount: classCount)
    let targets = utterances.map { network.logits(of: $0.views) }
    // The loss of each view, and how far it is from what the network as it was made of the other.
    func objective(_ network: Network) -> (loss: Double, all: Double) {
      var (loss, divergence) = (0.0, 0.0)
      for (utterance, target) in zip(utterances, targets) {
        for (view, logits) in network.logits(of: utterance.views).enumerated() {
          var unused = Matrix(rowCount: 8, columnCount: classCount)
          var denominator = CTCDenominator(trigram)
          loss += CTC.loss(logits: logits, labels: utterance.labels).loss
          loss += denominator.add(
            to: &unused, probabilities: logits.softmaxOfRows(), labels: utterance.labels,
            share: options.crfShare)
          divergence += self.divergence(of: logits, from: target[1 - view])
        }
      }
      return (loss, loss + options.consistency * divergence)
    }
    #expect(abs(output.losses.loss - objective(network).loss) < 1e-3)
    for (index, tensor) in network.parameters.tensors.enumerated() {
      for place in stride(from: 0, to: tensor.matrix.values.count, by: 5) {
        var (above, below) = (network, network)
        above.parameters.tensors[index].matrix.values[place] += 0.015625
        below.parameters.tensors[index].matrix.values[place] -= 0.015625
        let slope = (objective(above).all - objective(below).all) / 0.03125
        let found = Double(gradient.tensors[index].matrix.values[place])
        #expect(abs(slope - found) < 2e-3 * max(1, abs(slope)), "\(tensor.name), \(place)")
      }
    }
  }

  /// Σₜ KL(qₜ ‖ pₜ), in nats, of the softmaxes p and q of logits [frames × classes].
  private func divergence(of logits: Matrix, from target: Matrix) -> Double {
    var (p, q) = (logits, target)
    p.takeLogSoftmaxOfRows()
    q.takeLogSoftmaxOfRows()
    return zip(p.values, q.values).reduce(0) { $0 + exp(Double($1.1)) * Double($1.1 - $1.0) }
  }

  @Test func modelsOfCTCCRFAreRankedByTheirLoss() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(30, to: folder)
      var options = ToneCorpus.options
      (options.epochCount, options.crfShare) = (6, 0.9)
      let report = try await RunReport(of: try Trainer(corpus: corpus, options: options))
      let best = report.epochs.min { $0.validation.loss < $1.validation.loss }
      let outcome = try #require(report.outcome)
      #expect(outcome.epoch == best?.progress.epoch)
      #expect(outcome.validation.loss == best?.validation.loss)
    }
  }

  @Test func crfIsRefusedForClassesAndForManyCharacters() async throws {
    var options = TrainingOptions()
    options.task = .classify
    options.network = try NetworkArchitecture("stack 2, 8 lstm both, pool mean")
    options.crfShare = 0.5
    #expect(throws: TrainingError.self) { try options.validate() }
    options.crfShare = 0
    try options.validate()
    try await withTemporaryFolder { folder in
      var random = SplitMix64(seed: 1)
      let clips = try (0..<20).map { clip in
        let tones = try ToneCorpus.write("abc", to: "\(folder)/\(clip).wav", using: &random)
        let text = String(
          String.UnicodeScalarView((0..<8).compactMap { Unicode.Scalar(0x4E00 + clip * 8 + $0) }))
        return LabelledClip(
          path: tones.path, text: text, duration: tones.duration, identifier: tones.identifier)
      }
      var options = ToneCorpus.options
      options.crfShare = 0.5
      let error = await #expect(throws: TrainingError.self) {
        try await RunReport(of: try Trainer(corpus: Corpus(clips: clips), options: options))
      }
      #expect(error?.description.contains("CTC-CRF") == true)
    }
  }
}
