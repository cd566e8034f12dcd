import StapesCorpus
import Testing

/// Files in memory are read as those on disk are, so that what tries the readers tries the right ones.
@Suite struct MemoryTests {
  private static let folders: [[String: String]] = [
    ["a.txt": "one", "b.txt": "two", "c.lab": "0 6000000 three"],
    ["a.txt": "0.1\t0.4\tone\n0.2\tx\ttwo\n"],
    ["list.csv": "file,text\na.wav,one\nb,two\nd.wav,three\n\"c.wav,four\n"],
    ["list.txt": "a one\nb.wav two\nc three\n"],
    ["list.json": "[{\"audio_filepath\": \"a.wav\", \"text\": \"one\"}, {\"text\": 1}]"],
    ["talks.stm": "a 1 anna 0.0 0.4 <o> one\nb 1 ben 0.1 9 two\n"],
    ["talks.ctm": "a 1 0.0 0.2 one\na 1 0.2 0.2 two\n"],
    ["etc/x.transcription": "<s> one </s> (a)\n", "etc/x.fileids": "a\n"],
    ["etc/PROMPTS": "*/mfc/a ONE\n*/mfc/b TWO\n"],
    ["notes.txt": "nothing\n"],
    [:],
  ]

  @Test(arguments: folders)
  func `a folder in memory gives what one on disk gives`(texts: [String: String]) throws {
    try Tree.with { tree in
      try tree.sound("a.wav", "b.wav", "c.wav", seconds: 1)
      for (name, text) in texts { try tree.write(name, text) }
      var files = texts.mapValues { Array($0.utf8) }
      for sound in ["a.wav", "b.wav", "c.wav"] { files[sound] = [] }
      let (onDisk, inMemory) = (told { try tree.corpus() }, told { try Corpus(readingFrom: files) })
      #expect(inMemory.replacing("/memory", with: tree.root) == onDisk)
    }
  }

  /// What is said of a corpus and its clips, or of why there is none.
  private func told(_ read: () throws -> Corpus) -> String {
    do {
      let corpus = try read()
      let clips = corpus.clips.map { "\($0.path) \($0.offset) \($0.duration) \($0.text)" }
      return ([corpus.description] + clips).joined(separator: "\n")
    } catch {
      return "\(error)"
    }
  }
}
