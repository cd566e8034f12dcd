/// How often something was read where something was said: a character, or the class of a clip.
public struct Confusion: Codable, Sendable, Equatable {
  /// What was said; nil for what should not be there.
  public let said: String?
  /// What was read; nil for what was left out.
  public let heard: String?
  /// How often.
  public let count: Int
}

/// Counts what was read for what.
public struct ConfusionTally: Sendable {
  private struct Pair: Hashable {
    let said: String?
    let heard: String?
  }

  private var counts: [Pair: Int] = [:]

  /// Starts without a count.
  public init() {}

  /// Counts one thing that was said, and what was read for it.
  public mutating func add(said: String?, heard: String?) {
    counts[Pair(said: said, heard: heard), default: 0] += 1
  }

  /// Counts the characters of a text, aligned with those that were read with the fewest edits.
  public mutating func add(reference: String, hypothesis: String) {
    guard reference != hypothesis else {
      for character in reference { add(said: String(character), heard: String(character)) }
      return
    }
    for pair in EditAlignment(reference: Array(reference), hypothesis: Array(hypothesis)).pairs {
      add(said: pair.reference.map { String($0) }, heard: pair.hypothesis.map { String($0) })
    }
  }

  /// What was counted, the most frequent first, of equals in the order of what was said, then read;
  /// right ones among them.
  public var confusions: [Confusion] {
    counts.map { Confusion(said: $0.said, heard: $0.heard, count: $1) }.sorted {
      ($1.count, $0.said ?? "", $0.heard ?? "") < ($0.count, $1.said ?? "", $1.heard ?? "")
    }
  }
}
