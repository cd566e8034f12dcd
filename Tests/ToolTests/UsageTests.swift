import Foundation
import Stapes
import TestSupport
import Testing

@Suite struct UsageTests {
  @Test(arguments: [
    "transcribe", "batch", "train", "evaluate", "info", "quantize", "lm", "tune", "explain",
    "listen", "gradients",
  ])
  func `each command has help with an example`(command: String) throws {
    let run = try Tool.run(command, "--help")
    #expect(run.output.contains("stapes \(command) "))
    #expect(run.output.contains("Example"))
    #expect(run.errors.isEmpty)
    #expect(run.status == 0)
  }

  @Test func `without arguments it shows what there is`() throws {
    let run = try Tool.run()
    for command in [
      "transcribe", "batch", "train", "evaluate", "info", "quantize", "lm", "tune", "explain",
      "listen", "gradients",
    ] {
      #expect(run.output.contains("  \(command) "))
    }
    #expect(run.status == 0)
    #expect(try Tool.run("--version").output.hasPrefix("\(Provenance.currentToolVersion) (build "))
  }

  @Test(arguments: [
    ["transcribe"], ["transcribe", "x.wav", "--nonsense"], ["nonsense"], ["batch", "x"],
    ["transcribe", "x.wav", "--beam", "many"], ["transcribe", "x.wav", "--format", "doc"],
    ["transcribe", "x.wav", "--raw", "mp3"], ["transcribe", "x.wav", "--channel=-1"],
    ["batch", "x", "-o", "y", "--jobs", "0"], ["evaluate"], ["train"], ["train", "x"],
    ["tune", "x", "-m", "m"], ["transcribe", "x.wav", "--no-lm", "--lm-weight", "1"],
    ["transcribe", "x.wav", "--no-lm", "--lm", "x.bin"],
    ["transcribe", "x.wav", "--lm", "x.bin", "--word-bonus", "much"],
  ])
  func `wrong usage is told on standard error with status 1`(arguments: [String]) throws {
    let line = arguments.map { "'\($0)'" }.joined(separator: " ")
    let run = try Tool.shell("stapes \(line)")
    #expect(run.output.isEmpty)
    #expect(run.errors.hasPrefix("stapes: "), "\(run.errors)")
    #expect(run.status == 1)
  }

  @Test func `settings out of range are told with what is allowed`() throws {
    try Tones.run { tones in
      let clip = try tones.say("a", in: "a.wav")
      let run = try Tool.run("transcribe", clip, "-m", tones.model, "--beam", "0")
      #expect(run.errors == "stapes: the beam width is 0; give 1 to 10000\n")
      #expect(run.status == 1)
    }
  }

  @Test func `a model is bundled where none is named, whatever lies in the folder`() throws {
    try Tones.run { tones in
      let here = "cd \(tones.folder); echo nothing >english; "
      let usual = try Tool.shell(here + "stapes info")
      #expect(usual.status == 0, "\(usual.errors)")
      #expect(try Tool.shell(here + "rm english; stapes info english").output == usual.output)
      #expect(try Tool.shell(here + "stapes info english").status == 1)
      #expect(try Tool.run("models").output.hasPrefix("english\t"))
    }
  }

  @Test func `every model that comes with the tool says what it is and its licence`() throws {
    let lines = try Tool.run("models").output.split(separator: "\n")
    #expect(lines.count == 3)
    for line in lines {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      #expect(
        fields.count == 5 && !fields[1].isEmpty && fields[4].contains("CC BY-SA 4.0"), "\(line)")
    }
  }

  @Test func `info says what a model is`() throws {
    try Tones.run { tones in
      let run = try Tool.run("info", tones.model)
      for fact in ["Letters as tones", "CC0 1.0", "8000 Hz", "space a b c", "10 lstm"] {
        #expect(run.output.contains(fact), "\(fact) in \(run.output)")
      }
      #expect(run.status == 0)
      let json = try Tool.run("info", tones.model, "--format", "json")
      struct Facts: Decodable {
        let provenance: Provenance
        let alphabet: [String]
        let network: NetworkConfiguration
        let features: FeatureConfiguration
      }
      let facts = try JSONDecoder().decode(Facts.self, from: Data(json.output.utf8))
      #expect(facts.provenance.summary == "Letters as tones")
      #expect(facts.alphabet == [" ", "a", "b", "c"])
      #expect(
        facts.network.architecture.layers == [NetworkLayer(.lstm(LSTMLayer(LSTMCell(size: 10))))])
      #expect(facts.features == ToneLanguage.features)
    }
  }
}
