import FoundationEssentials
import StapesRecognition
import Testing

@Suite struct TranscriptFormatTests {
  let transcript = Transcript(
    hypotheses: [
      Transcript.Hypothesis(text: "seven", logProbability: -0.1234567),
      Transcript.Hypothesis(text: "", logProbability: -3),
    ],
    seconds: 1.23456)

  @Test func `writes each format as its documentation has it`() {
    #expect(TranscriptFormat.txt.string(transcript, path: "x.wav") == "seven\n\n")
    #expect(TranscriptFormat.txt.header == nil)
    #expect(
      TranscriptFormat.tsv.string(transcript, path: "x.wav")
        == "x.wav\t1.235\t1\t-0.123\tseven\nx.wav\t1.235\t2\t-3.0\t\n")
    #expect(TranscriptFormat.tsv.header == "path\tseconds\trank\tlog_probability\ttext\n")
    #expect(
      TranscriptFormat.json.string(transcript, path: "x.wav")
        == #"{"hypotheses":[{"logProbability":-0.123,"text":"seven"},"#
        + #"{"logProbability":-3,"text":""}],"path":"x.wav","seconds":1.235,"text":"seven"}"#
        + "\n")
  }

  @Test func `no name of a file breaks a table, a line or a terminal`() throws {
    let path = "a\tb\nc\\d\u{1B}[2Je\u{7F}f\u{9B}g\r.wav"
    let table = TranscriptFormat.tsv.string(transcript, path: path)
    #expect(table.hasPrefix(#"a\tb\nc\\d\x1b[2Je\x7ff\x9bg\r.wav"# + "\t1.235\t1\t"))
    let line = TranscriptFormat.json.string(transcript, path: path)
    #expect(line.unicodeScalars.count { $0.properties.generalCategory == .control } == 1)
    struct Record: Decodable { let path: String }
    #expect(try JSONDecoder().decode(Record.self, from: Data(line.utf8)).path == path)
  }
}
