import StapesFiles
import Testing

@Suite struct ByteNameTests {
  /// The same word to Unicode, typed in two ways.
  let composed = "caf\u{E9}"
  let decomposed = "cafe\u{301}"

  @Test func `names are told apart by their bytes`() {
    #expect(composed == decomposed, "otherwise there is nothing to test")
    #expect(composed.byteName != decomposed.byteName)
    #expect(Set([composed, decomposed, composed].map(\.byteName)).count == 2)
    // 0x65 of the bare e comes before 0xC3.
    #expect([composed, decomposed].map(\.byteName).sorted().map(\.bytes.count) == [6, 5])
    #expect(decomposed.byteName.string.utf8.elementsEqual(decomposed.utf8))
  }

  @Test func `a table finds the very name first, and an equal one only where it is nobody else's`()
  {
    let both = NameTable([(composed, 1), (decomposed, 2)], askedFor: [composed, decomposed])
    #expect(both[composed] == 1 && both[decomposed] == 2)
    let one = NameTable([(composed, 1)], askedFor: [decomposed])
    #expect(one[decomposed] == 1 && one["cafe"] == nil)
    let taken = NameTable([(composed, 1)], askedFor: [composed, decomposed])
    #expect(taken[composed] == 1 && taken[decomposed] == nil)
    // Of values with one name the first counts.
    #expect(NameTable([("a", 1), ("a", 2)], askedFor: ["a"])["a"] == 1)
  }
}
