import FoundationEssentials
import StapesDecoding
import StapesLanguage
import StapesModel
import StapesRecognition
import StapesText
import StapesTranscript
import TestSupport
import Testing

@Suite struct HotwordTests {
  private func text(
    saying said: String, hotwords: [HotwordList.Entry]?, vocabulary: [String]? = nil,
    _ languageModel: NGramModel? = nil
  ) throws -> String {
    let recognizer = try Recognizer(
      model: .model(ToneLanguage.model(vocabulary: vocabulary)),
      languageModel: languageModel.map { .ngrams($0) },
      hotwords: hotwords.map { HotwordList($0) })
    return try recognizer.transcribe(samples: ToneLanguage.samples(saying: said), sampleRate: 8000)
      .text
  }

  @Test func `a boost decides, and as whole words only`() throws {
    let much = 1000.0
    #expect(try text(saying: "ab c", hotwords: nil) == "ab c")
    #expect(try text(saying: "ab c", hotwords: [.init("AB", boost: 1)]) == "ab c")
    let favoured = try text(saying: "ab c", hotwords: [.init("b c", boost: much)])
    #expect(favoured.split(separator: " ").contains("b") && favoured.contains("b c"))
    // What is within a word is not favoured.
    #expect(try text(saying: "ab", hotwords: [.init("abc", boost: -much)]) == "ab")
    #expect(try text(saying: "ab", hotwords: [.init("ab", boost: -much)]) != "ab")
  }

  @Test func `hotwords may be written beside a vocabulary and a language model`() throws {
    let list = [HotwordList.Entry("cb")]
    let vocabulary = ["ab", "ca"]
    #expect(try text(saying: "ab cb", hotwords: nil, vocabulary: vocabulary) != "ab cb")
    #expect(try text(saying: "ab cb", hotwords: list, vocabulary: vocabulary) == "ab cb")
    for unit in LanguageUnit.allCases {
      var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: unit))
      for sentence in ["ab ca", "ca ab", "ab"] { try trainer.add(line: sentence) }
      let model = try trainer.estimate().0
      #expect(try text(saying: "ab cb", hotwords: list, vocabulary: vocabulary, model) == "ab cb")
      #expect(try text(saying: "ab cb", hotwords: list, model) == "ab cb")
    }
  }

  @Test func `files give each line a boost, or the one for all`() throws {
    try withTemporaryFolder { folder in
      func list(_ text: String) throws -> HotwordList {
        let path = folder + "/list.txt"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try HotwordList(contentsOf: path, boost: 2.5)
      }
      let entries = try list("ab\r\nca b\t-3\n\na\t 1e1 \n").entries.filter { !$0.text.isEmpty }
      #expect(
        entries == [.init("ab", boost: 2.5), .init("ca b", boost: -3), .init("a", boost: 10)])
      for (text, found, line) in [
        ("ab\tmuch", "much", 1), ("ab\nb\t\n", "", 2), ("a\tinf", "inf", 1),
        ("a\t1e300", "1e300", 1),
      ] {
        #expect(
          throws: RecognitionError.malformedBoost(
            found: found, path: folder + "/list.txt", line: line)
        ) { try list(text) }
      }
    }
  }

  @Test(arguments: [TextNormalization.Rules.first, .second])
  func `full-width hotwords and phrases are those of ASCII, by the rules of any model`(
    rules: TextNormalization.Rules
  ) throws {
    let model = try ToneLanguage.model(textNormalization: TextNormalization(rules: rules))
    let wide = "\u{FF21}\u{FF42}"  // Ａｂ
    let hotwords = HotwordList([.init(wide)])
    #expect(try Recognizer(model: .model(model), hotwords: hotwords).unwritable == nil)
    let phrases = try Recognizer(
      model: .model(model), phrases: PhraseList([wide, "c"]))
    #expect(phrases.unwritable == nil)
    let samples = ToneLanguage.samples(saying: "ab")
    #expect(try phrases.transcribe(samples: samples, sampleRate: 8000).text == "ab")
    #expect(model.normalized(wide) == "ab")
  }

  @Test func `hotwords that cannot be written are skipped and told at once`() throws {
    let list = HotwordList([.init("a"), .init("Ab dab!"), .init("Äb", boost: 1000), .init("dx")])
    let recognizer = try Recognizer(model: .model(ToneLanguage.model()), hotwords: list)
    let told = try #require(recognizer.unwritable)
    #expect(told.count == 3 && told.skipped == ["Ab dab!", "dx"])
    #expect(told.characters.unwritable == "\"d\" (2), \"x\"")
    #expect(told.description.contains("\"ä\" as \"a\" is written"))
    let heard = try recognizer.transcribe(
      samples: ToneLanguage.samples(saying: "ab c"), sampleRate: 8000)
    #expect(heard.text.split(separator: " ").contains("ab"))
    #expect(throws: RecognitionError.self) { try text(saying: "a", hotwords: [.init("dd")]) }
    #expect(try text(saying: "a b", hotwords: [.init("?")]) == "a b")
  }
}
