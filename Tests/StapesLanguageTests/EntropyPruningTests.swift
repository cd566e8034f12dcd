import Foundation
import StapesLanguage
import Testing

/// Stolcke's pruning (1998) written down from its definition, with all words of each context.
private struct PruningByDefinition {
  /// p(w | h) for the n-grams that there are.
  var probabilities: [[String]: Double] = [:]
  var weights: [[String]: Double] = [:]
  let words: [String]
  let occurrences: [[String]: Double]
  let tokenCount: Double

  /// Reads the n-grams of a model from its file in ARPA's format.
  init(arpa: String, sentences: [[String]]) {
    for line in arpa.split(separator: "\n") {
      let fields = line.split(separator: "\t")
      guard fields.count >= 2, let logarithm = Double(fields[0]) else { continue }
      let ngram = fields[1].split(separator: " ").map(String.init)
      probabilities[ngram] = pow(10, logarithm)
      if fields.count > 2 { weights[ngram] = pow(10, Double(fields[2]) ?? 0) }
    }
    words = probabilities.keys.filter { $0.count == 1 && $0 != ["<s>"] }.map { $0[0] }.sorted()
    var counts: [[String]: Double] = [:]
    for sentence in sentences {
      let padded = ["<s>"] + sentence + ["</s>"]
      for end in padded.indices {
        for begin in 0...end { counts[Array(padded[begin...end]), default: 0] += 1 }
      }
    }
    occurrences = counts
    tokenCount = Double(sentences.joined().count + sentences.count)
  }

  func probability(of word: String, after context: [String]) -> Double {
    if let found = probabilities[context + [word]] { return found }
    guard !context.isEmpty else { return 0 }
    return (weights[context] ?? 1) * probability(of: word, after: Array(context.dropFirst()))
  }

  /// Makes the probabilities of a context sum to 1.
  private mutating func weigh(_ context: [String]) {
    let own = words.filter { probabilities[context + [$0]] != nil }
    let free = 1 - own.reduce(0) { $0 + (probabilities[context + [$1]] ?? 0) }
    let shorter = Array(context.dropFirst())
    weights[context] =
      own.isEmpty
      ? nil : free / (1 - own.reduce(0) { $0 + probability(of: $1, after: shorter) })
  }

  /// How much an n-gram's absence raises the perplexity.
  private func rise(without ngram: [String]) -> Double {
    let context = Array(ngram.dropLast())
    var without = self
    without.probabilities[ngram] = nil
    without.weigh(context)
    let entropy = words.reduce(0.0) { sum, word in
      let before = probability(of: word, after: context)
      return sum + before * log(before / without.probability(of: word, after: context))
    }
    return exp((occurrences[context] ?? 0) / tokenCount * entropy) - 1
  }

  mutating func prune(below threshold: Double) {
    let order = probabilities.keys.map(\.count).max() ?? 0
    for length in stride(from: order, to: 1, by: -1) {
      let all = probabilities.keys.filter { $0.count == length }
      let kept = Set(probabilities.keys.filter { $0.count == length + 1 }.map { $0.dropLast() })
      let gone = all.filter { !kept.contains($0[...]) && rise(without: $0) < threshold }
      for ngram in gone { probabilities[ngram] = nil }
    }
    weights = [:]
    for length in 1..<max(order, 1) {
      for context in Set(probabilities.keys.filter { $0.count == length }) { weigh(context) }
    }
  }
}

@Suite struct EntropyPruningTests {
  private func arpa(_ model: NGramModel) throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/\(UUID().uuidString).arpa"
    defer { try? FileManager.default.removeItem(atPath: path) }
    try model.writeARPA(to: path)
    return try String(contentsOfFile: path, encoding: .utf8)
  }

  @Test(arguments: [(2, [0], 1e-3), (3, [0], 1e-4), (3, [0], 2e-3), (4, [0, 0, 1], 5e-4)])
  func `leaves out what its definition says`(
    order: Int, pruning: [Int], threshold: Double
  ) throws {
    let sentences = EstimationTests.sentences(count: 150, wordCount: 14)
    let options = NGramOptions(order: order, pruning: pruning)
    let (whole, _) = try EstimationTests.model(of: sentences, options)
    var expected = PruningByDefinition(arpa: try arpa(whole), sentences: sentences)
    expected.prune(below: threshold)
    var pruning = options
    pruning.entropyThreshold = threshold
    let (model, report) = try EstimationTests.model(of: sentences, pruning)
    let found = PruningByDefinition(arpa: try arpa(model), sentences: sentences)
    #expect(Set(found.probabilities.keys) == Set(expected.probabilities.keys))
    #expect(found.probabilities.count < whole.counts.reduce(0, +))
    #expect(report.keptCounts == model.counts)
    let histories = Set(sentences.flatMap { s in (0...s.count).map { Array(s.prefix($0)) } })
    for history in histories.sorted(by: { $0.lexicographicallyPrecedes($1) }).prefix(80) {
      let state = EstimationTests.state(after: history, in: model)
      var sum = 0.0
      for word in expected.words {
        let index = try #require(model.index(of: word))
        let own = Double(exp(model.score(index, from: state).logProbability))
        let context = Array((["<s>"] + history).suffix(order - 1))
        let wanted = expected.probability(of: word, after: context)
        #expect(abs(own - wanted) < 1e-4 * wanted, "\(word) after \(context)")
        sum += own
      }
      #expect(abs(sum - 1) < 1e-5, "after \(history)")
    }
  }

  @Test func `a threshold that nothing reaches leaves single words, none leaves all`() throws {
    let sentences = EstimationTests.sentences(count: 40, wordCount: 9)
    var options = NGramOptions(order: 3)
    let whole = try EstimationTests.model(of: sentences, options).0
    options.entropyThreshold = 0.99
    #expect(try EstimationTests.model(of: sentences, options).0.order == 1)
    options.entropyThreshold = 1e-12
    #expect(try EstimationTests.model(of: sentences, options).0.counts == whole.counts)
    for threshold in [-1, 1, Double.nan] {
      options.entropyThreshold = threshold
      #expect(throws: LanguageError.self) { try EstimationTests.model(of: sentences, options) }
    }
  }
}
