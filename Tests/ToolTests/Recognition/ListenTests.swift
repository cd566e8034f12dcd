import Foundation
import TestSupport
import Testing

@Suite struct ListenTests {
  struct Event: Decodable {
    let type: String
    let start: Double
    let end: Double
    let text: String
    let committed: String?
  }

  /// A clip that says texts with pauses between them that end an utterance.
  func say(_ texts: [String], with tones: Tones) throws -> Data {
    let parts = try texts.map { text in
      try Data(contentsOf: URL(filePath: try tones.say(text, in: "part.wav"))).dropFirst(44)
    }
    let pause = Data(repeating: 0, count: 16_000)
    return parts.reduce(pause) { $0 + $1 + pause }
  }

  @Test func `each utterance of a pipe becomes a line`() throws {
    try Tones.run { tones in
      let texts = ["ab c", "ca", "b"]
      try tones.write(try say(texts, with: tones), to: "a.raw")
      let run = try Tool.shell(
        "cat \(tones.folder)/a.raw | stapes listen --raw s16le:8000:1 -m \(tones.model)")
      #expect(run.output == "ab c\nca\nb\n")
      #expect(run.status == 0)
      #expect(run.errorLines.count == 1)
      #expect(run.errors.contains("0:06 of sound, 3 utterances; text so far "), "\(run.errors)")
      let wav = try tones.say("cab", in: "a.wav")
      let file = try Tool.run("listen", wav, "-m", tones.model, "--quiet")
      #expect(file.output == "cab\n")
      #expect(file.errors.isEmpty)
    }
  }

  @Test func `the usual model for streams gives the text of the whole clip`() throws {
    let clip = fixturePath("clips/english/austen-0870.wav")
    let live = try Tool.run("listen", clip)
    let whole = try Tool.run("transcribe", clip, "--model", "english-streaming")
    #expect(live.status == 0 && whole.status == 0)
    #expect(!live.errors.contains("windows"), "\(live.errors)")
    let heard = live.output.split(separator: "\n").joined(separator: " ")
    #expect(heard.count > 40)
    #expect(whole.output.contains(heard), "\(heard) in \(whole.output)")
  }

  @Test func `events tell what is committed, and times`() throws {
    try Tones.run { tones in
      let texts = ["ab c ab", "ca b a"]
      let sound = try tones.write(try say(texts, with: tones), to: "a.raw")
      let run = try Tool.run(
        "listen", sound, "--json", "--raw", "s16le:8000", "-m", tones.model, "--beam", "1")
      let events = try run.output.split(separator: "\n").map {
        try JSONDecoder().decode(Event.self, from: Data($0.utf8))
      }
      #expect(events.filter { $0.type == "final" }.map(\.text) == texts)
      var (committed, grew) = ("", false)
      for event in events {
        #expect(event.start < event.end)
        #expect(event.text.hasPrefix(committed))
        if event.type == "final" {
          committed = ""
        } else {
          #expect(event.type == "partial")
          grew = grew || event.committed?.isEmpty == false
          committed = event.committed ?? "?"
        }
      }
      #expect(grew)
    }
  }

  @Test func `Ctrl-C ends it with the text of what was heard`() throws {
    try Tones.run { tones in
      try tones.write(try say(["ab c"], with: tones).dropLast(15_000), to: "a.raw")
      // The pipe stays open, so that only the signal ends it; it comes once something was heard.
      let run = try Tool.shell(
        """
        cd \(tones.folder); mkfifo pipe; exec 3<>pipe
        trap '' INT
        \(Tool.path) listen pipe --json --raw s16le:8000 -m \(tones.model) >out <&- & tool=$!
        cat a.raw >&3
        until [[ $(<out) == *'"ab c"'* ]] || ! kill -0 $tool; do sleep 0.05; done
        kill -INT $tool; wait $tool; status=$?; tail -n 1 out; exit $status
        """)
      #expect(run.output.contains(#""text":"ab c","type":"final""#), "\(run.output)")
      #expect(run.errors.contains("stopping"))
      #expect(run.status == 0)
    }
  }

  @Test func `a reader that has enough ends it quietly, and bad sound in one line`() throws {
    try Tones.run { tones in
      let sound = try tones.write(
        try say(Array(repeating: "a", count: 30), with: tones), to: "a.raw")
      let unread = try Tool.shell(
        """
        stapes listen \(sound) --raw s16le:8000 -m \(tones.model) --quiet | true
        exit ${PIPESTATUS[0]}
        """)
      #expect(unread.errors.isEmpty)
      #expect(unread.status == 0)
      let text = try tones.write("This is no sound.".utf8, to: "text.wav")
      let bad = try Tool.run("listen", text, "-m", tones.model)
      #expect(bad.errorLines.count == 1)
      #expect(bad.errors.hasPrefix("stapes: \(text)"))
      #expect(bad.status == 1)
      for option in [["--pause", "0"], ["--longest", "0"]] {
        let refused = try Tool.run(["listen", text, "-m", tones.model] + option)
        #expect(refused.errors.contains("seconds; give"), "\(refused.errors)")
        #expect(refused.status == 1)
      }
    }
  }
}
