import Foundation
import TestSupport
import Testing

@Suite struct HostileInputTests {
  @Test func `names and paths of any kind neither move the cursor nor break a line`() throws {
    try Tones.run { tones in
      let names = ["line\nend.wav", "esc\u{1B}[31m\u{9B}2J.wav", "tab\t.wav", "bell\u{7}\r.wav"]
      for name in names { try tones.say("ab", in: "in/" + name) }
      try tones.write("no sound".utf8, to: "in/\u{1B}]0;title\u{7}.wav")
      let bad = try Tool.shell(
        "cp '\(tones.folder)/in/tab\t.wav' \(tones.folder)/in/$'bad\\xff.wav'")
      #expect(bad.status == 0)
      func isSafe(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy {
          $0.properties.generalCategory != .control || $0 == "\n" || $0 == "\t"
        }
      }
      let run = try Tool.run(
        ["transcribe", "-m", tones.model] + names.map { tones.folder + "/in/" + $0 })
      #expect(run.status == 0 && isSafe(run.output + run.errors))
      #expect(run.output.split(separator: "\n").count == names.count)
      let batch = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model)
      #expect(batch.status == 2 && isSafe(batch.errors))
      #expect(batch.errors.contains("its name is not in UTF-8"))
      #expect(try isSafe(tones.read("out/errors.tsv")))
      try tones.write("ab\u{1B}[2J".utf8, to: "in/tab\t.txt")
      for command in ["check", "evaluate"] {
        let run = try Tool.run(
          [command, tones.folder + "/in"] + (command == "check" ? [] : ["-m", tones.model]))
        #expect(isSafe(run.output + run.errors), "\(command)")
      }
    }
  }

  @Test func `a call's channels are told apart, in one command and in a batch`() throws {
    try Tones.run { tones in
      let call = tones.folder + "/in/call.wav"
      try tones.say("ab", in: "in/call.wav")
      let mono = try Data(contentsOf: URL(filePath: call))
      // The same sound twice: interleaved, with a header that says so.
      var stereo = mono.prefix(44)
      for (place, bytes) in [(22, [2]), (28, [0, 0x7D]), (32, [4])] as [(Int, [UInt8])] {
        stereo.replaceSubrange(place..<place + bytes.count, with: bytes)
      }
      for (place, value) in [(4, 36 + 2 * (mono.count - 44)), (40, 2 * (mono.count - 44))] {
        for shift in 0..<4 {
          stereo[place + shift] = UInt8(truncatingIfNeeded: value >> (8 * shift))
        }
      }
      for place in stride(from: 44, to: mono.count, by: 2) {
        stereo += mono[place..<place + 2] + mono[place..<place + 2]
      }
      try stereo.write(to: URL(filePath: call))
      let run = try Tool.run("transcribe", call, "-m", tones.model, "--channels", "split")
      #expect(run.output == "[1] ab\n")
      #expect(run.errors.contains("has the same sound in channels 1 and 2"))
      // The file is read once, so that a pipe will do.
      let piped = try Tool.shell(
        "cat '\(call)' | stapes transcribe - -m '\(tones.model)' --channels split")
      #expect(piped.status == 0 && piped.output == "[1] ab\n")
      let batch = try Tool.run(
        "batch", tones.folder + "/in", "-o", tones.folder + "/out", "-m", tones.model,
        "--channels", "split", "--format", "txt,vtt")
      #expect(batch.status == 0)
      #expect(try tones.read("out/call.txt") == "[1] ab\n")
      #expect(try tones.read("out/call.vtt").contains("<v 1>ab"))
      for wrong in [[call, "--channel", "0"], [call, "--nbest", "2"]] {
        let run = try Tool.run(
          ["transcribe", "-m", tones.model, "--channels", "split"] + wrong)
        #expect(run.status == 1 && run.errors.contains("--channels split"))
      }
    }
  }
}
