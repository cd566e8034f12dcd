import StapesKernels
import StapesModel
import TestSupport
import Testing

@Suite struct ConfidenceCurveTests {
  /// Samples whose shares of right ones follow a curve.
  func samples(of curve: ConfidenceCurve, count: Int) -> [ConfidenceCurve.Sample] {
    var generator = SplitMix64(seed: 1)
    return (0..<count).map { _ in
      let probability = Double.random(in: 0...1, using: &generator)
      let length = Int.random(in: 1...10, using: &generator)
      let confidence = curve.confidence(probability: probability, length: length)
      return ConfidenceCurve.Sample(
        probability: probability, length: length,
        isRight: Double.random(in: 0...1, using: &generator) < confidence)
    }
  }

  @Test func `the default leaves probabilities as they are`() {
    for probability in [1e-5, 0.1, 0.5, 0.9, 0.999] {
      for length in [0, 1, 7] {
        let found = ConfidenceCurve().confidence(probability: probability, length: length)
        #expect(abs(found - probability) < 1e-9)
      }
    }
  }

  @Test func `confidences are within 0 and 1 for any probability`() {
    for probability in [0, 1e-305, 1] {
      let found = ConfidenceCurve().confidence(probability: probability, length: 3)
      #expect((0...1).contains(found))
    }
  }

  @Test func `finds the curve that samples were drawn from`() {
    var curve = ConfidenceCurve()
    (curve.probability, curve.complement, curve.length, curve.offset) = (0.5, 1.5, 0.8, -0.6)
    let found = ConfidenceCurve(fitting: samples(of: curve, count: 40_000))
    for probability in stride(from: 0.05, through: 0.95, by: 0.1) {
      for length in [1, 4, 10] {
        let difference =
          found.confidence(probability: probability, length: length)
          - curve.confidence(probability: probability, length: length)
        #expect(abs(difference) < 0.03, "\(probability) \(length)")
      }
    }
  }

  @Test func `without samples nothing changes, and with few that agree little`() {
    #expect(ConfidenceCurve(fitting: []) == ConfidenceCurve())
    let right = ConfidenceCurve.Sample(probability: 0.9, length: 1, isRight: true)
    let few = ConfidenceCurve(fitting: [right, right, right])
    #expect(few.confidence(probability: 0.5, length: 1) < 0.7)
    let all = ConfidenceCurve(
      fitting: [ConfidenceCurve.Sample](repeating: right, count: 10_000))
    #expect(all.confidence(probability: 0.9, length: 1) > 0.98)
  }

  @Test func `a model's file holds its calibrations, and an older one has none`() throws {
    var model = try ToneLanguage.model()
    #expect(try SpeechModel(serialized: model.serialized()).calibration == nil)
    var calibration = ConfidenceCalibration()
    calibration.words.offset = -1.25
    model.calibration = calibration
    calibration.texts.length = 0.5
    model.languageCalibration = calibration
    let read = try SpeechModel(serialized: model.serialized())
    #expect(read.calibration == model.calibration)
    #expect(read.languageCalibration == calibration)
  }
}
