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
}
