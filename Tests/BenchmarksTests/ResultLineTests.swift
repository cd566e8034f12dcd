import Benchmarks
import Testing

@Suite struct ResultLineTests {
  /// Ours and two peers over three rounds; the middle round is disturbed.
  private static let rounds = [
    (
      own: [Measurement(value: 2, unit: "ms")],
      peers: [PeerTime(peer: "a-1", milliseconds: 3), PeerTime(peer: "b-1", milliseconds: 6)]
    ),
    (
      own: [Measurement(value: 10, unit: "ms")],
      peers: [PeerTime(peer: "a-1", milliseconds: 40), PeerTime(peer: "b-1", milliseconds: 10)]
    ),
    (
      own: [Measurement(value: 4, unit: "ms")],
      peers: [PeerTime(peer: "a-1", milliseconds: 5), PeerTime(peer: "b-1", milliseconds: 8)]
    ),
  ]

  private func lines(_ rounds: [(own: [Measurement], peers: [PeerTime])]) -> [ResultLine] {
    ResultLine.lines(work: "ctc", case: "t4", threads: 1, rounds: rounds)
  }

  @Test func aLineForEachPeerHoldsTheMediansAndTheMedianOfTheRatios() throws {
    let lines = lines(Self.rounds)
    #expect(
      try lines.map(jsonLine) == [
        #"{"case":"t4","peer":"a-1","peer_ms":5,"ratio":1.5,"#
          + #""stapes_ms":4,"threads":1,"work":"ctc"}"#,
        #"{"case":"t4","peer":"b-1","peer_ms":8,"ratio":2,"#
          + #""stapes_ms":4,"threads":1,"work":"ctc"}"#,
      ])
    let row = lines[0].tableRow.split(separator: " ")
    #expect(row == ["ctc", "t4", "1", "4.00", "ms", "a-1", "5.00", "ms", "1.50"])
  }

  @Test func aFigureIsComparedOnlyWithThePeerThatItIsMadeFor() {
    let rounds = Self.rounds.map { round in
      (own: [Measurement(peer: "b", value: round.own[0].value, unit: "ms")], peers: round.peers)
    }
    #expect(lines(rounds).map(\.peer) == ["b-1"])
  }

  @Test func withoutPeersTheProjectsTimeStandsAlone() throws {
    let lines = lines(Self.rounds.map { ($0.own, []) })
    #expect(
      try lines.map(jsonLine) == [#"{"case":"t4","stapes_ms":4,"threads":1,"work":"ctc"}"#])
  }

  @Test func otherQuantitiesHaveAValueAndAUnit() throws {
    let memory = Measurement(quantity: "peak memory", value: 0.04161821171, unit: "MB")
    let lines = lines([(own: [memory], peers: [])])
    #expect(
      try lines.map(jsonLine) == [
        #"{"case":"t4","quantity":"peak memory","threads":1,"#
          + #""unit":"MB","value":0.041618,"work":"ctc"}"#
      ])
    #expect(lines[0].tableRow.hasSuffix("0.0416 MB  peak memory"))
  }

  @Test(arguments: [([3], 3), ([4, 1], 2.5), ([9, 1, 2], 2)] as [([Double], Double)])
  func theMedianIsInTheMiddle(values: [Double], expected: Double) {
    #expect(median(values) == expected)
  }
}
