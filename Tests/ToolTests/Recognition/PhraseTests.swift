import Foundation
import TestSupport
import Testing

@Suite struct PhraseTests {
  @Test func `phrases of a file are chosen from, and tell how probable they are`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab c", in: "clip.wav")
      let list = try tones.write("\u{FEFF}AB, C\r\n\r\nca\nab c\n".utf8, to: "list.txt")
      let run = try Tool.run("transcribe", clip, "-m", tones.model, "--phrases", list)
      #expect(run.output == "ab c\n" && run.status == 0, "\(run.errors)")
      let json = try Tool.run(
        "transcribe", clip, "-m", tones.model, "--phrases", list, "--format", "json", "--nbest",
        "3")
      #expect(json.output.contains("\"posterior\""))
      try tones.write("ca\n".utf8, to: "list.txt")
      let none = try Tool.run("transcribe", clip, "-m", tones.model, "--phrases", list)
      #expect(none.output == "\n")
      let forced = try Tool.run(
        "transcribe", clip, "-m", tones.model, "--phrases", list, "--unknown-margin", "inf")
      #expect(forced.output == "ca\n")
    }
  }

  @Test func `a list that cannot be used is named with what helps`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab c", in: "clip.wav")
      let some = try tones.write("ab c\nway\n".utf8, to: "some.txt")
      let heard = try Tool.run("transcribe", clip, "-m", tones.model, "--phrases", some)
      #expect(heard.output == "ab c\n" && heard.status == 0)
      #expect(heard.errors.contains("\(some): 1 text is not in the model's characters"))
      let list = try tones.write("way\nwow\n".utf8, to: "list.txt")
      for (path, part) in [
        (list, "does not write \"w\" (3), \"y\""), (tones.folder + "/no.txt", "cannot be read"),
      ] {
        let run = try Tool.run("transcribe", clip, "-m", tones.model, "--phrases", path)
        #expect(run.errors.hasPrefix("stapes: \(path): "), "\(run.errors)")
        #expect(run.errors.contains(part) && run.errorLines.count == 1 && run.status == 1)
      }
    }
  }
}
