import StapesScoring
import Testing

@Suite struct ConfusionTallyTests {
  private func counted(_ pairs: [(String, String)]) -> [String] {
    var tally = ConfusionTally()
    for (reference, hypothesis) in pairs { tally.add(reference: reference, hypothesis: hypothesis) }
    return tally.confusions.map { "\($0.said ?? "-")\($0.heard ?? "-")\($0.count)" }
  }

  @Test func everyCharacterThatWasSaidOrReadCountsOnce() {
    let pairs = [("seven", "sefen"), ("seven", "seven"), ("a", "aab"), ("one", "ne"), ("", "")]
    #expect(
      counted(pairs) == ["ee5", "nn3", "ss2", "-a1", "-b1", "aa1", "o-1", "vf1", "vv1"])
  }

  @Test func thePairsAreThoseOfTheEditCounts() {
    let (reference, hypothesis) = ("the quick brown fox", "a quack brow foxes")
    var tally = ConfusionTally()
    tally.add(reference: reference, hypothesis: hypothesis)
    let edits = EditCounts(reference: reference, hypothesis: hypothesis)
    func count(_ isWanted: (Confusion) -> Bool) -> Int {
      tally.confusions.filter(isWanted).reduce(0) { $0 + $1.count }
    }
    #expect(count { $0.said == nil } == edits.insertions)
    #expect(count { $0.heard == nil } == edits.deletions)
    #expect(count { $0.said == $0.heard } == edits.matches)
    #expect(count { _ in true } == edits.referenceLength + edits.insertions)
  }
}
