import Glibc
import StapesAugmentation
import StapesCorpus
import StapesFeatures
import StapesKernels
import StapesModel
import StapesText
import StapesTraining
import Testing

/// Utterances as they are made of clips.
@Suite struct UtteranceTests {
  @Test func joinedClipsHaveTheirTextsPartedBySpaces() throws {
    let (options, material) = try wordMaterial(seconds: [0.4, 0.5, 0.3])
    var maker = try UtteranceMaker(options: options, material: material)
    let utterance = try maker.utterance(of: [2, 0], epoch: 1)
    #expect(material.outputs.alphabet.text(of: utterance.labels) == "ten one")
    let again = try maker.utterance(of: [2, 0], epoch: 1)
    #expect(again.features == utterance.features)
    let later = try maker.utterance(of: [2, 0], epoch: 2)
    #expect(later.features != utterance.features)
  }

  @Test func viewsOfAnUtteranceDifferInNothingButTheirMasks() throws {
    var (options, material) = try wordMaterial(seconds: [0.4, 0.5, 0.3])
    options.consistency = 0.2
    options.augmentation.noiseShare = 1
    for (maskCount, areEqual) in [(0, true), (2, false)] {
      options.augmentation.masking = .init()
      options.augmentation.masking.timeMaskCount = maskCount
      var maker = try UtteranceMaker(options: options, material: material)
      let views = try maker.utterance(of: [2, 0], epoch: 1).views
      #expect(views.count == 2 && (views[0] == views[1]) == areEqual)
      // A masked frame is its columns' means; frames without a mask are those of the other view.
      let isEqual = (0..<views[0].rowCount).map { views[0].row($0) == views[1].row($0) }
      #expect(isEqual.contains(true) && isEqual.allSatisfy { $0 } == areEqual)
    }
    options.consistency = 0
    var maker = try UtteranceMaker(options: options, material: material)
    #expect(try maker.utterance(of: [2, 0], epoch: 1).views.count == 1)
  }

  @Test func clipsThatSpeedWouldMakeTooShortStayAsTheyAre() throws {
    // "three" needs 6 outputs of 30 ms. The clip has 7; at twice the speed it has 4.
    var (options, material) = try wordMaterial(seconds: [0.4, 0.22, 0.3])
    options.augmentation = Augmentation()
    options.augmentation.speed = 2...2
    var maker = try UtteranceMaker(options: options, material: material)
    #expect(try maker.utterance(of: [1], epoch: 1).features.rowCount == 20)
    #expect(try maker.utterance(of: [0], epoch: 1).features.rowCount == 18)
  }

  /// Clips that say "one", "three" and "ten", and options that join and vary them.
  private func wordMaterial(seconds: [Double]) throws -> (TrainingOptions, TrainingMaterial) {
    var options = TrainingOptions()
    options.features = FeatureConfiguration(sampleRate: 8000)
    options.augmentation = .recommended(joinsWords: true)
    let clips = zip(["one", "three", "ten"], seconds).map { text, seconds in
      TrainingClip(
        source: LabelledClip(path: text, text: text, duration: seconds, identifier: text),
        text: text, seconds: seconds, stored: StoredSamples(tone(500, seconds: seconds)))
    }
    let material = try TrainingMaterial(clips: clips, joinsClips: true, normalization: .perClip)
    return (options, material)
  }

  private func tone(_ frequency: Double, seconds: Double, sampleRate: Int = 8000) -> [Float] {
    (0..<Int(seconds * Double(sampleRate))).map {
      Float(0.5 * sin(2 * .pi * frequency * Double($0) / Double(sampleRate)))
    }
  }
}
