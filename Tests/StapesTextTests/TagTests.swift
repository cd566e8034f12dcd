import StapesText
import TestSupport
import Testing

@Suite struct TagTests {
  @Test(arguments: [
    ("[noise]", ""), ("<unk>", ""), ("<silence>", ""), ("yes (laughs)", "yes"),
    ("no {um}", "no"), ("go [inaudible]", "go"), ("[NOISE] stop {cough} it", "stop it"),
    ("<s> open the door </s>", "open the door"), ("<|en|> yes <noise/>", "yes"),
    ("one[breath]two", "one two"), ("*music* hello *laughing*", "hello"),
    ("[00:00:12.500] hello [speaking in a foreign language]", "hello"),
    ("++NOISE++ left ++um++", "left"), ("(clears throat) well", "well"),
    ("ja (lacht) und [Husten]", "ja und"), ("да (смеётся)", "да"), ("(music playing) go", "go"),
    ("((laughs)) go", "go"), ("[a [b] c] d", "d"), ("［noise］ go", "go"), ("(3 coughs) a", "a"),
    ("（笑）はい", "はい"),
  ])
  func tagsAreLeftOut(text: String, expected: String) {
    #expect(TextNormalization().normalized(text) == expected)
    #expect(TextNormalization(tags: .keep).normalized(text) != expected)
  }

  @Test(arguments: [
    ("the cat (a black one) sat", "the cat a black one sat"),
    ("press (or hold) the key", "press or hold the key"),
    ("call me (the other) day", "call me the other day"),
    ("if a < b and c > d", "if a b and c d"), ("this is *really* good", "this is really good"),
    ("c++ is c++", "c is c"), ("he said (speaking", "he said speaking"), ("[ ] { } < >", ""),
    ("2 + 2", "two two"), ("the door (a sound) closed", "the door a sound closed"),
    ("turn off (the phone)", "turn off the phone"),
  ])
  func ordinarySentencesStay(text: String, expected: String) {
    #expect(TextNormalization().normalized(text) == expected)
  }

  @Test func whatIsLeftOutIsTold() {
    var changes = TextChanges()
    for text in ["yes (laughs)", "[noise]", "<unk> no [noise]", "the cat (black) sat", "no"] {
      _ = TextNormalization().normalized(text, counting: &changes)
    }
    #expect(changes[.droppedTag].textCount == 3 && changes[.droppedTag].count == 4)
    let lines = changes.lines.map(\.description)
    #expect(
      lines.first
        == "3 texts: “(laughs)”, “[noise]”, “<unk>” are removed as tags; --tags keep keeps them as "
        + "words")
    #expect(changes.lines[0].isWarning)
    #expect(lines.contains { $0.hasPrefix("1 text: “(black)” is learned as spoken words") })
  }

  @Test(arguments: [
    ("0 14000 Yes.", true), ("0.10 0.80 yes", true), ("0.10\t0.80\tyes", true),
    ("00:12 hello", true), ("00:00:12,340 hello", true), ("1 2 buckle my shoe", false),
    ("5:30 is early", false), ("31415", false), ("7 men", false), ("10 20", false),
  ])
  func numbersInFrontAreWarnedOf(text: String, isTold: Bool) {
    var changes = TextChanges()
    _ = TextNormalization().normalized(text, counting: &changes)
    #expect((changes[.leadingNumbers].count == 1) == isTold)
  }
}
