import Foundation
import TestSupport
import Testing

@Suite struct LanguageModelTests {
  let text = "Go on!\nStop, please.\n\nGo on\nDon't stop 2 times\n"

  @Test func `a long line takes no more memory than short ones`() throws {
    try withTemporaryFolder { folder in
      // 40 MB in one line, in an address space of 200 MB.
      let run = try Tool.shell(
        """
        word=$(printf 'abcdefghij%.0s' {1..50})
        yes "$word" | head -n 80000 | tr '\\n' ' ' > '\(folder)/line.txt'
        ulimit -v 200000
        stapes lm train '\(folder)/line.txt' -o '\(folder)/line.bin' --memory 0.01
        """)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains(" words, 1 different"), "\(run.errors)")
    }
  }

  @Test func `makes, converts, measures and describes a model`() throws {
    try withTemporaryFolder { folder in
      let (binary, arpa) = (folder + "/m.bin", folder + "/m.arpa.gz")
      let made = try Tool.run("lm", "train", "-", "-o", binary, input: Data(text.utf8))
      #expect(made.status == 0, "\(made.errors)")
      #expect(made.output.isEmpty)
      #expect(made.errors.contains("4 sentences, 10 words, 7 different"))

      let info = try Tool.run("lm", "info", binary)
      #expect(info.output.hasPrefix("of       words\norder    3\n1-grams  10\n"))
      #expect(try Tool.run("lm", "convert", binary, arpa).status == 0)
      let first = try Tool.run("lm", "perplexity", binary, "-", input: Data("go away\n".utf8))
      let second = try Tool.run("lm", "perplexity", arpa, "-", input: Data("Go away!\n".utf8))
      #expect(first.status == 0)
      #expect(first.output.contains("1 sentence, 2 words, 7 characters, 1 unknown word\n"))
      #expect(first.output == second.output)
      let raw = try Tool.run(
        "lm", "perplexity", arpa, "-", "--as-is", "--format", "json", input: Data("Go away!".utf8))
      #expect(raw.output.contains("\"unknownCount\":2"))
    }
  }

  @Test func `says in a sentence what is wrong`() throws {
    try withTemporaryFolder { folder in
      let (good, bad) = (folder + "/m.bin", folder + "/bad.arpa")
      _ = try Tool.run("lm", "train", "-", "-o", good, "-q", input: Data(text.utf8))
      try Data("\\data\\\nngram 1=x\n".utf8).write(to: URL(filePath: bad))
      for arguments in [
        ["train", "-", "-o", folder + "/m.txt"], ["train", "-", "-o", good, "--order", "7"],
        ["train", "-", "-o", good], ["train", "-", "-o", good, "--prune", "0,x"],
        ["train", folder + "/missing", "-o", good], ["train", "-", "-o", good, "--bits", "3"],
        ["info", bad], ["perplexity", good, "-"], ["convert", good, folder + "/missing/m.arpa"],
      ] {
        let run = try Tool.run(["lm"] + arguments)
        #expect(run.status == 1, "\(arguments)")
        #expect(run.output.isEmpty)
        #expect(run.errors.hasPrefix("stapes: "), "\(run.errors)")
      }
      #expect(try Tool.run("lm", "info", bad).errors.contains("\(bad), line 2: "))
      #expect(try Tool.run("lm", "info", good).status == 0)
    }
  }
}
