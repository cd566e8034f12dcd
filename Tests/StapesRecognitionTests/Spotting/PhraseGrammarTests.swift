import StapesFiles
import StapesRecognition
import StapesSpotting
import TestSupport
import Testing

@Suite struct PhraseGrammarTests {
  private func phrases(_ grammar: String) throws -> [SpottingPhrases.Phrase] {
    try withTemporaryFolder { folder in
      let path = "\(folder)/grammar.txt"
      try FileSystem.write(grammar, to: path)
      return try SpottingPhrases(grammar: path).phrases
    }
  }

  @Test func `alternatives, options and slots give all phrases, each with its slots`() throws {
    let found = try phrases(
      """
      # Commands of a house
      turn (on|off) the {room}  // two times three phrases
      {floor}= lower
      {room} = kitchen | living room | {floor} hall
      """)
    #expect(
      found
        == ["on", "off"].flatMap { state in
          [
            .init(text: "turn \(state) the kitchen", slots: ["room": "kitchen"]),
            .init(text: "turn \(state) the living room", slots: ["room": "living room"]),
            .init(
              text: "turn \(state) the lower hall", slots: ["room": "lower hall", "floor": "lower"]),
          ]
        })
    #expect(
      try phrases("stop [it [now]]\ngo | (stop)").map(\.text)
        == ["stop it now", "stop it", "stop", "go"])
  }

  @Test(arguments: [
    ("turn (on | off", 1, 6, "not closed"), ("\nstop ]", 2, 6, "without its opening"),
    ("go {room", 1, 4, "not closed"), ("ok\ngo to {room}", 2, 7, "not defined above"),
    ("go | | stop", 1, 6, "empty"), ("a = b", 1, 3, "not expected"),
    ("{a} = b\n{a} = c\n{a}", 2, 1, "twice"), ("{a b} = c", 1, 1, "no name"),
    ("{a} =", 1, 6, "no value"),
    (
      "{d} = 0|1|2|3|4|5|6|7|8|9\n{d} {d} {d} {d}", 2, 1, "more than 2000 phrases"
    ),
  ])
  func `errors name the line and the column`(
    grammar: String, line: Int, column: Int, fault: String
  ) throws {
    let error = try #require(throws: SpottingError.self) { try phrases(grammar) }
    guard case .grammar(_, line, column, let text) = error else {
      Issue.record("\(error)")
      return
    }
    #expect(text.contains(fault))
  }

  @Test func `a grammar without phrases is refused`() {
    let error = #expect(throws: SpottingError.self) { try phrases("# nothing\n\n{a} = b") }
    guard case .recognition(.noPhrases)? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }
}
