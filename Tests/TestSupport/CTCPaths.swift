/// All sequences of a length over the numbers 0 ..< `symbolCount`, in ascending order.
public func allSequences(ofLength length: Int, symbolCount: Int) -> [[Int]] {
  guard length > 0 else { return [[]] }
  return allSequences(ofLength: length - 1, symbolCount: symbolCount).flatMap { head in
    (0..<symbolCount).map { head + [$0] }
  }
}

/// The labels that CTC reads from one class a frame: repeats are merged, then blanks (0) dropped.
public func collapsed(_ path: [Int]) -> [Int] {
  path.indices.filter { path[$0] != 0 && ($0 == 0 || path[$0] != path[$0 - 1]) }.map { path[$0] }
}
