import StapesCorpus
import StapesLayouts
import StapesScanning
import StapesText
import Testing

/// Files of labels beside the sound, as programs write them.
@Suite struct LabelFileTests {
  /// The clips of one sound of ten seconds with a file of labels: start, end, speaker and text of
  /// each; and what was skipped.
  private func read(
    _ name: String, _ bytes: [UInt8]
  ) throws -> (clips: [String], skipped: [SkipReason]) {
    try Tree.with { tree in
      try tree.sound("a.wav", seconds: 10)
      try tree.sound("b.wav")
      try tree.write(name, bytes: bytes)
      try tree.write("b.txt", "b")
      let corpus = try tree.corpus()
      let clips = corpus.clips.filter { $0.path.hasSuffix("a.wav") }.map { clip in
        let end = ((clip.offset + clip.duration) * 1000).rounded() / 1000
        return "\(clip.offset) \(end) \(clip.speaker ?? "-") \(clip.text)"
      }
      return (clips, corpus.skipped.map(\.reason))
    }
  }

  private func read(
    _ name: String, _ text: String
  ) throws -> (clips: [String], skipped: [SkipReason]) {
    try read(name, Array(text.utf8))
  }

  private static func longTextGrid(_ tiers: [(name: String, intervals: [(Double, Double, String)])])
    -> String
  {
    var text = """
      File type = "ooTextFile"
      Object class = "TextGrid"

      xmin = 0 
      xmax = 10 
      tiers? <exists> 
      size = \(tiers.count + 1) 
      item []: 
          item [1]:
              class = "TextTier" 
              name = "text" 
              xmin = 0 
              xmax = 10 
              points: size = 1 
              points [1]:
                  number = 1.5 
                  mark = "a click" 

      """
    for (index, tier) in tiers.enumerated() {
      text += """
            item [\(index + 2)]:
                class = "IntervalTier" 
                name = "\(tier.name)" 
                xmin = 0 
                xmax = 10 
                intervals: size = \(tier.intervals.count) 

        """
      for (number, interval) in tier.intervals.enumerated() {
        text += """
                  intervals [\(number + 1)]:
                      xmin = \(interval.0) 
                      xmax = \(interval.1) 
                      text = "\(interval.2)" 

          """
      }
    }
    return text
  }

  private static let quoted = longTextGrid([
    ("notes", [(0, 10, "recorded at home")]),
    ("sentences", [(0, 1, ""), (1, 2.5, "say \"\"yes\"\" [2]: 3 ! = 4"), (2.5, 10, "  ")]),
  ])

  @Test(arguments: ["a.TextGrid", "a.textgrid"])
  func `the long form with quotes, points and other tiers`(name: String) throws {
    let read = try read(name, Self.quoted)
    #expect(read.clips == ["1.0 2.5 - say \"yes\" [2]: 3 ! = 4"])
    #expect(read.skipped.isEmpty)
  }

  @Test(arguments: [true, false])
  func `a TextGrid in UTF-16`(isLittleEndian: Bool) throws {
    let units = Array("\u{FEFF}\(Self.quoted.replacing("yes", with: "café"))".utf16)
    let bytes = units.flatMap { unit in
      let pair = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
      return isLittleEndian ? pair : pair.reversed()
    }
    #expect(try read("a.TextGrid", bytes).clips == ["1.0 2.5 - say \"café\" [2]: 3 ! = 4"])
  }

  @Test func `words of an aligner are joined up to the next pause`() throws {
    let words = [
      (0.0, 0.5, ""), (0.5, 1, "go"), (1, 1.5, "left"), (1.5, 2, "sp"), (2, 2.5, "stop"),
      (2.5, 2.55, ""), (2.55, 3, "now"), (3, 10, "sil"),
    ]
    let phones = [(0.5, 0.75, "G"), (0.75, 1, "OW1")]
    let read = try read(
      "a.TextGrid", Self.longTextGrid([("words", words), ("phones", phones)]))
    #expect(read.clips == ["0.5 1.5 - go left", "2.0 2.5 - stop", "2.55 3.0 - now"])
  }

