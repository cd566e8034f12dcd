/// How many edits turn a reference into a hypothesis.
///
/// The edits are substitutions, insertions and deletions of single elements, as few as possible
/// (Levenshtein, 1966), and among the ways with as few edits one with the fewest substitutions, so
/// the most elements right. That makes every count unique.
public struct EditCounts: Codable, Sendable, Equatable {
  /// The number of elements that should be there.
  public private(set) var referenceLength: Int
  /// The number of elements that are there.
  public private(set) var hypothesisLength: Int
  /// Reference elements with another element in their place.
  public private(set) var substitutions: Int
  /// Elements that should not be there.
  public private(set) var insertions: Int
  /// Reference elements with nothing in their place.
  public private(set) var deletions: Int

  /// All edits together.
  public var errors: Int { substitutions + insertions + deletions }
  /// Reference elements that are right.
  public var matches: Int { referenceLength - substitutions - deletions }
  /// Errors for each reference element.
  ///
  /// A single element is assumed where there is none, so that every insertion still counts and the
  /// rate stays finite.
  public var rate: Double { Double(errors) / Double(max(referenceLength, 1)) }

  /// The counts of no text at all.
  public init() {
    self.init(referenceLength: 0, hypothesisLength: 0, cost: EditCost())
  }

  init(referenceLength: Int, hypothesisLength: Int, cost: EditCost) {
    self.referenceLength = referenceLength
    self.hypothesisLength = hypothesisLength
    substitutions = cost.substitutions
    // Insertions and deletions are the other edits, and differ by how much the lengths differ.
    let others = cost.edits - cost.substitutions
    insertions = (others - referenceLength + hypothesisLength) / 2
    deletions = (others + referenceLength - hypothesisLength) / 2
  }

  /// Compares two sequences, in memory for one row of the table.
  public init<Element: Hashable>(
    reference: some Sequence<Element>, hypothesis: some Sequence<Element>
  ) {
    let (reference, hypothesis) = numbered(reference, hypothesis)
    var row = EditCost.firstRow(length: hypothesis.count)
    for element in reference {
      EditCost.advance(&row, past: element, hypothesis: hypothesis)
    }
    self.init(
      referenceLength: reference.count, hypothesisLength: hypothesis.count,
      cost: row[hypothesis.count])
  }

  /// Adds the counts of another pair.
  public static func += (sum: inout EditCounts, other: EditCounts) {
    sum.referenceLength += other.referenceLength
    sum.hypothesisLength += other.hypothesisLength
    sum.substitutions += other.substitutions
    sum.insertions += other.insertions
    sum.deletions += other.deletions
  }
}

/// Edits first, then substitutions among them, as one number to compare and add.
struct EditCost: Comparable {
  private var packed = 0

  static let gap = EditCost(packed: 1 << 32)
  static let substitution = EditCost(packed: 1 << 32 | 1)

  var edits: Int { packed >> 32 }
  var substitutions: Int { packed & 0xFFFF_FFFF }

  init() {}

  private init(packed: Int) { self.packed = packed }

  static func < (a: EditCost, b: EditCost) -> Bool { a.packed < b.packed }

  static func + (a: EditCost, b: EditCost) -> EditCost { EditCost(packed: a.packed + b.packed) }

  /// The costs of turning no reference into each beginning of a hypothesis.
  static func firstRow(length: Int) -> [EditCost] {
    (0...length).map { EditCost(packed: $0 << 32) }
  }

  /// Turns the costs for a reference's beginning into those with one more element.
  static func advance(_ row: inout [EditCost], past element: Int, hypothesis: [Int]) {
    var diagonal = row[0]
    row[0] = row[0] + gap
    for (column, other) in hypothesis.enumerated() {
      let above = row[column + 1]
      let straight = element == other ? diagonal : diagonal + substitution
      row[column + 1] = min(straight, min(above, row[column]) + gap)
      diagonal = above
    }
  }
}

/// Two sequences with a number for each different element, since numbers compare much faster.
func numbered<Element: Hashable>(
  _ first: some Sequence<Element>, _ second: some Sequence<Element>
) -> ([Int], [Int]) {
  var numbers: [Element: Int] = [:]
  func number(_ element: Element) -> Int {
    if let known = numbers[element] { return known }
    numbers[element] = numbers.count
    return numbers.count - 1
  }
  return (first.map(number), second.map(number))
}
