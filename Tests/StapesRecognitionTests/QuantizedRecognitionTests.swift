import FoundationEssentials
import StapesKernels
import StapesModel
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

@Suite struct QuantizedRecognitionTests {
  @Test(arguments: [WeightPrecision.bfloat16, .int8])
  func `the bundled model reads the clips alike with quantised weights`(precision: WeightPrecision)
    async throws
  {
    let folder = fixturePath("clips/digits")
    let clips = try FileManager.default.contentsOfDirectory(atPath: folder)
      .filter { $0.hasSuffix(".wav") }.sorted()
    #expect(clips.count == 8)
    let model = try ModelSource.bundled("digits").load()
    let small = try model.quantized(to: precision)
    #expect(Double(small.serialized().count) < 0.55 * Double(model.serialized().count))
    let recognizers = try [model, small].map { try Recognizer(model: .model($0)) }
    for clip in clips {
      var texts: [String] = []
      for recognizer in recognizers {
        texts.append(try await recognizer.transcribe(contentsOf: folder + "/" + clip).text)
      }
      #expect(!texts[0].isEmpty && texts[0] == texts[1], "\(clip)")
    }
  }
}