  @Test func `a tier for each speaker, with an aligner's names or their own`() throws {
    let (one, two) = ([(0.0, 1.0, "yes")], [(1.0, 2.0, "no")])
    for suffix in [" - words", ""] {
      let tiers = [("anna" + suffix, one), ("anna - phones", one), ("ben" + suffix, two)]
      #expect(
        try read("a.TextGrid", Self.longTextGrid(tiers)).clips == [
          "0.0 1.0 anna yes", "1.0 2.0 ben no",
        ])
    }
  }

  @Test func `tiers that label the same stretches are not guessed between`() throws {
    let tiers = [("first", [(0.0, 1.0, "yes")]), ("second", [(0.0, 1.0, "oui")])]
    #expect(
      try read("a.TextGrid", Self.longTextGrid(tiers)).skipped == [
        .malformedLine(number: 1, fault: .severalTiers(["first", "second"]))
      ])
  }

  @Test func `a TextGrid that is cut short is read as far as it goes`() throws {
    let whole = Self.longTextGrid([
      ("text", [(0, 1, "yes")]), ("notes", [(0, 1, "one"), (1, 2, "two")]),
    ])
    let cut = try #require(whole.firstRange(of: "text = \"two"))
    let read = try read("a.TextGrid", String(whole[..<cut.lowerBound]))
    #expect(read.clips == ["0.0 1.0 - yes"])
    #expect(read.skipped.count == 1)
  }

  private static func elan(_ tiers: String) -> String {
    """
    <?xml version="1.0" encoding="UTF-8"?>
    <!-- written by hand > -->
    <ANNOTATION_DOCUMENT AUTHOR='x > y'><HEADER MEDIA_FILE=""/>
    <TIME_ORDER>
      <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="500"/><TIME_SLOT TIME_SLOT_ID="ts2"/>
      <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2000"/>
    </TIME_ORDER>
    \(tiers)
    </ANNOTATION_DOCUMENT>
    """
  }

  private static func aligned(_ id: String, _ text: String, to end: String = "ts3") -> String {
    "<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID=\"\(id)\" TIME_SLOT_REF1=\"ts1\" "
      + "TIME_SLOT_REF2=\"\(end)\"><ANNOTATION_VALUE>\(text)</ANNOTATION_VALUE>"
      + "</ALIGNABLE_ANNOTATION></ANNOTATION>"
  }

  /// An annotation that refers to itself.
  private static let circle = referring(to: "c", "circle").replacing("\"rc\"", with: "\"c\"")

  private static func referring(to id: String, _ text: String) -> String {
    "<ANNOTATION><REF_ANNOTATION ANNOTATION_ID=\"r\(id)\" ANNOTATION_REF=\"\(id)\">"
      + "<ANNOTATION_VALUE>\(text)</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>"
  }

  @Test func `ELAN tiers that hang on others divide or explain them`() throws {
    let tiers =
      "<TIER TIER_ID=\"A\">\(Self.aligned("a1", "l&#39;eau &lt;froide&gt;"))</TIER>"
      + "<TIER TIER_ID=\"english\" PARENT_REF=\"A\">\(Self.referring(to: "a1", "water"))</TIER>"
    #expect(try read("a.eaf", Self.elan(tiers)).clips == ["0.5 2.0 - l'eau <froide>"])
  }

  @Test func `ELAN texts on empty tiers, and annotations without a time`() throws {
    let tiers =
      "<TIER TIER_ID=\"ref\">\(Self.aligned("a1", ""))</TIER>"
      + "<TIER TIER_ID=\"tx@anna\" PARENT_REF=\"ref\" PARTICIPANT=\"anna\">"
      + "\(Self.referring(to: "a1", "<![CDATA[a < b]]>"))\(Self.circle)"
      + "\(Self.aligned("a2", "no end", to: "ts2"))</TIER>"
    #expect(try read("a.eaf", Self.elan(tiers)).clips.first == "0.5 2.0 anna a < b")
  }

  @Test func `SubRip with a mark, CR LF, tags and several lines`() throws {
    let text =
      "\u{FEFF}1\r\n00:00:00,100 --> 00:00:00,900\r\n<font color=\"#fff\">{\\an8}Open</font>\r\n"
      + "the <b>door</b>.\r\n\r\n2\r\n00:00:01,000 --> 00:00:02,000\r\n- Yes?\r\n- Five < 6 &amp; 7.\r\n"
      + "3\r\n0:00:03.5 --> 0:00:04.25\r\n9\r\n\r\n4\r\n00:00:05,000 --> 00:00:05,000\r\nnever\r\n\r\n"
    let read = try read("a.srt", text)
    #expect(
      read.clips == [
        "0.1 0.9 - Open the door.", "1.0 2.0 - Yes? Five < 6 & 7.", "3.5 4.25 - 9",
      ])
    #expect(read.skipped == [.malformedLine(number: 15, fault: .times(start: 5, end: 5))])
  }

  @Test func `brackets that nothing closes are text, however many there are`() throws {
    let brackets = String(repeating: "<", count: 100_000)
    let read = try read("a.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\n\(brackets) x\n")
    #expect(read.clips == ["1.0 2.0 - \(brackets) x"])
  }

  @Test func `WebVTT with notes, styles, settings and times without hours`() throws {
    let text = """
      WEBVTT - a title

      STYLE
      ::cue { color: white }

      NOTE
      nobody says this

      intro
      00:00.500 --> 00:01.500 align:start position:0%
      <v.loud Anna B>Hello, <c.red>you</c> <00:01.000>there</v>

      100:00:00.000 --> 100:00:01.000
      far away
      """
    let read = try read("a.vtt", text)
    #expect(read.clips == ["0.5 1.5 Anna B Hello, you there"])
    #expect(
      read.skipped == [.outsideAudio(start: 360000, end: 360001, fileSeconds: 10)])
  }

  @Test func `Audacity labels with frequencies, points, and commas for decimals`() throws {
    let read = try read(
      "a.txt",
      "0.1\t0.8\tyes\n\\\t200.0\t3000.0\n1,5\t2,25\tno thanks\n3.0\t3.0\tclick\n4.0\t5.0\t\n")
    #expect(read.clips == ["0.1 0.8 - yes", "1.5 2.25 - no thanks"])
    #expect(
      Set(read.skipped) == [.malformedLine(number: 4, fault: .times(start: 3, end: 3)), .emptyText])
  }

  @Test func `numbers that begin a text are no times`() throws {
    #expect(try read("a.txt", "10 20 thirty").clips == ["0.0 10.0 - 10 20 thirty"])
    #expect(try read("a.txt", "3.5 percent").clips == ["0.0 10.0 - 3.5 percent"])
  }

  @Test func `words of HTK, and phones of TIMIT beside its words`() throws {
    #expect(
      try read("a.lab", "0 5000000 sil\n5000000 9000000 go\n9000000 14000000 left -12.5\n").clips
        == ["0.5 1.4 - go left"])
    try Tree.with { tree in
      try tree.sound("S/SA1.WAV")
      try tree.write("S/SA1.WRD", "0 800 she\n800 1600 had\n")
      try tree.write("S/SA1.PHN", "0 400 sh\n")
      #expect(try tree.corpus().clips.map(\.text) == ["she had"])
      try tree.write("S/SA1.TXT", "0 4000 She had.\n")
      #expect(try tree.corpus().clips.map(\.text) == ["She had."])
      #expect(try tree.corpus().layout == .timit)
    }
  }

  @Test(arguments: [
    ("talk.wav", "talk.en.vtt"), ("talk.mp3", "talk.pt-BR.vtt"), ("talk.wav", "Label Track.txt"),
    ("talk.wav", "talk.wav.vtt"),
  ])
  func `names with a language, and the only labels of the only sound`(
    sound: String, labels: String
  ) throws {
    try Tree.with { tree in
      try tree.sound(sound, seconds: 2)
      let isSubtitles = labels.hasSuffix("vtt")
      try tree.write(
        labels, isSubtitles ? "WEBVTT\n\n00:00.500 --> 00:01.000\nyes\n" : "0.5\t1.0\tyes\n")
      try tree.write("README.txt", "about")
      let clips = try tree.corpus().clips
      #expect(clips.map(\.text) == ["yes"])
      #expect(clips.map(\.offset) == [0.5])
    }
  }
}
