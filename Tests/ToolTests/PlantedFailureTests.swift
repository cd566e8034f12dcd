import Foundation
import Stapes
import TestSupport
import Testing

/// What is often wrong with clips of one's own, planted among good ones.
@Suite struct PlantedFailureTests {
  /// Makes clips to train and to validate on, most of them good.
  private func plant(_ tones: Tones) throws {
    for (number, word) in ["a", "b", "ab", "cab", "bc", "ca", "c", "ba"].enumerated() {
      try tones.say(word, in: "data/\(number).wav")
      try tones.write(word.utf8, to: "data/\(number).txt")
    }
    try tones.say("cbc", in: "data/crowded.wav")
    try tones.write(String(repeating: "cab ", count: 100).utf8, to: "data/crowded.txt")
    try tones.say("ac", in: "data/empty.wav")
    try tones.write([], to: "data/empty.txt")
    let samples = (0..<4000).map { $0 == 1234 ? Float.nan : 0.1 }
    try tones.write(floatWAV(samples: samples), to: "data/nan.wav")
    try tones.write("a".utf8, to: "data/nan.txt")
    // Squares modulo a prime are as good as noise.
    let noise = (0..<6000).map { Float($0 * $0 % 10_007) / 25_000 - 0.2 }
    try AudioFileWriter.writeWAV(
      samples: noise, sampleRate: 8000, to: tones.folder + "/data/noise.wav")
    try tones.write("abc".utf8, to: "data/noise.txt")
    try tones.say("bca", in: "held/foreign.wav")
    try tones.write("bça".utf8, to: "held/foreign.txt")
    try tones.say("cb", in: "held/known.wav")
    try tones.write("cb".utf8, to: "held/known.txt")
  }

  /// The files that are planted.
  private let files = ["crowded.wav", "empty.wav", "nan.wav", "noise.wav", "foreign.wav"]

  @Test func `check names each`() throws {
    try Tones.run { tones in
      try plant(tones)
      let (data, held) = (tones.folder + "/data", tones.folder + "/held")
      let table = tones.folder + "/findings.tsv"
      let run = try Tool.run("check", data, "--validation", held, "--output", table)
      #expect(run.status == 2)
      let found = try tones.read("findings.tsv").split(separator: "\n").map {
        $0.split(separator: "\t", omittingEmptySubsequences: false)
      }
      let kinds = [
        "textTooLong", "emptyText", "nonFiniteSound", "steadySound", "untrainedCharacter",
      ]
      for (file, kind) in zip(files, kinds) {
        #expect(
          found.contains { $0[1] == kind && $0[2].hasSuffix(file) }, "\(file) in \(run.output)")
      }
    }
  }

  @Test func `training names each and goes on`() throws {
    try Tones.run { tones in
      try plant(tones)
      let (data, held) = (tones.folder + "/data", tones.folder + "/held")
      let model = tones.folder + "/own.safetensors"
      let run = try Tool.run(
        "train", data, "--validation", held, "--epochs", "1", "--hidden", "4", "--layers", "1",
        "--output", model)
      #expect(run.status == 0)
      for file in files { #expect(run.errors.contains(file), "\(file) in \(run.errors)") }
      #expect(run.errors.contains("training on 9 clips"), "\(run.errors)")
      let info = try Tool.run("info", model)
      #expect(info.status == 0)
    }
  }
}
