import FoundationEssentials
import StapesAudio
import StapesAugmentation
import StapesCorpus
import StapesFeatures
import StapesNetwork
import StapesText
import StapesTraining
import TestSupport
import Testing

@Suite struct TrainingOptionsTests {
  @Test func jsonHoldsEveryOption() throws {
    var options = TrainingOptions()
    options.seed = .max
    options.hiddenSize = 77
    options.network = try NetworkArchitecture("stack 2, 8 gru both")
    options.normalization = .perClip
    options.augmentation = .recommended(joinsWords: true)
    options.features.deltas = .init()
    #expect(try TrainingOptions().applying(json: options.json) == options)
  }

  @Test func jsonReplacesWhatItNames() throws {
    let json = """
      {"hiddenSize": 64, "learningRate": {"peak": 0.5}, "normalization": "global",
       "augmentation": {"speed": [0.9, 1.2], "joining": {"clipShare": 0.25}},
       "features": {"deltas": {"order": 1, "window": 3}}}
      """
    let options = try TrainingOptions().applying(json: json)
    var expected = TrainingOptions()
    expected.hiddenSize = 64
    expected.learningRate.peak = 0.5
    expected.normalization = .global
    expected.augmentation.speed = 0.9...1.2
    expected.augmentation.joining.clipShare = 0.25
    expected.features.deltas = .init()
    expected.features.deltas?.order = 1
    expected.features.deltas?.window = 3
    #expect(options == expected)
    // A null takes an optional part away.
    #expect(try options.applying(json: #"{"features": {"deltas": null}}"#).features.deltas == nil)
  }

  @Test(arguments: [
    ("", "not valid JSON"), ("[1]", "array"), (#"{"hiddenSize": "big"}"#, "hiddenSize"),
    (#"{"augmentation": {"speed": [2, 1]}}"#, "speed"),
    (#"{"network": "8 gro"}"#, "“gro” at character 3"),
    (#"{"epochCount": 1.5}"#, "not valid"), (#"{"seed": null}"#, "seed"),
  ])
  func whatCannotBeReadIsSaid(json: String, part: String) {
    let error = #expect(throws: TrainingError.self) { try TrainingOptions().applying(json: json) }
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  @Test(arguments: [
    (#"{"hidden": 3}"#, "hidden"),
    (#"{"augmentation": {"joining": {"share": 1}}}"#, "augmentation.joining.share"),
  ])
  func misspeltOptionsAreNamed(json: String, path: String) {
    #expect(throws: TrainingError.unknownOption(path: path)) {
      try TrainingOptions().applying(json: json)
    }
  }

  @Test(arguments: [
    #"{"epochCount": 0}"#, #"{"batchSeconds": 0}"#, #"{"shardSize": 0}"#, #"{"dropout": 1}"#,
    #"{"learningRate": {"peak": 0}}"#, #"{"stride": 4}"#, #"{"averageDecay": 1}"#,
    #"{"validationShare": 0}"#, #"{"augmentation": {"speed": [0, 1]}}"#,
    #"{"augmentation": {"noiseShare": 1.1}}"#,
    #"{"augmentation": {"joining": {"clipCount": [0, 2]}}}"#,
    #"{"features": {"sampleRate": 10}}"#,
  ])
  func optionsOutOfRangeAreRefused(json: String) {
    #expect(throws: TrainingError.self) { try TrainingOptions().applying(json: json) }
  }

  @Test func recipeFollowsTheCorpus() throws {
    try withTemporaryFolder { folder in
      func corpus(_ texts: [String], seconds: Double, sampleRate: Int) throws -> Corpus {
        let path = "\(folder)/\(sampleRate).wav"
        try AudioFileWriter.writeWAV(
          samples: [Float](repeating: 0, count: 1000), sampleRate: sampleRate, to: path)
        return Corpus(
          clips: texts.enumerated().map { number, text in
            LabelledClip(path: path, text: text, duration: seconds, identifier: "\(number)")
          })
      }
      // "three" needs six outputs; half as many again, one every 30 ms, take 0.27 s.
      let words = Array(repeating: "three", count: 900)
      let digits = TrainingOptions.recommended(
        for: try corpus(words, seconds: 0.3, sampleRate: 8000))
      #expect(digits.features.sampleRate == 8000)
      #expect(digits.stride == 3)
      #expect(digits.augmentation.joining.clipShare > 0)
      let hasty = TrainingOptions.recommended(
        for: try corpus(words, seconds: 0.2, sampleRate: 8000))
      #expect(hasty.stride == 2)
      let sentences = TrainingOptions.recommended(
        for: try corpus(
          Array(repeating: "a clip of more than three words", count: 900), seconds: 12,
          sampleRate: 44_100))
      #expect(sentences.features.sampleRate == 16_000)
      #expect(sentences.augmentation.joining.clipShare == 0)
      #expect(sentences.hiddenSize > digits.hiddenSize)
      #expect(sentences.epochCount < digits.epochCount)
      #expect(digits.vocabulary == .closed && sentences.vocabulary == .closed)
      let names = (0..<900).map { "call " + String(repeating: "ab", count: $0 % 700) }
      #expect(
        TrainingOptions.recommended(for: try corpus(names, seconds: 3, sampleRate: 8000))
          .vocabulary == .open)
      #expect(digits.normalization == .global && sentences.normalization == .perClip)
      let large = TrainingOptions.recommended(
        for: try corpus(words, seconds: 0.3, sampleRate: 8000), preset: .large)
      #expect(large.hiddenSize > sentences.hiddenSize)
      for options in [digits, hasty, sentences, large] { try options.validate() }
    }
  }
}
