import Foundation
import StapesAudio
import StapesCorpus
import StapesEvaluation
import StapesKernels
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// What is labelled next: what the model is uncertain of, and nothing twice.
@Suite struct LabellingOrderTests {
  private func candidate(
    _ doubt: Double, _ sound: [Float], _ text: String = "x", seconds: Double = 1
  ) -> LabellingOrder.Candidate {
    .init(doubt: doubt, seconds: seconds, portrait: ClipPortrait(sound: sound, text: text))
  }

  private func order(
    _ candidates: [LabellingOrder.Candidate], besides labelled: [ClipPortrait] = []
  ) -> [Int] {
    var order = LabellingOrder(of: candidates, besides: labelled)
    return (0...candidates.count).compactMap { _ in order.next() }
  }

  @Test func ofLikeClipsTheDoubtfulComeFirst() {
    #expect(order([0.2, 0.9, 0.5].map { candidate($0, [1, 2]) }) == [1, 2, 0])
    #expect(order([]).isEmpty)
  }

  @Test func ofLikeClipsTheShortComeFirst() {
    #expect(order([9, 0.5, 3].map { candidate(0.5, [1, 2], seconds: $0) }) == [1, 2, 0])
  }

  @Test func copiesComeLast() {
    let clips = [
      candidate(0.9, [0, 0]), candidate(0.9, [0, 0]), candidate(0.3, [5, 0]),
      candidate(0.3, [0, 5]),
    ]
    #expect(order(clips) == [0, 2, 3, 1])
  }

  @Test func anotherTextIsAnotherClip() {
    let clips = ["one two", "one two", "seven"].map { candidate(0.5, [1], $0) }
    #expect(order(clips) == [0, 2, 1])
  }

  @Test func whatIsLabelledCountsAsTaken() {
    let clips = [candidate(0.6, [1, 0]), candidate(0.5, [0, 3])]
    #expect(order(clips) == [0, 1])
    #expect(order(clips, besides: [clips[0].portrait]) == [1, 0])
  }

  @Test func whatStandsForManyComesBeforeWhatIsOdd() {
    let clips = [
      candidate(0.55, [40, 0]), candidate(0.5, [0, 1]), candidate(0.5, [0, 0]),
      candidate(0.5, [0, -1]),
    ]
    #expect(order(clips).first == 2)
    // Unless the model is certain of them.
    let certain = clips.map { candidate($0.doubt == 0.5 ? 0 : $0.doubt, $0.portrait.sound) }
    #expect(order(certain).first == 0)
  }

  /// By the definition, of random points: each clip taken gains the most.
  @Test func theOrderIsThatOfTheDefinition() {
    var random = SplitMix64(seed: 3)
    let clips = (0..<40).map { _ in
      candidate(
        .random(in: 0...1, using: &random),
        (0..<3).map { _ in .random(in: -1...1, using: &random) },
        seconds: .random(in: 0...20, using: &random))
    }
    let points = clips.map { $0.portrait.sound.map(Double.init) }
    let means = (0..<3).map { column in points.reduce(0) { $0 + $1[column] } / 40 }
    let spread = points.reduce(0) { sum, point in
      sum + zip(point, means).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / 40
    }
    // The texts are one, so that only sounds count.
    func distance(_ a: Int, _ b: Int) -> Double {
      (zip(points[a], points[b]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } / spread)
        .squareRoot()
    }
    let found = order(clips)
    #expect(found.sorted() == Array(0..<40))
    for place in 0..<40 {
      let nearest = (0..<40).map { other in
        found[..<place].reduce(4) { min($0, distance($1, other)) }
      }
      func worth(_ index: Int) -> Double {
        clips[index].doubt
          * (0..<40).reduce(0) {
            $0 + clips[$1].doubt * max(0, nearest[$1] - distance(index, $1))
          } / (clips[index].seconds + 1)
      }
      let best = found[place...].map(worth).reduce(0, max)
      #expect(worth(found[place]) > best - 1e-4, "\(place)")
    }
  }

  @Test func clipsWithATextAreNotChosenAgain() async throws {
    try await withTemporaryFolder { folder in
      for (index, said) in ["a", "b", "ab", "ba", "cab"].enumerated() {
        let samples = ToneLanguage.samples(saying: said, sampleRate: 8000)
        try AudioFileWriter.writeWAV(
          samples: samples, sampleRate: 8000, to: "\(folder)/\(index).wav")
      }
      try Data("b".utf8).write(to: URL(filePath: folder + "/1.txt"))
      try Data("ba".utf8).write(to: URL(filePath: folder + "/3.wav.txt"))
      let corpus = try Corpus(background: [folder], longestSeconds: 30)
      let recognizer = try Recognizer(
        model: .model(try ToneLanguage.model()), options: RecognitionOptions(wantsWords: true))
      func chosen(_ amount: LabelSelection.Amount) async throws -> [String] {
        try await LabelSelection(
          from: corpus, by: recognizer, amount: amount, threadCount: 2
        ).entries.map(\.hypothesis)
      }
      #expect(try await chosen(.init()).sorted() == ["a", "ab", "cab"])
      #expect(try await chosen(.init(count: 2)).count == 2)
      #expect(try await chosen(.init(seconds: 0.01)).isEmpty)

      // A table of them becomes a manifest of those that were labelled in it.
      let selection = try await LabelSelection(
        from: corpus, by: recognizer, amount: .init(), threadCount: 1)
      #expect(selection.labelledCount == 2 && selection.failures.isEmpty)
      let table = folder + "/todo.tsv"
      try AuditTable.write(selection, to: table)
      var lines = try String(contentsOfFile: table, encoding: .utf8).split(separator: "\n")
      lines[1] = "heard" + lines[1]
      lines[2] = "other text" + lines[2]
      try lines.joined(separator: "\n").write(toFile: table, atomically: true, encoding: .utf8)
      let outcome = try AuditTable.outcome(of: table)
      #expect(outcome.clips.map(\.text) == [selection.entries[0].hypothesis, "other text"])
      #expect(outcome.droppedCount == 1)
    }
  }
}
