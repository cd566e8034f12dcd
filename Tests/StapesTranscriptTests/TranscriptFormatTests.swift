import FoundationEssentials
import StapesTranscript
import StapesTranscript
import TestSupport
import Testing

@Suite struct TranscriptFormatTests {
  let transcript = Transcript(
    hypotheses: [
      Transcript.Hypothesis(
        text: "hi you", logProbability: -0.1234567, languageScore: -4, confidence: 0.4938,
        words: [
          PlantedWords.word("hi", 0.5, 0.75, confidence: 0.98765),
          PlantedWords.word("you", 1, 1.3, confidence: 0.5),
        ]),
      Transcript.Hypothesis(text: "", logProbability: -3.5, confidence: 0.25),
    ],
    seconds: 2.0004)

  func file(_ format: TranscriptFormat) -> String { format.file(of: transcript, path: "x/y z.wav") }

  @Test func `text, subtitles, time-marked words and labels are as they are defined`() {
    #expect(file(.txt) == "hi you\n\n")
    #expect(file(.srt) == "1\n00:00:00,500 --> 00:00:01,500\nhi you\n\n")
    #expect(file(.vtt) == "WEBVTT\n\n00:00:00.500 --> 00:00:01.500\nhi you\n\n")
    #expect(file(.ctm) == "y%20z 1 0.500 0.250 hi 0.988\ny%20z 1 1.000 0.300 you 0.500\n")
    #expect(file(.audacity) == "0.500\t0.750\thi\n1.000\t1.300\tyou\n")
  }

