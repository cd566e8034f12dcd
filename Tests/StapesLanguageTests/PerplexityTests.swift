import StapesLanguage
import Testing

@Suite struct PerplexityTests {
  /// A model of characters gives the same figures when its probabilities are handed over.
  @Test func `probabilities of characters count as those of a model`() throws {
    var trainer = try NGramTrainer(options: NGramOptions(order: 3, unit: .character))
    for sentence in ["ab ca", "ca ab", "b"] { try trainer.add(line: sentence) }
    let model = try trainer.estimate().0
    var (expected, found) = (Perplexity(), Perplexity())
    for line in ["ab ca", "", "  bx  ab x ", "c"] {
      expected.add(line: line, by: model)
      var (logProbabilities, state) = ([Float](), model.initialState)
      for character in LanguageUnit.character.split(line) {
        let step = model.score(model.index(of: character) ?? model.unknownWord, from: state)
        logProbabilities.append(step.logProbability)
        state = step.state
      }
      logProbabilities.append(model.finish(state))
      found.add(line: line, logProbabilities: logProbabilities) { model.index(of: $0) != nil }
    }
    #expect(found.unknownCount == 2 && expected.unknownCount == 2)
    for (a, b) in [(found.all, expected.all), (found.known, expected.known)] {
      #expect(abs(a.logProbability - b.logProbability) < 1e-9)
      #expect((a.wordCount, a.characterCount) == (b.wordCount, b.characterCount))
      #expect(a.sentenceCount == b.sentenceCount)
    }
  }
}
