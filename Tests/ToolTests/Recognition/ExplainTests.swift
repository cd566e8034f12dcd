import TestSupport
import Testing

@Suite struct ExplainTests {
  @Test func `writes a page about what was read, or about another text`() throws {
    try Tones.run { tones in
      let clip = try tones.say("ab c", in: "a & b.wav")
      let page = tones.folder + "/page.html"
      let run = try Tool.run("explain", clip, "-m", tones.model, "-o", page)
      #expect(run.output.isEmpty && run.status == 0)
      #expect(run.errors == "stapes: \(page): ab c\n")
      let html = try tones.read("page.html")
      #expect(html.hasPrefix("<!DOCTYPE html>\n") && html.hasSuffix("</html>\n"))
      #expect(html.contains("<h1 dir=\"auto\">ab c</h1>"))
      #expect(html.contains("a &amp; b.wav"))
      let other = try Tool.run(
        "explain", clip, "-m", tones.model, "-o", page, "--text", "B", "--quiet",
        "--overwrite")
      #expect(other.errors.isEmpty && other.status == 0)
      #expect(try tones.read("page.html").contains("the model recognises: ab c"))
    }
  }

  @Test func `says in one line why a text or a clip cannot be explained`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let long = try tones.say(String(repeating: "abc", count: 210), in: "long.wav")
      let wrong = [
        ([clip, "--text", "hallo"], "does not write \"h\""),
        ([clip, "--text", "abcabcabcabcabcabcabcabcabcabcabcabc"], "does not fit"),
        ([long], "cut out at most 120 s"),
        ([tones.folder + "/missing.wav"], "missing.wav"),
      ]
      for (arguments, reason) in wrong {
        let run = try Tool.run(
          ["explain", "-m", tones.model, "-o", tones.folder + "/page.html"] + arguments)
        #expect(run.errorLines.count == 1 && run.errors.contains(reason), "\(run.errors)")
        #expect(run.status == 1)
      }
    }
  }
}
