import StapesCorpus
import StapesLayouts
import TestSupport
import Testing

/// The layouts of the development data as they lie, with the counts that its description gives.
@Suite(.enabled(if: speechDataPath != nil, "STAPES_DATA names no folder of real clips"))
struct SpeechDataTests {
  struct Expected: Sendable {
    let folder: String
    let layout: CorpusLayout
    let clipCount: Int
    let hours: Double
    let speakerCount: Int
  }

  @Test(arguments: [
    Expected(
      folder: "librispeech/train", layout: .libriSpeech, clipCount: 1199, hours: 4.17,
      speakerCount: 20),
    Expected(
      folder: "librispeech/dev", layout: .libriSpeech, clipCount: 165, hours: 0.56,
      speakerCount: 4),
    Expected(
      folder: "speechocean/train", layout: .kaldi, clipCount: 2240, hours: 2.62,
      speakerCount: 112),
    Expected(
      folder: "speechocean/dev", layout: .kaldi, clipCount: 260, hours: 0.26, speakerCount: 13),
    Expected(
      folder: "prompts", layout: .sidecarText, clipCount: 2107, hours: 1.29, speakerCount: 2),
    Expected(
      folder: "keywords", layout: .classFolders, clipCount: 1834, hours: 1.48, speakerCount: 0),
    Expected(
      folder: "ljspeech", layout: .ljSpeech, clipCount: 141, hours: 0.30, speakerCount: 0),
    Expected(
      folder: "fsdd", layout: .nameEncoded, clipCount: 2700, hours: 0.33, speakerCount: 6),
    Expected(folder: "clips", layout: .table, clipCount: 11, hours: 0.01, speakerCount: 0),
  ])
  func readsEachLayoutAsItLies(expected: Expected) throws {
    let corpus = try Corpus(readingFrom: [(speechDataPath ?? "") + "/" + expected.folder])
    let source = corpus.sources[0]
    #expect(source.layout == expected.layout)
    #expect(source.clipCount + source.skippedCount == expected.clipCount)
    #expect(abs(corpus.hours - expected.hours) < 0.006)
    #expect(source.speakerCount == expected.speakerCount)
    // One of the telephone prompts has nothing but a space for a text.
    #expect(corpus.skipped.map(\.reason) == (expected.folder == "prompts" ? [.emptyText] : []))
  }

  @Test func oneSetOfSeveralIsNotGuessed() throws {
    let root = speechDataPath ?? ""
    #expect(throws: LayoutError.self) { try Corpus(readingFrom: [root + "/librispeech"]) }
    #expect(throws: LayoutError.self) { try Corpus(readingFrom: [root + "/noise"]) }
  }
}
