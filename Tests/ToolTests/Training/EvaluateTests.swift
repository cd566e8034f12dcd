import Foundation
import TestSupport
import Testing

@Suite struct EvaluateTests {
  /// Clips beside their texts; two of the four texts are not what is said.
  func makeData(_ tones: Tones) throws -> String {
    for (name, said, text) in [
      ("1", "ab", "AB."), ("2", "a b", "a c"), ("3", "c", "c"), ("4", "a", "a b"),
    ] {
      try tones.say(said, in: "data/\(name).wav")
      try tones.write((text + "\r\n").utf8, to: "data/\(name).txt")
    }
    return tones.folder + "/data"
  }

  @Test func `prints the rates for people and for programs`() throws {
    try Tones.run { tones in
      let data = try makeData(tones)
      let run = try Tool.run("evaluate", data, "-m", tones.model)
      #expect(run.status == 0)
      let lines = run.output.split(separator: "\n")
      #expect(lines.count == 3)
      #expect(lines[0].hasPrefix("wer    33.33 %  ("))
      #expect(lines[0].hasSuffix("2 errors in 6 words: 1 substitution, 1 deletion, 0 insertions"))
      #expect(lines[2].hasPrefix("exact  50.00 %  ("))
      #expect(lines[2].hasSuffix("2 of 4 clips"))
      #expect(run.errors.contains("4 clips"), "what was found is told: \(run.errors)")

      let json = try Tool.run("evaluate", data, "-m", tones.model, "--format", "json", "-q")
      struct Rate: Decodable { let value, lower, upper: Double }
      struct Report: Decodable {
        let wer, cer, exact: Rate
        let utteranceCount, exactCount, failureCount: Int
      }
      let report = try JSONDecoder().decode(Report.self, from: Data(json.output.utf8))
      #expect(abs(report.wer.value - 1 / 3) < 1e-12)
      #expect(report.exact.value == 0.5)
      #expect(report.exact.lower <= 0.5 && report.exact.upper >= 0.5)
      #expect(report.utteranceCount == 4)
      #expect(report.exactCount == 2)
      #expect(report.failureCount == 0)
      #expect(json.errors.isEmpty)
    }
  }

  @Test func `writes the pairs`() throws {
    try Tones.run { tones in
      let data = try makeData(tones)
      let run = try Tool.run(
        "evaluate", data, "-m", tones.model, "--details", tones.folder + "/pairs.tsv")
      #expect(run.status == 0)
      let lines = try tones.read("pairs.tsv").split(separator: "\n")
      #expect(lines.count == 5)
      #expect(lines[2].hasSuffix("\ta c\ta b\t1\t1\ta c>b"))
      #expect(lines[4].hasSuffix("\ta b\ta\t1\t2\ta -b"))
    }
  }

  @Test func `says what is wrong with data or model`() throws {
    try Tones.run { tones in
      let data = try makeData(tones)
      let missing = tones.folder + "/missing"
      let run = try Tool.run("evaluate", missing, "-m", tones.model)
      #expect(run.errors.hasPrefix("stapes: \(missing)"), "\(run.errors)")
      #expect(run.output.isEmpty)
      #expect(run.status == 1)
      let noModel = try Tool.run("evaluate", data, "-m", missing)
      #expect(noModel.errors.hasPrefix("stapes: \(missing): "))
      #expect(noModel.status == 1)
      let noPlace = try Tool.run(
        "evaluate", data, "-m", tones.model, "-q", "--details", missing + "/x.tsv")
      #expect(noPlace.errors.hasPrefix("stapes: \(missing)/x.tsv: "), "\(noPlace.errors)")
      #expect(noPlace.status == 1)
    }
  }
}
