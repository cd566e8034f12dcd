/// Which element of a hypothesis stands for which element of a reference, with the edits that
/// `EditCounts` counts.
public struct EditAlignment<Element: Hashable & Sendable>: Sendable, Equatable {
  /// A reference element and what stands in its place.
  public struct Pair: Sendable, Equatable {
    /// The element that should be there; nil for an insertion.
    public let reference: Element?
    /// The element that is there; nil for a deletion.
    public let hypothesis: Element?

    /// Whether the two are the same.
    public var isMatch: Bool { reference == hypothesis }
  }

  /// The pairs in order: all reference and all hypothesis elements, each once.
  public let pairs: [Pair]
  /// The counts of edits.
  public let counts: EditCounts

  /// Reference elements with another element in their place.
  public var substitutions: Int { counts.substitutions }
  /// Elements that should not be there.
  public var insertions: Int { counts.insertions }
  /// Reference elements with nothing in their place.
  public var deletions: Int { counts.deletions }

  /// For each element of the hypothesis, in order, whether it is right.
  public var rightness: [Bool] {
    pairs.filter { $0.hypothesis != nil }.map(\.isMatch)
  }

  /// Aligns two sequences, in memory for all products of their elements.
  ///
  /// Among equally good alignments the edits stand as late as they can, and a deletion stands
  /// before an insertion.
  public init(reference: [Element], hypothesis: [Element]) {
    let (numbers, others) = numbered(reference, hypothesis)
    var rows = [EditCost.firstRow(length: others.count)]
    rows.reserveCapacity(numbers.count + 1)
    for number in numbers {
      rows.append(rows[rows.count - 1])
      EditCost.advance(&rows[rows.count - 1], past: number, hypothesis: others)
    }
    var pairs: [Pair] = []
    var (row, column) = (numbers.count, others.count)
    while row > 0 || column > 0 {
      let cost = rows[row][column]
      if column > 0, cost == rows[row][column - 1] + .gap {
        column -= 1
        pairs.append(Pair(reference: nil, hypothesis: hypothesis[column]))
      } else if row > 0, cost == rows[row - 1][column] + .gap {
        row -= 1
        pairs.append(Pair(reference: reference[row], hypothesis: nil))
      } else {
        (row, column) = (row - 1, column - 1)
        pairs.append(Pair(reference: reference[row], hypothesis: hypothesis[column]))
      }
    }
    self.pairs = pairs.reversed()
    counts = EditCounts(
      referenceLength: reference.count, hypothesisLength: hypothesis.count,
      cost: rows[numbers.count][others.count])
  }
}
