import Foundation
import Stapes
import TestSupport
import Testing

/// `train --report` and `--tensorboard`.
@Suite struct TrainReportTests {
  private let small = [
    "--hidden", "8", "--layers", "1", "--learning-rate", "0.02", "--set", "batchSeconds=3",
    "--no-augment",
  ]

  /// Makes clips of three words, in folders of their names.
  private func sayWords(_ tones: Tones) throws -> String {
    for word in ["ab", "cab", "bc"] {
      for number in 1...5 { try tones.say(word, in: "clips/\(word)/\(number).wav") }
    }
    return tones.folder + "/clips"
  }

  private func log(_ tones: Tones) throws -> [[String: Any]] {
    try tones.read("run/log.jsonl").split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
  }

  private func events(_ lines: [[String: Any]]) -> [String] {
    lines.compactMap { $0["event"] as? String }
  }

  @Test func `a run folder tells what ended a training`() throws {
    try Tones.run { tones in
      try tones.say("a", in: "held/a.wav")
      try tones.write("a".utf8, to: "held/a.txt")
      // Samples of 1e25 are numbers, but their squares are not.
      let loud = (0..<4000).map { Float($0 % 7) * 1e25 }
      for number in 1...4 {
        try tones.write(floatWAV(samples: loud), to: "clips/\(number).wav")
        try tones.write("a".utf8, to: "clips/\(number).txt")
      }
      let run = try Tool.run(
        [
          "train", tones.folder + "/clips", "--validation", tones.folder + "/held", "-o",
          tones.folder + "/own.safetensors", "--epochs", "20", "-q", "--report",
          tones.folder + "/run",
        ] + small)
      #expect(run.status == 1)
      let last = try #require(try log(tones).last)
      #expect(last["event"] as? String == "failure")
      let text = try #require(last["text"] as? String)
      #expect(run.errors.contains(text), "\(text) in \(run.errors)")
    }
  }

  @Test func `a run folder tells all of a training`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my <b>.safetensors")
      // Nothing that was learnt explains this one.
      try tones.say("abcabc", in: "held/good.wav")
      try tones.write("abcabc".utf8, to: "held/good.txt")
      try tones.say("a", in: "held/wrong & bad.wav")
      try tones.write("bccb cab".utf8, to: "held/wrong & bad.txt")
      let run = try Tool.run(
        [
          "train", clips, "-o", model, "--validation", tones.folder + "/held", "--epochs", "3",
          "--description", "Tones | all", "--report", tones.folder + "/new/../run",
          "--tensorboard", tones.folder + "/curves",
        ] + small)
      #expect(run.status == 0, "\(run.errors)")
      #expect(run.errors.contains("validation: \(tones.folder)/held: "), "\(run.errors)")

      let lines = try log(tones)
      #expect(events(lines) == ["start", "epoch", "epoch", "epoch", "end"])
      #expect(lines[0]["clipCount"] as? Int == 15 && lines[0]["validationClipCount"] as? Int == 2)
      for (index, line) in lines[1...3].enumerated() {
        #expect(line["epoch"] as? Int == index + 1)
        let figures = ["loss", "learningRate", "gradientNorm", "hoursPerSecond"].map {
          line[$0] as? Double ?? 0
        }
        #expect(figures.allSatisfy { $0 > 0 }, "\(line)")
        #expect(line["largestGradientNorm"] as? Double ?? 0 >= figures[2])
        #expect((line["time"] as? String)?.hasSuffix("Z") == true)
      }

      let again = try Tool.run(
        "train", clips, "--print-config", "--config", tones.folder + "/run/options.json")
      #expect(again.output == (try tones.read("run/options.json")))

      let card = try tones.read("run/card.md")
      for part in ["# my &lt;b&gt;.safetensors", "Tones | all", "15 clips", "lstm", "on 2 clips"] {
        #expect(card.contains(part), "\(part) in \(card)")
      }

