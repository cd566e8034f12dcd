import Foundation
import StapesAudio
import StapesCorpus
import StapesTraining
import Testing
import TestSupport

struct SampleCacheTests {
  /// Trains for an epoch with no memory for samples: all of them go to the folder.
  private func train(on corpus: Corpus, cache: String) async throws {
    var options = ToneCorpus.options
    options.epochCount = 1
    let trainer = try Trainer(
      corpus: corpus, options: options, threadCount: 1, sampleMemory: 0, sampleFolder: cache)
    _ = try await RunReport(of: trainer)
  }

  @Test func everyClipHasAFileThatChangesWithItsSound() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(12, to: folder)
      let cache = "\(folder)/cache"
      try await train(on: corpus, cache: cache)
      let first = Set(try FileManager.default.contentsOfDirectory(atPath: cache))
      #expect(first.count == corpus.clips.count)
      try await train(on: corpus, cache: cache)
      #expect(Set(try FileManager.default.contentsOfDirectory(atPath: cache)) == first)

      let samples = try AudioClip(contentsOf: corpus.clips[0].path).samples
      try AudioFileWriter.writeWAV(
        samples: samples + samples, sampleRate: 8000, to: corpus.clips[0].path)
      try await train(on: corpus, cache: cache)
      let second = Set(try FileManager.default.contentsOfDirectory(atPath: cache))
      #expect(second.count == corpus.clips.count + 1 && second.isSuperset(of: first))
    }
  }

  @Test func filesHoldTheRoundedSamplesAndDamagedOnesAreMadeAnew() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(12, to: folder)
      let cache = "\(folder)/cache"
      try await train(on: corpus, cache: cache)
      let files = try FileManager.default.contentsOfDirectory(atPath: cache).map {
        "\(cache)/\($0)"
      }
      let contents = try files.map { try Data(contentsOf: URL(filePath: $0)) }
      // The layout: a checksum of 8 bytes, the unit as a float, 16 bits a sample.
      let lengths = try corpus.clips.map { try AudioClip(contentsOf: $0.path).samples.count }
      #expect(contents.map(\.count).sorted() == lengths.map { 12 + 2 * $0 }.sorted())
      for (index, file) in files.enumerated() {
        var damaged = contents[index]
        if index % 2 == 0 { damaged[20] ^= 1 } else { damaged.removeLast(4) }
        try damaged.write(to: URL(filePath: file))
      }
      try await train(on: corpus, cache: cache)
      #expect(try files.map { try Data(contentsOf: URL(filePath: $0)) } == contents)
    }
  }

  @Test func aFolderThatCannotBeMadeIsNamed() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try ToneCorpus.write(12, to: folder)
      let file = "\(folder)/file"
      try "text".write(toFile: file, atomically: true, encoding: .utf8)
      await #expect {
        try await train(on: corpus, cache: file)
      } throws: { error in
        guard case TrainingError.unusableCache(let path, _) = error else { return false }
        return path == file && "\(error)".contains(file)
      }
    }
  }
}
