import Foundation

/// Interpolated modified Kneser-Ney smoothing written down from its formulas with dictionaries of
/// words, and nothing else in common with the library.
struct KneserNeyByDefinition {
  /// All words that can be predicted: those of the text, `</s>` and `<unk>`.
  let words: [String]
  private let order: Int
  /// The counts of the n-grams of each length that the formulas use.
  private var counts: [[[String]: Double]] = []
  private var isPruned: [[[String]: Bool]] = []
  private var discounts: [[Double]] = []

  init(sentences: [[String]], order: Int, pruning: [Int] = []) {
    self.order = order
    words = Set(sentences.joined()).sorted() + ["</s>", "<unk>"]
    var occurrences = [[[String]: Double]](repeating: [:], count: order + 1)
    for sentence in sentences {
      let padded = ["<s>"] + sentence + ["</s>"]
      for end in 1..<padded.count {
        for length in 1...order where length <= end + 1 {
          occurrences[length][Array(padded[(end - length + 1)...end]), default: 0] += 1
        }
      }
    }
    for length in 1...order {
      var adjusted = occurrences[length]
      if length < order {
        for ngram in adjusted.keys where ngram[0] != "<s>" {
          let longer = occurrences[length + 1].keys.filter { Array($0.dropFirst()) == ngram }
          adjusted[ngram] = Double(longer.count)
        }
      }
      counts.append(adjusted)
      let threshold = length <= pruning.count ? pruning[length - 1] : pruning.last ?? 0
      isPruned.append(occurrences[length].mapValues { $0 <= Double(threshold) })
      let n = (0...4).map { count in Double(adjusted.values.count { $0 == Double(count) }) }
      discounts.append(Self.discounts(n))
    }
  }

  /// Chen and Goodman 1998, equation 26; 0.5, 1 and 1.5 where that is no discount.
  private static func discounts(_ n: [Double]) -> [Double] {
    let y = n[1] / (n[1] + 2 * n[2])
    let formula = [
      0, 1 - 2 * y * n[2] / n[1], 2 - 3 * y * n[3] / n[2], 3 - 4 * y * n[4] / n[3],
    ]
    let isUsable =
      n[1...4].allSatisfy { $0 > 0 }
      && (1...3).allSatisfy { formula[$0] > 0 && formula[$0] <= Double($0) }
    return isUsable ? formula : [0, 0.5, 1, 1.5]
  }

  /// The probability of a word after others, of which the last order - 1 count.
  func probability(of word: String, after history: [String]) -> Double {
    probability(of: word, in: Array(history.suffix(order - 1)))
  }

  private func probability(of word: String, in context: [String]) -> Double {
    let length = context.count + 1
    let shorter =
      context.isEmpty
      ? 1 / Double(words.count) : probability(of: word, in: Array(context.dropFirst()))
    let followers = counts[length - 1].filter { $0.key.dropLast() == context[...] }
    let sum = followers.values.reduce(0, +)
    guard sum > 0 else { return shorter }
    func discount(_ count: Double) -> Double { discounts[length - 1][Int(min(count, 3))] }
    var free = 0.0
    for (ngram, count) in followers {
      free += isPruned[length - 1][ngram] == true ? count : discount(count)
    }
    let ngram = context + [word]
    let count = isPruned[length - 1][ngram] == true ? 0 : followers[ngram] ?? 0
    return max(count - discount(count), 0) / sum + free / sum * shorter
  }
}