      let page = try tones.read("run/report.html")
      let worst = try #require(page.range(of: "<h3>wrong &amp; bad"))
      let good = try #require(page.range(of: "<h3>good"))
      #expect(worst.lowerBound < good.lowerBound)
      #expect(
        page.contains("class=\"pair wrong\"") && page.contains("</title><rect class=\"word\""))
      #expect(page.contains("<th>said</th><th>read</th><th>times</th>"))
      #expect(!page.contains("<script") && !page.contains("http") && page.hasSuffix("</html>\n"))

      let curves = try FileManager.default.contentsOfDirectory(atPath: tones.folder + "/curves")
      #expect(curves.count == 1 && curves[0].hasPrefix("events.out.tfevents."))
      let bytes = try Data(contentsOf: URL(filePath: tones.folder + "/curves/" + curves[0]))
      #expect(bytes.range(of: Data("gradient_norm/largest".utf8)) != nil)
    }
  }

  @Test func `a training that goes on goes on in its log`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayWords(tones), tones.folder + "/my.safetensors")
      let arguments =
        ["train", clips, "-o", model, "--epochs", "2", "--report", tones.folder + "/run"] + small
      #expect(try Tool.run(arguments + ["--keep-checkpoints", "2"]).status == 0)
      #expect(events(try log(tones)) == ["start", "epoch", "epoch", "end"])
      // What is left of a process that was ended before the last epoch, in the middle of a line.
      let folder = tones.folder
      try FileManager.default.removeItem(atPath: folder + "/my.checkpoint.safetensors")
      try FileManager.default.moveItem(
        atPath: folder + "/my.checkpoint-1.safetensors",
        toPath: folder + "/my.checkpoint.safetensors")
      let lines = try tones.read("run/log.jsonl").split(separator: "\n")
      try tones.write("\(lines[0])\n\(lines[1])\n{\"epo".utf8, to: "run/log.jsonl")
      // One that does not begin leaves the log as it is.
      #expect(try Tool.run(arguments).status == 1)
      let resumed = try Tool.run(arguments + ["--resume"])
      #expect(resumed.status == 0, "\(resumed.errors)")
      let all = try log(tones)
      #expect(events(all) == ["start", "epoch", "start", "notice", "epoch", "end"])
      #expect(all[4]["epoch"] as? Int == 2)
      #expect(try tones.read("run/report.html").contains("resuming from"))
    }
  }

  @Test func `a report of classes has their matrix`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      let run = try Tool.run(
        "train", clips, "-o", tones.folder + "/my.safetensors", "--validation", clips, "--task",
        "classify", "--epochs", "1", "--no-augment", "--network", "stack 3, 4 gru, pool mean",
        "--report", tones.folder + "/run")
      #expect(run.status == 0, "\(run.errors)")
      let page = try tones.read("run/report.html")
      #expect(page.contains("<tr><th></th><th>ab</th><th>bc</th><th>cab</th></tr>"))
      // Each of the fifteen clips is in one cell.
      let cells = page.split(separator: "<td style=").dropFirst().compactMap { cell in
        cell.split(separator: ">").dropFirst().first.flatMap { Int($0.prefix { $0 != "<" }) }
      }
      #expect(cells.reduce(0, +) == 15, "\(cells)")
      #expect(try tones.read("run/card.md").contains("accuracy"))
    }
  }

  @Test func `a report that cannot be written is told before the training`() throws {
    try Tones.run { tones in
      let clips = try sayWords(tones)
      let file = try tones.write("mine".utf8, to: "page.html")
      for option in ["--report", "--tensorboard"] {
        let run = try Tool.run(
          ["train", clips, "-o", tones.folder + "/my.safetensors", option, file] + small)
        #expect(run.status == 1 && run.output.isEmpty)
        #expect(run.errors.contains("page.html") && run.errors.contains("it is a file"))
        #expect(try tones.read("page.html") == "mine")
      }
    }
  }
}
