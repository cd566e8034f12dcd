import StapesLabelling
import Testing

@Suite struct SentenceListTests {
  private let list = SentenceList("the cat\n\n 12 \nthe cat sat\r\na zebra\n")

  @Test func linesWithLettersAreSentences() {
    #expect(list.sentences == ["the cat", "the cat sat", "a zebra"])
  }

  @Test func whatIsMissingComesFirst() {
    #expect(list.next(after: ["The cat!", "the cat naps"]) == 2)
    #expect(list.next(after: ["a zebra"]) == 0)
    // All are as good; the first is taken.
    #expect(list.next(after: []) == 0)
  }

  @Test func whatIsReadOrSkippedDoesNotComeAgain() {
    #expect(list.next(after: ["the cat", "The cat sat."]) == 2)
    #expect(list.next(after: ["the cat"], skipping: [1]) == 2)
    #expect(list.next(after: list.sentences) == nil)
    #expect(list.next(after: [], skipping: [0, 1, 2, 7]) == nil)
  }
}
