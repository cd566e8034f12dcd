import Foundation
import StapesAudio
import TestSupport
import Testing

@Suite(.enabled(if: speechDataPath != nil, "STAPES_DATA names no folder of real clips"))
struct RealClipTests {
  /// Up to 40 sound files of a folder, in the order of their names.
  private func clips(in folder: String) throws -> [String] {
    let root = try #require(speechDataPath) + "/" + folder
    return try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
      .filter { $0.hasSuffix(".wav") || $0.hasSuffix(".opus") }.prefix(40).map { "\(root)/\($0)" }
  }

  @Test(arguments: [
    ("clips", 16_000), ("fsdd", 8_000), ("librispeech/dev", 16_000), ("prompts", 16_000),
  ])
  func headersTellWhatIsThere(folder: String, sampleRate: Int) throws {
    let paths = try clips(in: folder)
    #expect(!paths.isEmpty)
    for path in paths {
      let clip = try AudioClip(contentsOf: path)
      let properties = try AudioProperties(ofFileAt: path)
      #expect(properties.frameCount == clip.samples.count)
      #expect(clip.sourceRate == sampleRate)
      #expect(clip.warnings == [])
      #expect(clip.samples.contains { abs($0) > 0.01 })
      let doubled = try AudioClip(
        contentsOf: path, options: AudioOptions(sampleRate: 2 * sampleRate))
      #expect(doubled.samples.count == 2 * clip.samples.count)
    }
  }
}
