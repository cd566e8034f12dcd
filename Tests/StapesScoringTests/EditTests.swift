import StapesScoring
import Testing

/// Turns a reference into a hypothesis in every way there is, and finds the fewest edits and among
/// those the fewest substitutions.
private func fewestEdits(
  _ reference: ArraySlice<Character>, _ hypothesis: ArraySlice<Character>
) -> (edits: Int, substitutions: Int) {
  guard let first = reference.first else { return (hypothesis.count, 0) }
  guard let other = hypothesis.first else { return (reference.count, 0) }
  let isSame = first == other
  var straight = fewestEdits(reference.dropFirst(), hypothesis.dropFirst())
  straight = (straight.0 + (isSame ? 0 : 1), straight.1 + (isSame ? 0 : 1))
  var deletion = fewestEdits(reference.dropFirst(), hypothesis)
  deletion.edits += 1
  var insertion = fewestEdits(reference, hypothesis.dropFirst())
  insertion.edits += 1
  return [straight, deletion, insertion].min(by: <) ?? straight
}

/// All texts of at most a length over an alphabet.
private func texts(over alphabet: String, upTo length: Int) -> [String] {
  guard length > 0 else { return [""] }
  let shorter = texts(over: alphabet, upTo: length - 1)
  return [""] + alphabet.flatMap { letter in shorter.map { String(letter) + $0 } }
}

@Suite struct EditTests {
  @Test(arguments: [("ab", 5), ("abc", 3)])
  func countsAreThoseOfAllAlignmentsTried(alphabet: String, length: Int) {
    let texts = texts(over: alphabet, upTo: length)
    for reference in texts {
      for hypothesis in texts {
        let fewest = fewestEdits(Array(reference)[...], Array(hypothesis)[...])
        let counts = EditCounts(reference: reference, hypothesis: hypothesis)
        #expect(counts.errors == fewest.edits, "\(reference) \(hypothesis)")
        #expect(counts.substitutions == fewest.substitutions, "\(reference) \(hypothesis)")
        #expect(counts.deletions - counts.insertions == reference.count - hypothesis.count)
        #expect(counts.referenceLength == reference.count)
        #expect(counts.hypothesisLength == hypothesis.count)
      }
    }
  }

  @Test func alignmentsHoldEveryElementOnceWithTheCountedEdits() {
    let texts = texts(over: "ab", upTo: 4)
    for reference in texts {
      for hypothesis in texts {
        let alignment = EditAlignment(reference: Array(reference), hypothesis: Array(hypothesis))
        let pairs = alignment.pairs
        #expect(String(pairs.compactMap(\.reference)) == reference)
        #expect(String(pairs.compactMap(\.hypothesis)) == hypothesis)
        #expect(pairs.allSatisfy { $0.reference != nil || $0.hypothesis != nil })
        #expect(pairs.count { $0.hypothesis == nil } == alignment.deletions)
        #expect(pairs.count { $0.reference == nil } == alignment.insertions)
        #expect(
          pairs.count { !$0.isMatch && $0.reference != nil && $0.hypothesis != nil }
            == alignment.substitutions)
        #expect(
          alignment.counts == EditCounts(reference: reference, hypothesis: hypothesis),
          "\(reference) \(hypothesis)")
      }
    }
  }

  @Test func alignsWordsAsAReaderWould() {
    let alignment = EditAlignment(
      reference: ["the", "cat", "sat", "on", "the", "mat"],
      hypothesis: ["the", "hat", "sat", "the", "mat", "too"])
    let shown = alignment.pairs.map { "\($0.reference ?? "*")/\($0.hypothesis ?? "*")" }
    #expect(shown == ["the/the", "cat/hat", "sat/sat", "on/*", "the/the", "mat/mat", "*/too"])
    #expect(alignment.counts.matches == 4)
    #expect(alignment.counts.rate == 0.5)
  }

  @Test func manyRightElementsBeatFewerSteps() {
    // Two substitutions would be as few edits as one deletion and one insertion.
    let counts = EditCounts(reference: "ab", hypothesis: "ba")
    #expect((counts.substitutions, counts.deletions, counts.insertions) == (0, 1, 1))
  }

  @Test func longSequencesTakeMemoryForOneRow() {
    let reference = (0..<3000).map { $0 % 7 }
    let counts = EditCounts(reference: reference, hypothesis: reference.dropFirst(5) + [9])
    #expect(counts.errors == 6)
    #expect(counts.deletions - counts.insertions == 4)
  }

  @Test func aRateWithoutReferenceCountsInsertions() {
    #expect(EditCounts(reference: "", hypothesis: "ab").rate == 2)
    #expect(EditCounts(reference: "", hypothesis: "").rate == 0)
  }
}
