import Foundation
import StapesLanguage
import TestSupport
import Testing

@Suite struct EstimationTests {
  /// A small language in which some n-grams are frequent and many occur once.
  static func sentences(count: Int, wordCount: Int, seed: UInt64 = 1) -> [[String]] {
    var state = seed
    func draw(_ limit: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % limit
    }
    return (0..<count).map { _ in
      (0..<1 + draw(7)).map { _ in "w\(min(draw(wordCount), draw(wordCount)))" }
    }
  }

  static func model(
    of sentences: [[String]], _ options: NGramOptions
  ) throws -> (NGramModel, NGramReport) {
    var trainer = try NGramTrainer(options: options)
    for sentence in sentences { try trainer.add(sentence) }
    return try trainer.estimate()
  }

  static func state(after words: [String], in model: NGramModel) -> NGramModel.State {
    words.reduce(model.initialState) {
      model.score(model.index(of: $1) ?? model.unknownWord, from: $0).state
    }
  }

  @Test(arguments: [
    (1, []), (2, []), (3, []), (4, []), (6, []), (3, [0, 0, 1]), (3, [0, 1, 2]), (4, [0, 1]),
  ])
  func `is what the formulas say, for every word after every history`(
    order: Int, pruning: [Int]
  ) throws {
    let sentences = Self.sentences(count: 60, wordCount: 12)
    let expected = KneserNeyByDefinition(sentences: sentences, order: order, pruning: pruning)
    let (model, _) = try Self.model(
      of: sentences, NGramOptions(order: order, pruning: pruning.isEmpty ? [0] : pruning))
    #expect(model.order == order)
    let histories = Set(sentences.flatMap { s in (0...s.count).map { Array(s.prefix($0)) } })
    for history in histories.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
      let state = Self.state(after: history, in: model)
      var sum = 0.0
      for word in expected.words {
        let index = try #require(model.index(of: word))
        let found = Double(exp(model.score(index, from: state).logProbability))
        let wanted = expected.probability(of: word, after: ["<s>"] + history)
        #expect(abs(found - wanted) < 2e-6 * wanted, "\(word) after \(history)")
        sum += found
      }
      #expect(abs(sum - 1) < 1e-5, "after \(history)")
    }
  }

  @Test func `a text of two sentences comes out as by hand`() throws {
    // "a b" and "a": bigrams <s> a (2), a b, b </s>, a </s> (1 each); so fixed discounts hold.
    // Single words by what stands before them: a 1, b 1, </s> 2; sum 4; free 0.5 + 0.5 + 1 = 2, so
    // the weight is 1/2; over a, b, </s> and <unk> that is 1/8 each.
    let (model, report) = try Self.model(of: [["a", "b"], ["a"]], NGramOptions(order: 2))
    #expect(report.discounts.map(\.isFallback) == [true, true])
    #expect(report.foundCounts == [3, 4])
    #expect(model.counts == [5, 4])
    let a = try #require(model.index(of: "a"))
    let b = try #require(model.index(of: "b"))
    let (afterA, afterB) = (
      Self.state(after: ["a"], in: model), Self.state(after: ["a", "b"], in: model)
    )
    func p(_ word: Int, _ state: NGramModel.State) -> Double {
      Double(exp(model.score(word, from: state).logProbability))
    }
    let (pA, pB, pEnd) = (0.5 / 4 + 0.125, 0.5 / 4 + 0.125, 1.0 / 4 + 0.125)
    // After <s>: a occurs 2, D2 = 1, so 1/2 + 1/2 p(a). After a: b and </s> once, D1 = 0.5.
    #expect(abs(p(a, model.initialState) - (0.5 + 0.5 * pA)) < 1e-6)
    #expect(abs(p(b, afterA) - (0.25 + 0.5 * pB)) < 1e-6)
    #expect(abs(Double(exp(model.finish(afterA))) - (0.25 + 0.5 * pEnd)) < 1e-6)
    #expect(abs(Double(exp(model.finish(afterB))) - (0.5 + 0.5 * pEnd)) < 1e-6)
    #expect(abs(p(model.unknownWord, afterB) - 0.5 * 0.125) < 1e-6)
  }

  @Test(arguments: [1, 3, 5]) func `little memory changes nothing`(order: Int) throws {
    let sentences = Self.sentences(count: 40_000, wordCount: 900)
    var options = NGramOptions(order: order)
    let (model, report) = try Self.model(of: sentences, options)
    options.memory = 1 << 20
    let (spilled, spilledReport) = try Self.model(of: sentences.reversed(), options)
    #expect(model == spilled)
    #expect(report == spilledReport)
    #expect(!report.discounts[min(order, 3) - 1].isFallback)
  }

  @Test func `words beyond the limit are unknown`() throws {
    let sentences = [["a", "b", "c"], ["a", "b"], ["a", "d"]]
    let (model, _) = try Self.model(of: sentences, NGramOptions(order: 2, vocabularyLimit: 2))
    #expect(model.spokenWords.map(model.word(at:)) == ["a", "b"])
    let replaced = sentences.map { $0.map { ["a", "b"].contains($0) ? $0 : "<unk>" } }
    #expect(try Self.model(of: replaced, NGramOptions(order: 2)).0 == model)
  }

  @Test func `an order beyond the longest sentence is lowered`() throws {
    let (model, _) = try Self.model(of: [["a"], ["b"]], NGramOptions(order: 6))
    #expect(model.order == 3)
    #expect(Self.model(sumsToOne: model))
  }

  static func model(sumsToOne model: NGramModel) -> Bool {
    let words = [0, 2] + Array(model.spokenWords)
    let sum = words.reduce(0.0) {
      $0 + Double(exp(model.score($1, from: model.initialState).logProbability))
    }
    return abs(sum - 1) < 1e-5
  }

  @Test func `wrong options, words and texts are refused`() throws {
    for options in [
      NGramOptions(order: 0), NGramOptions(order: 7), NGramOptions(pruning: [1]),
      NGramOptions(pruning: [0, 2, 1]), NGramOptions(pruning: []),
      NGramOptions(order: 1, pruning: [0, 1]), NGramOptions(vocabularyLimit: 0),
      NGramOptions(memory: 10),
    ] {
      #expect(throws: LanguageError.self) { try options.validate() }
      #expect(throws: LanguageError.self) { try Self.model(of: [["a"]], options) }
    }
    for word in ["", "a b", "a\tb", "<s>", "</s>", "a\u{7F}", "\u{85}"] {
      #expect(throws: LanguageError.unusableWord(word: word, sentence: 2)) {
        try Self.model(of: [["a"], ["b", word]], NGramOptions())
      }
    }
    #expect(throws: LanguageError.noText) { try Self.model(of: [[], []], NGramOptions()) }
  }

  @Test(arguments: [
    ("नि a", ["न", "\u{93F}", "<space>", "a"]), ("น้ำ", ["น", "\u{E49}", "\u{E33}"]),
    ("é한", ["é", "한"]), ("\u{1100}\u{1161}", ["\u{1100}\u{1161}"]), ("👩‍👧", ["👩‍👧"]),
  ])
  func `characters are the code points of letters, as recognisers have them`(
    text: String, units: [String]
  ) {
    #expect(
      LanguageUnit.character.split(text).map { Array($0.unicodeScalars) }
        == units.map { Array($0.unicodeScalars) })
    let whole = LanguageUnit.character.split("नि नु") { $0 == "नि" }
    #expect(whole == ["नि", "<space>", "न", "\u{941}"])
  }

  @Test func `characters are those that a reader sees`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: .character))
    try trainer.add(line: " \u{E9}t  te ")
    let (model, report) = try trainer.estimate()
    #expect(report.tokenCount == 5)
    #expect(model.spokenWords.map(model.word(at:)) == ["<space>", "e", "t", "\u{E9}"])
    #expect(model.unit == .character)
    #expect(LanguageUnit.word.split("  a\tb ") == ["a", "b"])
  }
}
