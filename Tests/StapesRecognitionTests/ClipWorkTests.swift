import StapesAudio
import StapesKernels
import StapesRecognition
import StapesTranscript
import TestSupport
import Testing

/// How clips are shared out among threads.
@Suite struct ClipWorkTests {
  func work(_ seconds: [Double]) -> ClipWork {
    ClipWork(seconds.map { ClipWork.Clip(path: "none", seconds: $0) })
  }

  @Test func `each clip is in one group, and no group is too large for its turn`() {
    var generator = SplitMix64(seed: 1)
    for clipCount in [0, 1, 2, 3, 15, 16, 17, 40, 200] {
      let seconds = (0..<clipCount).map { _ in Double(Int.random(in: 0...90, using: &generator)) }
      for threadCount in 1...5 {
        let groups = work(seconds).groups(threadCount: threadCount)
        #expect(groups.joined().sorted() == Array(0..<clipCount))
        let turns = groups.joined().map { seconds[$0] }
        #expect(turns == turns.sorted(by: >))
        var left = clipCount
        for group in groups {
          #expect(group.count == 1 || group.reduce(0) { $0 + seconds[$1] } <= 60)
          let most = threadCount == 1 ? 16 : min(16, max(1, left / (2 * threadCount)))
          #expect((1...most).contains(group.count))
          left -= group.count
        }
      }
    }
  }

  /// Threads that take the next group whenever they are free, each second of sound costing as much.
  @Test(arguments: [2, 3, 4])
  func `threads end together`(threadCount: Int) {
    let seconds = (0..<200).map { 0.3 + 0.01 * Double($0 * 37 % 50) }
    var ends = [Double](repeating: 0, count: threadCount)
    for group in work(seconds).groups(threadCount: threadCount) {
      let thread = ends.indices.min { ends[$0] < ends[$1] } ?? 0
      ends[thread] += group.reduce(0) { $0 + seconds[$1] }
    }
    let (first, last) = (ends.min() ?? 0, ends.max() ?? 0)
    #expect(last - first <= 0.8, "\(ends)")
  }

  @Test func `a transcript is the same to the last bit however the clips are grouped`()
    async throws
  {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model()), options: RecognitionOptions(hypothesisCount: 3))
    try await withTemporaryFolder { folder in
      let letters = Array("abc")
      var clips: [ClipWork.Clip] = []
      var alone: [Transcript] = []
      for number in 0..<50 {
        let text = String((0..<number % 7).map { letters[(number + $0 * $0) % 3] })
        let path = "\(folder)/\(number).wav"
        try AudioFileWriter.writeWAV(
          samples: ToneLanguage.samples(saying: text), sampleRate: 8000, to: path)
        let transcript = try await recognizer.transcribe(contentsOf: path)
        alone.append(transcript)
        clips.append(ClipWork.Clip(path: path, seconds: transcript.seconds))
      }
      for threadCount in [1, 2, 3, 8] {
        var found = [Transcript?](repeating: nil, count: clips.count)
        await ClipWork(clips).run(with: recognizer, threadCount: threadCount) {
          try? $1.get()
        } report: {
          found[$0] = $1
        }
        #expect(found == alone)
      }
    }
  }
}
