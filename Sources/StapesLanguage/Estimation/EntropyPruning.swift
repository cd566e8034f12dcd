internal import Glibc

/// Leaves out of a back-off model the n-grams that it loses least by (Stolcke 1998).
///
/// Without the n-gram h w its probability becomes a′ · p(w | h′), where h′ is the context without its
/// first word, and the weight of the context becomes a′ instead of a. The relative entropy between
/// the two models is then
///
///     p(h) · { p(w | h) · [ln p(w | h) − ln p(w | h′) − ln a′] + (ln a − ln a′) · f }
///
/// with f, the share of the context's probability that no n-gram has. Each n-gram is judged by itself,
/// with all others in place; those go whose entropy raises the perplexity by less than a threshold,
/// unless a longer n-gram that stays begins with them. Longer n-grams are judged before shorter ones.
///
/// p(h) is how often the context occurs in the text: the shorter n-grams of a model after Kneser and
/// Ney tell something else, and pruning by them does harm (Chelba, Brants, Neveitt and Xu 2010).
struct EntropyPruning {
  private var tables: [NGramTable]
  private let tokenCount: Double
  private let threshold: Double
  /// For each n-gram of two words and more, its place in the table before without its first word.
  private let suffixes: [[UInt32]]
  /// Whether each n-gram stays.
  private var stays: [[Bool]]

  /// Judges all n-grams.
  ///
  /// - Parameters:
  ///   - tables: the n-grams, single words first, with their `occurrences`; the end of each is there
  ///     too.
  ///   - threshold: the relative rise of the perplexity from which on an n-gram stays, above 0.
  init(_ tables: [NGramTable], threshold: Double) {
    (self.tables, self.threshold) = (tables, log1p(threshold))
    let words = tables[0].occurrences
    tokenCount = words.reduce(0.0) { $0 + Double($1) } - Double(words[Vocabulary.begin])
    suffixes = Self.suffixes(in: tables)
    stays = tables.map { .init(repeating: true, count: $0.probabilities.count) }
    for order in (1..<max(tables.count, 1)).reversed() { judge(order) }
  }

  private static func suffixes(in tables: [NGramTable]) -> [[UInt32]] {
    var all: [[UInt32]] = [[]]
    for order in tables.indices.dropFirst() {
      var suffixes: [UInt32] = []
      suffixes.reserveCapacity(tables[order].words.count)
      for context in tables[order - 1].probabilities.indices {
        for place in tables[order - 1].childRange(of: context) {
          let word = tables[order].words[place]
          suffixes.append(
            order == 1
              ? word
              : UInt32(
                tables[order - 1].find(
                  word, in: tables[order - 2].childRange(of: Int(all[order - 1][context])))))
        }
      }
      all.append(suffixes)
    }
    return all
  }

  /// Judges the n-grams of one table, those of longer ones being judged.
  private mutating func judge(_ order: Int) {
    let (table, shorter) = (tables[order], tables[order - 1])
    for context in shorter.probabilities.indices {
      let range = shorter.childRange(of: context)
      let own = range.map { exp(Double(table.probabilities[$0])) }
      let lower = range.map { exp(Double(shorterProbability(order, $0))) }
      let (free, lowerFree) = (1 - own.reduce(0, +), 1 - lower.reduce(0, +))
      guard free > 1e-9, lowerFree > 1e-9 else { continue }
      let share = Double(shorter.occurrences[context]) / tokenCount
      let weight = log(free / lowerFree)
      for (index, place) in range.enumerated() where !begins(order, place) {
        let (p, q) = (own[index], lower[index])
        let newWeight = log((free + p) / (lowerFree + q))
        let entropy = share * (p * (log(p / q) - newWeight) + free * (weight - newWeight))
        stays[order][place] = entropy >= threshold
      }
    }
  }

  /// Whether a longer n-gram that stays begins with one of a table.
  private func begins(_ order: Int, _ place: Int) -> Bool {
    order + 1 < tables.count
      && tables[order].childRange(of: place).contains { stays[order + 1][$0] }
  }

  /// The n-grams that stay, with the weights that make all probabilities of a context sum to 1.
  consuming func pruned() -> [NGramTable] {
    for order in tables.indices.dropFirst() { weigh(order) }
    var result = [tables[0]]
    for order in tables.indices.dropFirst() {
      var (table, children) = (NGramTable(), [UInt32(0)])
      for context in tables[order - 1].probabilities.indices where stays[order - 1][context] {
        for place in tables[order - 1].childRange(of: context) where stays[order][place] {
          table.words.append(tables[order].words[place])
          table.probabilities.append(tables[order].probabilities[place])
          if !tables[order].backoffs.isEmpty {
            table.backoffs.append(tables[order].backoffs[place])
          }
        }
        children.append(UInt32(table.words.count))
      }
      guard !table.words.isEmpty else { break }
      result[order - 1].children = children
      result.append(table)
    }
    result[result.count - 1].backoffs = []
    result[result.count - 1].children = []
    return result
  }

  /// Computes the weights of the contexts of a table's n-grams, and gives those that go the
  /// probability that they have without them; shorter ones have theirs.
  private mutating func weigh(_ order: Int) {
    for context in tables[order - 1].probabilities.indices {
      let range = tables[order - 1].childRange(of: context)
      var (free, lowerFree) = (1.0, 1.0)
      for place in range where stays[order][place] {
        free -= exp(Double(tables[order].probabilities[place]))
        lowerFree -= exp(Double(shorterProbability(order, place)))
      }
      // Contexts whose n-grams have all the probability leave none to others, as before.
      if free > 1e-9, lowerFree > 1e-9 {
        tables[order - 1].backoffs[context] = Float(log(free / lowerFree))
      }
      for place in range where !stays[order][place] {
        tables[order].probabilities[place] =
          tables[order - 1].backoffs[context] + shorterProbability(order, place)
      }
    }
  }

  /// The logarithm of the probability of an n-gram's last word after a context shorter by a word.
  private func shorterProbability(_ order: Int, _ place: Int) -> Float {
    tables[order - 1].probabilities[Int(suffixes[order][place])]
  }
}
