import StapesScoring
import Testing

@Suite struct ConfusionMatrixTests {
  @Test func pairsAreCountedByRowAndColumn() {
    let pairs = ["aa", "ab", "ab", "ba", "bb", "ca", "ac", "ad"].map { pair in
      ConfusionMatrix.Pair(
        said: String(pair.prefix(1)), heard: String(pair.suffix(1)))
    }
    let matrix = ConfusionMatrix(of: pairs, classes: ["b", "a", "e"])
    #expect(matrix.classes == ["b", "a", "e", "c", "d"])
    for (row, said) in matrix.classes.enumerated() {
      for (column, heard) in matrix.classes.enumerated() {
        let expected = pairs.count { $0.said == said && $0.heard == heard }
        #expect(matrix.counts[row][column] == expected)
      }
      #expect(matrix.saidCount(row) == pairs.count { $0.said == said })
    }
    let confusions = matrix.confusions(ofRow: 1)
    #expect(confusions.map(\.heard) == ["b", "c", "d"] && confusions.map(\.count) == [2, 1, 1])
    #expect(matrix.confusions(ofRow: 2).isEmpty)
  }

  @Test func aClassIsOneWordRightOrWrong() {
    var tally = ErrorTally()
    for isRight in [true, true, false, true] { tally.add(ErrorTally.Utterance(isRight: isRight)) }
    var random = SystemRandomNumberGenerator()
    let rates = tally.rates(using: &random)
    #expect(rates.exact.value == 0.75 && rates.cer.value == 0.25 && rates.wer.value == 0.25)
  }
}
