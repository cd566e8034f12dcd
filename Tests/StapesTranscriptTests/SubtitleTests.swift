import StapesTranscript
import StapesTranscript
import TestSupport
import Testing

@Suite struct SubtitleTests {
  func cues(_ words: [Transcript.Word]) -> [FormatReaders.Cue] {
    FormatReaders.subRip(TranscriptFormat.srt.file(of: PlantedWords.transcript(words), path: ""))
      ?? []
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `any words give valid subtitles within their limits`(seed: UInt64) throws {
    let words = PlantedWords.random(seed: seed)
    let transcript = PlantedWords.transcript(words)
    let subRip = TranscriptFormat.srt.file(of: transcript, path: "")
    let cues = try #require(FormatReaders.subRip(subRip))
    #expect(
      FormatReaders.webVTT(TranscriptFormat.vtt.file(of: transcript, path: "")) == cues)
    for cue in cues {
      #expect((1...2).contains(cue.lines.count))
      #expect(cue.lines.allSatisfy { $0.count <= 42 })
      #expect((1000...7000).contains(cue.end - cue.start))
    }
    #expect(zip(cues, cues.dropFirst()).allSatisfy { $0.end + 83 <= $1.start })
    // Every word is there once, in its place, and whole unless it fits on no line.
    let shown = cues.flatMap(\.lines).joined(separator: " ").split(separator: " ")
    #expect(shown.joined() == words.map(\.text).joined())
    if words.allSatisfy({ $0.text.count <= 42 && $0.end - $0.start <= 7 }) {
      #expect(shown.map(String.init) == words.map(\.text))
    }
  }

  @Test func `a subtitle starts with its first word, and long pauses part subtitles`() {
    let words = PlantedWords.sentence(
      "one two three four five six", pauses: [1: 1.5, 3: 3])
    let cues = cues(words)
    #expect(cues.map(\.lines) == [["one two"], ["three four"], ["five six"]])
    #expect(cues.map(\.start) == [500, 2800, 6600])
    // It stays for its words, or as long as it takes to read; not over the next one.
    #expect(cues.map(\.end) == [1500, 3800, 7600])
  }

  @Test func `it breaks where a sentence ends or a pause is rather than where it is full`() {
    let text =
      "we went down to the river. and there we saw the boat that had been lost in the storm"
    #expect(
      cues(PlantedWords.sentence(text, step: 0.3)).map { $0.lines.joined(separator: " ") } == [
        "we went down to the river.",
        "and there we saw the boat that had been lost in the storm",
      ])
    // One subtitle has no room for it all; with no pause the two are about equally long.
    let unmarked = text.replacing(".", with: "") + " that year"
    func division(_ pauses: [Int: Double]) -> [String] {
      cues(PlantedWords.sentence(unmarked, step: 0.3, pauses: pauses)).map {
        $0.lines.joined(separator: " ")
      }
    }
    #expect(
      division([2: 0.9]) == [
        "we went down",
        "to the river and there we saw the boat that had been lost in the storm that year",
      ])
    #expect(
      division([:]) == [
        "we went down to the river and there we saw the",
        "boat that had been lost in the storm that year",
      ])
  }

  @Test func `two lines are as even as words allow`() {
    let text = "a quick brown fox jumped over both of these very lazy dogs and ran"
    let words = text.split(separator: " ").map(String.init)
    let lines = cues(PlantedWords.sentence(text, step: 0.2)).flatMap(\.lines)
    #expect(lines.joined(separator: " ") == text)
    let longest = (1..<words.count).map { border in
      max(
        words[..<border].joined(separator: " ").count,
        words[border...].joined(separator: " ").count)
    }.min()
    #expect(lines.count == 2)
    #expect(lines.map(\.count).max() == longest)
  }

  @Test func `a short gap is closed, and a text that takes long to read stays`() {
    // 0.3 s lie between the two sentences: too short a time for an empty screen.
    let text = "this is the end of it. here is the beginning of the next one and it is a long one"
    let cues = cues(PlantedWords.sentence(text, step: 0.3, pauses: [5: 0.3]))
    #expect(cues.count == 2)
    #expect(cues[1].start - cues[0].end == 83)
    let rapid = self.cues(PlantedWords.sentence("what was said here was said fast", step: 0.05))
    #expect(rapid.map { $0.end - $0.start } == [32 * 58])
  }

  @Test func `writing without spaces is divided between characters by their times`() {
    let text = String(repeating: "語", count: 100)
    let cues = cues([PlantedWords.word(text, 0, 20)])
    #expect(cues.flatMap(\.lines).joined() == text)
    #expect(cues.count >= 3)
    for cue in cues {
      let length = cue.lines.joined().count
      #expect(abs(cue.end - cue.start - length * 200) <= 100)
    }
  }
}
