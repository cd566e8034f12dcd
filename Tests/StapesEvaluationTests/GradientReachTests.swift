import StapesCorpus
import StapesFeatures
import StapesKernels
import StapesModel
import StapesNetwork
import StapesText
import StapesTraining
import StapesEvaluation
import TestSupport
import Testing

/// Where each step multiplies the gradient by one number, by definition.
@Suite struct GradientReachTests {
  /// A rectifier that is never at rest, so that its Jacobian is its recurrent matrix, the identity
  /// times a factor.
  private func model(factor: Float) throws -> SpeechModel {
    let features = FeatureConfiguration(sampleRate: ToneCorpus.sampleRate)
    let alphabet = try Alphabet(characters: ["a", "b", "c"])
    var random = SplitMix64(seed: 2)
    var network = try Network(
      configuration: NetworkConfiguration(
        featureCount: features.columnCount,
        architecture: try NetworkArchitecture("4 elman relu, init identity, dropout 0.5"),
        classCount: alphabet.classCount),
      using: &random)
    for index in network.parameters.tensors.indices {
      switch network.parameters.tensors[index].name {
      case "layers.0.forward.recurrent": network.parameters.tensors[index].matrix.scale(by: factor)
      case "layers.0.forward.bias":
        for unit in 0..<4 { network.parameters.tensors[index].matrix[0, unit] = 10 }
      // Small enough that no class is certain, which would leave no gradient.
      case "output.weights": network.parameters.tensors[index].matrix.scale(by: 1e-4)
      default: break
      }
    }
    return SpeechModel(
      features: features, normalization: .perClip, alphabet: alphabet,
      textNormalization: TextNormalization(), network: network)
  }

  @Test(arguments: [Float(0.5), 0.9, 1.05])
  func aPlantedFactorIsFound(factor: Float) async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(6, to: folder)
      var measurement = GradientMeasurement()
      (measurement.clipCount, measurement.longestDistance) = (4, 9)
      let reach = try await measurement.reach(
        of: try model(factor: factor), on: corpus, threadCount: 2)
      let layer = try #require(reach.layers.first)
      #expect(reach.layers.count == 1 && layer.name == "4 elman relu" && layer.position == 1)
      #expect(layer.distances.map(\.outputs) == Array(0...9))
      var expected = 1.0
      for distance in layer.distances {
        for value in [distance.lowerQuartile, distance.median, distance.upperQuartile] {
          #expect(abs(value / expected - 1) < 1e-3, "\(distance)")
        }
        #expect(distance.count == 4 * measurement.placeCount)
        expected *= Double(factor)
      }
      #expect(abs((layer.factorPerOutput ?? 0) - Double(factor)) < 1e-3)
      // 0.5⁷ is the first power below 1/100.
      #expect(layer.reach() == (factor == 0.5 ? 7 : nil))
      #expect(reach.secondsPerOutput == 0.01)
      #expect(reach.weightGradientNorms.count == 4)
      let norms = reach.weightGradientNorms
      #expect(norms == norms.sorted() && norms[0] > 0)
      measurement.gradientNormLimit = norms[1]
      let limited = try await measurement.reach(
        of: try model(factor: factor), on: corpus, threadCount: 1)
      #expect(limited.weightGradientNorms == norms && limited.shortenedCount == 2)
    }
  }

  @Test func layersWithoutMemoryReachNowhere() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(3, to: folder)
      let measurement = GradientMeasurement()
      let dense = try measurement.freshModel(of: try NetworkArchitecture("4 dense"), for: corpus)
      #expect(try await measurement.reach(of: dense, on: corpus, threadCount: 1).layers.isEmpty)
      await #expect(throws: TrainingError.nothingToMeasure) {
        try await measurement.reach(of: dense, on: Corpus(clips: []), threadCount: 1)
      }
    }
  }
}
