import FoundationEssentials
import StapesAudio
import StapesCorpus
import StapesFiles
import StapesRecognition
import StapesEvaluation
import StapesScoring
import StapesText
import TestSupport
import Testing

@Suite struct EvaluationTests {
  let recognizer: Recognizer

  init() throws {
    recognizer = try Recognizer(model: .model(ToneLanguage.model()))
  }

  /// A corpus whose clips say the first of each pair, and whose texts are the second.
  func corpus(_ pairs: [(said: String, text: String)], in folder: String) throws -> Corpus {
    let clips = try pairs.enumerated().map { index, pair in
      let path = "\(folder)/\(index).wav"
      let samples = ToneLanguage.samples(saying: pair.said)
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: path)
      return LabelledClip(
        path: path, text: pair.text, duration: Double(samples.count) / 8000,
        identifier: "\(index)")
    }
    return Corpus(clips: clips)
  }

  @Test func `counts planted errors, with any number of threads alike`() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try corpus(
        [("ab c", "AB, c!"), ("a", "a b"), ("b a c", "b c"), ("c", "a"), ("", "c")], in: folder)
      var results: [Evaluation] = []
      for threadCount in [1, 2] {
        var reported: [String] = []
        let evaluation = try await Evaluation(
          of: recognizer, on: corpus, threadCount: threadCount
        ) { reported.append($0.identifier) }
        #expect(reported.sorted() == ["0", "1", "2", "3", "4"])
        results.append(evaluation)
      }
      #expect(results[0].pairs == results[1].pairs)
      #expect(results[0].rates == results[1].rates)

      let (pairs, rates) = (results[0].pairs, results[0].rates)
      #expect(pairs.map(\.reference) == ["ab c", "a b", "b c", "a", "c"])
      #expect(pairs.map(\.hypothesis) == ["ab c", "a", "b a c", "c", ""])
      // Words: one missing, one too many, one wrong, one missing, of 2 + 2 + 2 + 1 + 1.
      #expect(rates.wer.value == 0.5)
      #expect(rates.words.deletions == 2)
      #expect(rates.words.insertions == 1)
      #expect(rates.words.substitutions == 1)
      #expect(rates.exact.value == 0.2)
      #expect(rates.wer.lower <= 0.5 && rates.wer.upper >= 0.5)
    }
  }

  @Test func `clips that cannot be read do not count, and are told`() async throws {
    try await withTemporaryFolder { folder in
      let good = try corpus([("a", "a"), ("b", "b")], in: folder)
      let gone = LabelledClip(
        path: folder + "/gone.wav", text: "a", duration: 1, identifier: "gone")
      let corpus = Corpus(clips: [good.clips[0], gone, good.clips[1]])
      let evaluation = try await Evaluation(of: recognizer, on: corpus, threadCount: 1)
      #expect(evaluation.pairs.map(\.clip.identifier) == ["0", "1"])
      #expect(evaluation.rates.utteranceCount == 2)
      #expect(evaluation.rates.exact.value == 1)
      #expect(evaluation.failures.map(\.clip) == [gone])
      #expect(evaluation.failures.map(\.error) == [.audio(.noSuchFile(path: gone.path))])
    }
  }

  @Test func `takes the part of a file that the clip names`() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/long.wav"
      let parts = ["ab", "c", "ba"].map { ToneLanguage.samples(saying: $0) }
      try AudioFileWriter.writeWAV(
        samples: Array(parts.joined()), sampleRate: 8000, to: path)
      var (clips, offset) = ([LabelledClip](), 0.0)
      for (part, text) in zip(parts, ["ab", "c", "ba"]) {
        let duration = Double(part.count) / 8000
        clips.append(
          LabelledClip(
            path: path, text: text, offset: offset, duration: duration, identifier: text))
        offset += duration
      }
      let evaluation = try await Evaluation(
        of: recognizer, on: Corpus(clips: clips), threadCount: 1)
      #expect(evaluation.pairs.map(\.hypothesis) == ["ab", "c", "ba"])
    }
  }

  @Test func `writes the pairs with the words that differ`() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try corpus([("ab c", "ab"), ("a b", "a c b"), ("c", "b")], in: folder)
      let evaluation = try await Evaluation(of: recognizer, on: corpus, threadCount: 1)
      let path = folder + "/details.tsv"
      try evaluation.writeDetails(to: path)
      let table = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
      #expect(
        table == """
          path\toffset\treference\thypothesis\tword_errors\tcharacter_errors\talignment
          \(folder)/0.wav\t0.0\tab\tab c\t1\t2\tab +c
          \(folder)/1.wav\t0.0\ta c b\ta b\t1\t2\ta -c b
          \(folder)/2.wav\t0.0\tb\tc\t1\t1\tb>c

          """)
      #expect(throws: RecognitionError.file(FileError(folder, .write, .folder))) {
        try evaluation.writeDetails(to: folder)
      }
    }
  }

  @Test func `says when it was cancelled`() async throws {
    try await withTemporaryFolder { folder in
      let corpus = try corpus([("a", "a")], in: folder)
      let recognizer = recognizer
      let task = Task {
        while !Task.isCancelled { await Task.yield() }
        return try await Evaluation(of: recognizer, on: corpus, threadCount: 1)
      }
      task.cancel()
      await #expect(throws: CancellationError.self) { try await task.value }
    }
  }
}
