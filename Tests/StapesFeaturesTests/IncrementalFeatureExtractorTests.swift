import StapesFeatures
import StapesKernels
import Testing

struct IncrementalFeatureExtractorTests {
  @Test(arguments: 0..<4)
  func `any chunking gives the features of the whole clip, bit for bit`(index: Int) throws {
    var configuration = assortedConfigurations()[index]
    configuration.frames.dither = index == 2 ? .init(amplitude: 0.01, seed: 3) : nil
    var whole = try FeatureExtractor(configuration: configuration)
    var stream = try IncrementalFeatureExtractor(configuration: configuration)
    var generator = SplitMix64(seed: UInt64(index))
    for trial in 0..<60 {
      let sampleCount = trial < 30 ? trial * 13 : Int.random(in: 0...9_000, using: &generator)
      let samples = syntheticClip(sampleCount: sampleCount, seed: UInt64(trial))
      let largest = [1, 50, 400, 3_000][trial % 4]
      var features = Matrix(rowCount: 0, columnCount: configuration.columnCount)
      var position = 0
      while position < sampleCount {
        let end = min(sampleCount, position + Int.random(in: 0...largest, using: &generator))
        features.appendRows(of: stream.append(samples[position..<end]))
        position = end
      }
      features.appendRows(of: stream.finish())
      #expect(features == whole.features(of: samples))
    }
  }

  @Test func `frames come as soon as nothing later can change them`() throws {
    var configuration = FeatureConfiguration(sampleRate: 8_000)  // frames of 200, hops of 80
    var stream = try IncrementalFeatureExtractor(configuration: configuration)
    let clip = syntheticClip(sampleCount: 2_000)
    #expect(stream.append(clip[..<199]).rowCount == 0)
    #expect(stream.append(clip[199..<200]).rowCount == 1)
    #expect(stream.append(clip[200..<440]).rowCount == 3)
    #expect(stream.finish().rowCount == 0)

    configuration.deltas = DeltaOptions()  // slopes of slopes wait for four more frames
    var slow = try IncrementalFeatureExtractor(configuration: configuration)
    #expect(slow.append(clip[..<(200 + 3 * 80)]).rowCount == 0)
    #expect(slow.append(clip[(200 + 3 * 80)..<(200 + 4 * 80)]).rowCount == 1)
    #expect(slow.finish().rowCount == 4)
  }
}
