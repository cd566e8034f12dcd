import StapesFiles
import StapesRecognition
import StapesBatch
import StapesTranscript
import TestSupport
import Testing

@Suite struct NameTests {
  let composed = "caf\u{E9}"
  let decomposed = "cafe\u{301}"

  @Test func `outputs of names that only Unicode calls equal keep their places`() {
    let names = OutputNames(of: ["\(composed).wav", "\(decomposed).wav"], endings: ["txt"])
    #expect(names.isRenamed == [false, false])
    #expect(
      names.paths.map { Array($0[0].utf8) }
        == [composed, decomposed].map { Array("\($0).txt".utf8) })
  }

  @Test func `a name that begins with an accent is still a name in its folder`() {
    let path = "folder/\u{301}a.wav"
    #expect(path.fileName.unicodeScalars.elementsEqual("\u{301}a.wav".unicodeScalars))
    #expect(path.folderPath == "folder")
    #expect("a.wav".withoutPathExtension == "a" && "x.y/a".withoutPathExtension == "x.y/a")
    #expect(".hidden".withoutPathExtension == ".hidden" && "a.".withoutPathExtension == "a.")
    #expect("a".folderPath == "." && "/a".folderPath == "/" && "a/".fileName == "")
  }

  @Test(arguments: [
    (["a/x.wav"], ["x"]),
    (["a/x.wav", "b/x.wav", "b/y.wav"], ["a/x", "b/x", "y"]),
    (["r/a/x.wav", "s/a/x.wav"], ["r/a/x", "s/a/x"]),
    (["x.wav", "./b/x.wav"], ["x", "b/x"]),
    (["x.wav", "x.flac"], ["x.wav", "x.flac"]),
    (["a/x.wav", "a/x.wav"], ["a/x.wav", "a/x.wav"]),
  ])
  func `clips of one name are told apart by their folders`(paths: [String], names: [String]) {
    #expect(TranscriptFormat.clipNames(of: paths) == names)
  }

  @Test(arguments: ["=1+1", "+1", "-1", "@a", "=cmd|' /C calc'!A0.wav"])
  func `no field is a formula for a spreadsheet, and no text is changed for programs`(
    field: String
  ) throws {
    let transcript = PlantedWords.transcript([PlantedWords.word(field, 0, 1)])
    let rows = try #require(
      FormatReaders.csv(TranscriptFormat.csv.file(of: transcript, path: field)))
    #expect(rows[1].first == "./" + field && rows[1].last == "'" + transcript.text)
    #expect(Double(rows[1][3]) != nil, "numbers stay numbers")
    let table = TranscriptFormat.tsv.file(of: transcript, path: field)
    let fields = table.split(separator: "\n")[1].split(separator: "\t")
    #expect(
      fields.first.map(String.init) == field && fields.last.map(String.init) == transcript.text)
  }

  @Test(arguments: ["a\\b", "a\"\u{301}b,", "C:\\clips\\a.wav", " a "])
  func `a field of CSV is read as it was written`(field: String) throws {
    let transcript = PlantedWords.transcript([PlantedWords.word("a", 0, 1)])
    let rows = try #require(
      FormatReaders.csv(TranscriptFormat.csv.file(of: transcript, path: field)))
    #expect(rows[1].first?.unicodeScalars.elementsEqual(field.unicodeScalars) == true)
  }
}
