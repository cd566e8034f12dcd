import StapesDecoding
import StapesKernels
import TestSupport
import Testing

@Suite struct BeamDecoderTests {
  private func expectEqual(
    _ found: [Hypothesis], _ expected: [Hypothesis],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(found.map(\.labels) == expected.map(\.labels), sourceLocation: sourceLocation)
    for (a, b) in zip(found, expected) {
      #expect(
        abs(a.logProbability - b.logProbability) < 1e-10 * max(1, -b.logProbability),
        sourceLocation: sourceLocation)
    }
  }

  @Test(arguments: [(1, 2), (2, 5), (3, 4), (4, 4), (5, 3), (6, 3), (7, 2)])
  func ranksAllLabelSequencesWithTheirExactProbability(frameCount: Int, classCount: Int) {
    var generator = SplitMix64(seed: 1, stream: UInt64(frameCount))
    for scale: Float in [0.1, 2, 10] {
      let logProbabilities = randomLogProbabilities(
        frameCount, classCount, scale: scale, using: &generator)
      let decoder = BeamDecoder(options: BeamOptions(beamWidth: 10_000))
      let found = decoder.decode(logProbabilities, hypothesisCount: 10_000)
      let expected = exhaustive(logProbabilities)
      expectEqual(found, expected)
      #expect(decoder.decode(logProbabilities, hypothesisCount: 3) == Array(found.prefix(3)))
      #expect(decoder.decode(logProbabilities) == [found[0]])
    }
  }

  /// The search finds what the definition gives, and no prefix more.
  private func expectAsByDefinition(
    _ options: BeamOptions, _ logProbabilities: Matrix,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    expectEqual(
      BeamDecoder(options: options).decode(logProbabilities, hypothesisCount: 1000),
      beamSearchByDefinition(logProbabilities, options), sourceLocation: sourceLocation)
  }

  @Test(arguments: [1, 2, 3, 7, 20])
  func keepsTheBestPrefixesOfEachFrame(beamWidth: Int) {
    var generator = SplitMix64(seed: 2, stream: UInt64(beamWidth))
    for (classCount, scale) in [(2, 1), (5, 0.5), (5, 3), (29, 2), (29, 8)] as [(Int, Float)] {
      expectAsByDefinition(
        BeamOptions(beamWidth: beamWidth),
        randomLogProbabilities(40, classCount, scale: scale, using: &generator))
    }
  }

  /// More extensions at a time than are gathered before the worst are dropped.
  @Test func dropsTheWorstOfManyClasses() {
    var generator = SplitMix64(seed: 3)
    expectAsByDefinition(
      BeamOptions(beamWidth: 6), randomLogProbabilities(8, 300, scale: 0.5, using: &generator))
  }

  @Test(arguments: [0, 0.3, 2, 6], [-3, -1.7, -0.5, nil] as [Double?])
  func leavesOutWhatIsBelowTheMarginOrTheFloor(scoreMargin: Double, classFloor: Double?) {
    var generator = SplitMix64(seed: 4)
    expectAsByDefinition(
      BeamOptions(beamWidth: 25, scoreMargin: scoreMargin, classFloor: classFloor),
      randomLogProbabilities(30, 6, scale: 2, using: &generator))
  }

  @Test(arguments: [0, 0.3, 2, 6], [1, 2, 7, 25])
  func keepsSomeBelowTheMargin(scoreMargin: Double, leastWidth: Int) {
    var generator = SplitMix64(seed: 6)
    expectAsByDefinition(
      BeamOptions(beamWidth: 25, scoreMargin: scoreMargin, leastWidth: leastWidth),
      randomLogProbabilities(30, 6, scale: 2, using: &generator))
  }

  /// Long enough that prefixes which nothing in the beam continues are cleared away.
  @Test func goesOnForManyFrames() {
    var generator = SplitMix64(seed: 5)
    expectAsByDefinition(
      BeamOptions(beamWidth: 10), randomLogProbabilities(1500, 5, scale: 1, using: &generator))
  }

  @Test func ordersTiesByLabels() {
    // Labels 1 to 3 are alike, so that sequences which differ by an exchange of them tie.
    let frame: [Float] = [-2, -1.5, -1.5, -1.5]
    let logProbabilities = Matrix(rows: [[Float]](repeating: frame, count: 4))
    let all = BeamDecoder(options: BeamOptions(beamWidth: 1000))
      .decode(logProbabilities, hypothesisCount: 1000)
    #expect(all == ranked(all))
    #expect(Set(all.map(\.logProbability)).count < all.count / 3)
    #expect(all[0].labels == [1, 2])
    let likeBlank = BeamDecoder().decode(Matrix(rows: [[-1, -1, -1]]), hypothesisCount: 9)
    #expect(likeBlank.map(\.labels) == [[], [1], [2]])
    // Where ties go beyond the width of the beam, those first in order stay in it.
    for beamWidth in 1..<40 {
      let found = BeamDecoder(options: BeamOptions(beamWidth: beamWidth))
        .decode(logProbabilities.rows(0..<2), hypothesisCount: 1000)
      #expect(found == ranked(found))
      let first = BeamDecoder(options: BeamOptions(beamWidth: beamWidth))
        .decode(logProbabilities.rows(0..<1), hypothesisCount: 1000)
      #expect(first.map(\.labels) == Array([[1], [2], [3], []].prefix(beamWidth)))
    }
  }

  @Test func isTheSameHoweverTheFramesAreDivided() {
    var generator = SplitMix64(seed: 6)
    let logProbabilities = randomLogProbabilities(20, 7, scale: 2, using: &generator)
    let options = BeamOptions(beamWidth: 15)
    let whole = BeamDecoder(options: options).decode(logProbabilities, hypothesisCount: 15)
    for chunk in [1, 3, 7, 19] {
      var search = BeamSearch(options: options)
      for start in stride(from: 0, to: 20, by: chunk) {
        search.step(logProbabilities.rows(start..<min(20, start + chunk)))
        search.step(Matrix(rowCount: 0, columnCount: 7))
      }
      #expect(search.frameCount == 20)
      #expect(search.hypotheses(count: 15) == whole)
    }
  }

  @Test func tellsTheHypothesesAtAnyTime() {
    var generator = SplitMix64(seed: 7)
    let logProbabilities = randomLogProbabilities(12, 4, scale: 2, using: &generator)
    var search = BeamSearch(options: BeamOptions(beamWidth: 9))
    for frameCount in 1...12 {
      search.step(logProbabilities.rows(frameCount - 1..<frameCount))
      let upToHere = BeamDecoder(options: search.options)
        .decode(logProbabilities.rows(0..<frameCount), hypothesisCount: 9)
      #expect(search.hypotheses(count: 9) == upToHere)
    }
  }

  @Test func addsUpWhatGreedyDecodingCannot() {
    // The most probable path is blank throughout, but label 1 has three paths.
    let logProbabilities = Matrix(rows: [[-0.6, -0.8], [-0.6, -0.8]])
    #expect(GreedyDecoder().decode(logProbabilities).labels == [])
    #expect(BeamDecoder().decode(logProbabilities).map(\.labels) == [[1]])
  }

  @Test func leavesOutWhatHasNoProbability() {
    let impossible = -Float.infinity
    let logProbabilities = Matrix(rows: [
      [impossible, -0.5, -1, .nan], [-0.5, impossible, -1, .infinity],
    ])
    let found = BeamDecoder().decode(logProbabilities, hypothesisCount: 100)
    #expect(found.map(\.labels) == [[1], [2], [1, 2]])
    #expect(found[0].logProbability == -1)
    #expect(found[2].logProbability == -1.5)
    let nothing = Matrix(rows: [[-1, -1], [impossible, .nan], [-1, -1]])
    #expect(BeamDecoder().decode(nothing).isEmpty)
  }

  @Test func noFramesAndOnlyBlank() {
    let noFrames = Matrix(rowCount: 0, columnCount: 3)
    let empty = Hypothesis(labels: [], logProbability: 0)
    #expect(BeamDecoder().decode(noFrames, hypothesisCount: 5) == [empty])
    #expect(GreedyDecoder().decode(noFrames) == empty)
    let onlyBlank = Matrix(rowCount: 3, columnCount: 1)
    #expect(BeamDecoder().decode(onlyBlank, hypothesisCount: 5) == [empty])
    #expect(GreedyDecoder().decode(onlyBlank) == empty)
  }

  @Test func refusesOptionsOutOfRange() throws {
    let wrong: [(BeamOptions, String, Double)] = [
      (BeamOptions(beamWidth: 0), "beamWidth", 0),
      (BeamOptions(scoreMargin: -0.5), "scoreMargin", -0.5),
      (BeamOptions(beamWidth: 5, leastWidth: 6), "leastWidth", 6),
      (BeamOptions(classFloor: 0.25), "classFloor", 0.25),
    ]
    for (options, name, value) in wrong {
      #expect {
        try options.validate()
      } throws: { error in
        guard case .outOfRange(name, value, _) = error as? SearchError else { return false }
        return "\(error)".hasPrefix("\(name) is \(value); it must be ")
      }
    }
    #expect(throws: SearchError.self) { try BeamOptions(scoreMargin: .nan).validate() }
    for weights in [
      LanguageWeights(languageWeight: 1e20), LanguageWeights(languageWeight: .nan),
      LanguageWeights(wordBonus: -1e20), LanguageWeights(labelPriorWeight: 1e300),
    ] {
      #expect(throws: SearchError.self) { try weights.validate() }
    }
    try LanguageWeights(languageWeight: 1000, wordBonus: -1000, labelPriorWeight: 0).validate()
    try BeamOptions(beamWidth: 1, scoreMargin: 0, classFloor: 0).validate()
  }
}
