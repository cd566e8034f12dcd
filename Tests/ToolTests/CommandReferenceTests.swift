import Foundation
import TestSupport
import Testing

/// What is generated from the tool's help: the reference article, man pages and completions.
@Suite struct CommandReferenceTests {
  private static let manual = "STAPES='\(Tool.path)' '\(fixturePath("../scripts/manual"))'"

  @Test func `the reference article is that of the help`() throws {
    let run = try Tool.shell("\(Self.manual) article")
    let path = fixturePath("../Sources/Stapes/Stapes.docc/CommandReference.md")
    #expect(run.status == 0, "\(run.errors)")
    #expect(
      try run.output == String(contentsOfFile: path, encoding: .utf8),
      "stale: run scripts/manual article >Sources/Stapes/Stapes.docc/CommandReference.md")
  }

  @Test func `there is a man page for each command`() throws {
    try withTemporaryFolder { folder in
      let run = try Tool.shell("SOURCE_DATE_EPOCH=86400 \(Self.manual) pages '\(folder)'")
      #expect(run.status == 0, "\(run.errors)")
      let help = try Tool.run("help").output
      let names = help.components(separatedBy: "SUBCOMMANDS:\n")[1].split(separator: "\n")
        .filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") && !$0.hasPrefix("  See") }
        .compactMap { $0.split(separator: " ").first }
      #expect(names.count > 10)
      for name in names {
        let page = try String(contentsOfFile: "\(folder)/stapes-\(name).1", encoding: .utf8)
        #expect(page.hasPrefix(".Dd January 2, 1970\n.Dt STAPES-\(name.uppercased()) 1\n"))
        #expect(page.contains(".It \\fB\\-h, \\-\\-help\\fP\n"), "\(name)")
      }
      let page = try String(contentsOfFile: folder + "/stapes-lm-train.1", encoding: .utf8)
      #expect(
        page.contains(".It \\fB\\-\\-order <number>\\fP\nOrder of the n\\-gram model, 1 to 6.\n"))
    }
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `completions know formats and settings`(shell: String) throws {
    let run = try Tool.run("--generate-completion-script", shell)
    #expect(run.status == 0)
    for word in ["textgrid", "augmentation.masking.timeMaskCount="] {
      #expect(run.output.contains(word), "\(shell): \(word)")
    }
  }

  @Test func `models are completed by name and by file`() throws {
    try withTemporaryFolder { folder in
      let run = try Tool.shell(
        """
        cd '\(folder)'; mkdir sub; touch mine.safetensors notes.txt .hidden.safetensors
        stapes ---completion transcribe -- --model 0 0 ''
        """)
      let found = run.output.split(whereSeparator: \.isNewline)
      #expect(found.contains("english") && found.contains("digits"), "\(run.output)")
      #expect(found.contains("mine.safetensors") && found.contains("sub/"))
      #expect(!run.output.contains("notes") && !run.output.contains("hidden"))
    }
  }
}