  @Test func `tables have a line for each reading`() {
    #expect(
      file(.tsv)
        == "path\tseconds\trank\tlog_probability\tlanguage_score\tconfidence\ttext\n"
        + "x/y z.wav\t2.0\t1\t-0.123\t-4.0\t0.494\thi you\n"
        + "x/y z.wav\t2.0\t2\t-3.5\t0.0\t0.25\t\n")
    #expect(
      file(.csv)
        == "path,seconds,rank,log_probability,language_score,confidence,text\r\n"
        + "x/y z.wav,2.0,1,-0.123,-4.0,0.494,hi you\r\nx/y z.wav,2.0,2,-3.5,0.0,0.25,\r\n")
  }

  @Test func `JSON lines are objects on a line, and JSON has characters too`() throws {
    #expect(
      file(.jsonl)
        == #"{"confidence":0.494,"hypotheses":[{"confidence":0.494,"languageScore":-4,"#
        + #""logProbability":-0.123,"text":"hi you"},{"confidence":0.25,"languageScore":0,"#
        + #""logProbability":-3.5,"text":""}],"path":"x/y z.wav","seconds":2,"text":"hi you","#
        + #""words":[{"confidence":0.988,"end":0.75,"start":0.5,"text":"hi"},"#
        + #"{"confidence":0.5,"end":1.3,"start":1,"text":"you"}]}"# + "\n")
    struct Character: Decodable, Equatable {
      let text: String
      let start, end: Double
    }
    struct Word: Decodable { let characters: [Character] }
    struct Record: Decodable { let words: [Word] }
    let text = file(.json)
    #expect(
      text.split("\n")[..<5] == [
        "{", #"  "path": "x/y z.wav","#, #"  "seconds": 2,"#, #"  "text": "hi you","#,
        #"  "confidence": 0.494,"#,
      ])
    // A line for each part, word and reading, the brackets and the end.
    #expect(text.split("\n").count == 15)
    let record = try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    #expect(
      record.words[0].characters == [
        Character(text: "h", start: 0.5, end: 0.625), Character(text: "i", start: 0.625, end: 0.75),
      ])
  }

  @Test func `a text grid covers the clip on both tiers`() throws {
    let tiers = try #require(FormatReaders.textGrid(file(.textgrid)))
    typealias Interval = FormatReaders.Interval
    #expect(
      tiers["words"] == [
        Interval(start: 0, end: 0.5, text: ""), Interval(start: 0.5, end: 0.75, text: "hi"),
        Interval(start: 0.75, end: 1, text: ""), Interval(start: 1, end: 1.3, text: "you"),
        Interval(start: 1.3, end: 2, text: ""),
      ])
    #expect(tiers["characters"]?.map(\.text).joined(separator: "|") == "|h|i||y|o|u|")
    #expect(
      file(.textgrid).hasPrefix(
        """
        File type = "ooTextFile"
        Object class = "TextGrid"

        xmin = 0.000
        xmax = 2.000
        tiers? <exists>
        size = 2
        item []:
            item [1]:
                class = "IntervalTier"
                name = "words"
                xmin = 0.000
                xmax = 2.000
                intervals: size = 5
                intervals [1]:
                    xmin = 0.000
                    xmax = 0.500
                    text = ""

        """))
  }

  @Test(arguments: 0..<100 as Range<UInt64>)
  func `every word is in every format once, and no two overlap`(seed: UInt64) throws {
    let words = PlantedWords.random(seed: seed)
    let transcript = PlantedWords.transcript(words)
    func file(_ format: TranscriptFormat) -> String { format.file(of: transcript, path: "a") }
    let tiers = try #require(FormatReaders.textGrid(file(.textgrid)))
    #expect(tiers["words"]?.map(\.text).filter { !$0.isEmpty } == words.map(\.text))
    #expect(
      tiers["characters"]?.map(\.text).joined() == words.map(\.text).joined())
    let labels = file(.audacity).split("\n").dropLast().map { $0.split("\t") }
    #expect(labels.map { $0[2] } == words.map(\.text))
    let marked = file(.ctm).split("\n").dropLast().map { $0.split(" ") }
    #expect(marked.map { $0[4] } == words.map(\.text))
    var end = 0.0
    for (fields, label) in zip(marked, labels) {
      #expect(fields.count == 6)
      let start = try #require(Double(fields[2]))
      let duration = try #require(Double(fields[3]))
      #expect(start + 1e-9 >= end && duration > 0)
      #expect(fields[2] == label[0])
      end = start + duration
    }
  }

  @Test(arguments: [0, 0.0004, 3.5])
  func `silence gives valid files`(seconds: Double) throws {
    let silence = PlantedWords.transcript([], seconds: seconds)
    func file(_ format: TranscriptFormat) -> String { format.file(of: silence, path: "a") }
    #expect(file(.txt) == "\n")
    #expect(file(.srt).isEmpty && file(.ctm).isEmpty && file(.audacity).isEmpty)
    #expect(file(.vtt) == "WEBVTT\n\n")
    #expect(FormatReaders.csv(file(.csv))?.count == 2)
    let tiers = try #require(FormatReaders.textGrid(file(.textgrid)))
    #expect(tiers.mapValues(\.count) == ["words": 1, "characters": 1])
  }

  @Test func `no name and no word breaks a format or a terminal`() throws {
    let path = "x/a\tb\nc\\d\u{1B}[2J,\"e\u{7F}f\u{9B}g\r%;;.v.wav"
    let texts = ["<i>&", "-->", "\"", ",", "a\u{1B}[2J\n\n2", "b\u{A0}c\td", "\\"]
    let words = texts.enumerated().map {
      PlantedWords.word($1, Double($0), Double($0) + 0.5)
    }
    let transcript = PlantedWords.transcript(words)
    for format in TranscriptFormat.allCases {
      let file = format.file(of: transcript, path: path)
      let lineEnds = format == .csv ? ["\r", "\n"] : ["\n", "\t"] as [Unicode.Scalar]
      #expect(
        file.unicodeScalars.allSatisfy {
          $0.properties.generalCategory != .control || lineEnds.contains($0)
        }, "\(format)")
    }
    func file(_ format: TranscriptFormat) -> String { format.file(of: transcript, path: path) }
    struct Record: Decodable { let path, text: String }
    for format in [TranscriptFormat.json, .jsonl] {
      let record = try JSONDecoder().decode(Record.self, from: Data(file(format).utf8))
      #expect(record.path == path && record.text == transcript.text)
    }
    let escaped = #"x/a\tb\nc\\d\x1b[2J,"e\x7ff\x9bg\r%;;.v.wav"#
    #expect(
      FormatReaders.csv(file(.csv))?.last?.first == escaped.replacing(#"\\"#, with: #"\"#))
    #expect(file(.tsv).split("\n")[1].split("\t").first == escaped)
    let marked = file(.ctm).split("\n").dropLast().map { $0.split(" ") }
    #expect(marked.allSatisfy { $0.count == 6 })
    #expect(marked[0][0] == "a%09b%0Ac\\d%1B[2J,\"e%7Ff%C2%9Bg%0D%25%3B%3B.v")
    #expect(FormatReaders.subRip(file(.srt)) == FormatReaders.webVTT(file(.vtt)))
    #expect(FormatReaders.subRip(file(.srt)) != nil)
    let labels = FormatReaders.textGrid(file(.textgrid))?["words"]?.map(\.text)
    #expect(labels?.contains(#"a\x1b[2J\n\n2"#) == true)
  }

  @Test func `formats that hold several clips have one header`() {
    for format in TranscriptFormat.allCases where format.holdsSeveralClips {
      let one = format.string(transcript, path: "a.wav")
      #expect(format.file(of: transcript, path: "a.wav") == (format.header ?? "") + one)
    }
    #expect(Set(TranscriptFormat.allCases.map(\.fileExtension)).count == 10)
  }
}
