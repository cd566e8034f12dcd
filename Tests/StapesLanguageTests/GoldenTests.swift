import Foundation
import StapesLanguage
import TestSupport
import Testing

@Suite struct GoldenTests {
  struct Score: Decodable {
    let sentence: String
    let score: Double
  }

  static func scores() throws -> [Score] {
    try goldenValues("language/scores")
  }

  @Test func `scores as KenLM does`() throws {
    let model = try NGramModel(contentsOf: fixturePath("golden/language/small.arpa"))
    for golden in try Self.scores() {
      let words = LanguageUnit.word.split(golden.sentence)
      #expect(abs(model.logProbability(of: words) - golden.score) < 1e-4, "\(golden.sentence)")
    }
  }

  @Test func `the text gives the model that KenLM read`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 3))
    try forEachLine(of: fixturePath("golden/language/small.txt")) { line throws(LanguageError) in
      try trainer.add(line: line)
    }
    let model = try trainer.estimate().0
    for golden in try Self.scores() {
      let words = LanguageUnit.word.split(golden.sentence)
      #expect(abs(model.logProbability(of: words) - golden.score) < 1e-4, "\(golden.sentence)")
    }
  }

  @Test func `the perplexity is that of the scores`() throws {
    let model = try NGramModel(contentsOf: fixturePath("golden/language/small.arpa"))
    var (perplexity, sum, count, characters) = (Perplexity(), 0.0, 0, 0)
    for golden in try Self.scores() where !golden.sentence.isEmpty {
      perplexity.add(line: golden.sentence, by: model)
      sum += golden.score
      count += golden.sentence.split(separator: " ").count + 1
      characters += golden.sentence.count + 1
    }
    #expect(abs(perplexity.all.perWord / exp(-sum / Double(count)) - 1) < 1e-5)
    #expect(abs(perplexity.all.perCharacter / exp(-sum / Double(characters)) - 1) < 1e-5)
    let unknown = try Self.scores().flatMap { $0.sentence.split(separator: " ") }
      .filter { $0 == "zyx" }
    #expect(perplexity.unknownCount == unknown.count)
    #expect(perplexity.known.wordCount == perplexity.all.wordCount - unknown.count)
    #expect(perplexity.known.characterCount == perplexity.all.characterCount - 3 * unknown.count)
    #expect(perplexity.known.perWord < perplexity.all.perWord)
  }

  @Test func `characters and words share one measure`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 2, unit: .character))
    try trainer.add(line: "ab a")
    let model = try trainer.estimate().0
    var perplexity = Perplexity()
    perplexity.add(line: " ab  a ", by: model)
    perplexity.add(line: " ", by: model)
    let wanted = model.logProbability(of: ["a", "b", "<space>", "a"])
    #expect(abs(perplexity.all.logProbability - wanted) < 1e-6)
    #expect(perplexity.all == perplexity.known)
    #expect(perplexity.all.characterCount == 4)
    #expect(perplexity.all.wordCount == 2)
    #expect(perplexity.all.sentenceCount == 1)
  }
}
