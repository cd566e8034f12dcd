import Foundation
import StapesAudio
import TestSupport
import Testing

@Suite struct AudioFileWriterTests {
  @Test func writesThePlainestFormOfWave() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/clip.wav"
      let samples: [Float] = [0, 0.5, -0.5, 1, -1, 7, -7, 0.4 / 32_768, 0.6 / 32_768]
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 22_050, to: path)
      let integers: [Int16] = [
        0, 16_384, -16_384, 32_767, -32_768, 32_767, -32_768, 0, 1,
      ]
      #expect(try contents(of: path) == wave(pcm16(integers), rate: 22_050))
    }
  }

  @Test func longClipComesBack() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/clip.wav"
      let samples = (0..<100_001).map { Float($0 % 65_536 - 32_768) / 32_768 }
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 16_000, to: path)
      let clip = try AudioClip(contentsOf: path)
      #expect(largestDifference(clip.samples, samples) == 0)
      #expect(clip.sampleRate == 16_000)
      #expect(clip.warnings == [])
    }
  }

  @Test func replacesAFileOnlyWhenComplete() throws {
    try withFile(Array("old".utf8)) { path in
      #expect(throws: AudioError.nonFiniteSample(path: path, frame: 1)) {
        try AudioFileWriter.writeWAV(samples: [0, .nan], sampleRate: 16_000, to: path)
      }
      #expect(try contents(of: path) == Array("old".utf8))
      try AudioFileWriter.writeWAV(samples: [], sampleRate: 16_000, to: path)
      #expect(try contents(of: path) == wave([]))
      let folder = URL(filePath: path).deletingLastPathComponent().path
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["clip.wav"])
    }
  }

  @Test func impossiblePlacesAreRefused() throws {
    try withTemporaryFolder { folder in
      let missing = "\(folder)/missing/clip.wav"
      let error = AudioError.cannotWrite(path: missing, reason: "its folder does not exist")
      #expect(throws: error) {
        try AudioFileWriter.writeWAV(samples: [0], sampleRate: 16_000, to: missing)
      }
      #expect(error.description.contains(missing))
      let directory = "\(folder)/taken"
      try FileManager.default.createDirectory(
        atPath: "\(directory)/x", withIntermediateDirectories: true)
      #expect(throws: AudioError.self) {
        try AudioFileWriter.writeWAV(samples: [0], sampleRate: 16_000, to: directory)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    }
  }
}
