import Foundation
import Stapes
import StapesLabelling
import StapesProtocols
import StapesServer
import TestSupport
import Testing

/// Trainings that the page begins, with a script in place of the tool.
@Suite struct LearningTests {
  /// Runs the body with a folder of labelled clips, and a program for training that does what a script
  /// says; `$output` and `$report` are what it is given.
  private func withLearning(
    clips: Int = 14, _ script: String,
    _ body: (URL, SpeechService, () async throws -> Learning) async throws -> Void
  ) async throws {
    try await withTemporaryFolder { path in
      let folder = URL(filePath: path).appending(path: "my clips!")
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let clip = URL(filePath: fixturePath("clips/digits/pi.wav"))
      for number in 0..<clips {
        try FileManager.default.copyItem(at: clip, to: folder.appending(path: "\(number).wav"))
        try Data("three one four one five".utf8).write(to: folder.appending(path: "\(number).txt"))
      }
      let model = path + "/digits.safetensors"
      try ModelSource.bundled("digits").load().write(to: model)
      let program = path + "/train"
      let words = """
        #!/bin/sh
        data=$2
        while [ $# -gt 0 ]; do
          case $1 in --output) output=$2 ;; --report) report=$2 ;; --from) from=$2 ;; esac
          shift
        done
        model=\(model)
        \(script)
        """
      try installProgram(words, at: program)
      var options = ServerOptions()
      options.models = [model]
      let service = SpeechService(options)
      try await body(folder, service) {
        await Learning(
          folder: try LabelFolder(path: folder.path(percentEncoded: false)), service: service,
          program: program)
      }
    }
  }

  private func end(of learning: Learning) async {
    while [.training, .measuring].contains(await learning.state) { await Task.yield() }
  }

  private let success = """
    echo '{"event":"start","epochCount":2}' > "$report/log.jsonl"
    echo '{"event":"epoch","loss":1}' >> "$report/log.jsonl"
    printf '{"event":"ep' >> "$report/log.jsonl"
    cp "$model" "$output"
    """

  @Test func aModelIsOfferedAndKept() async throws {
    try await withLearning(success) { folder, service, make in
      do {
        let learning = try await make()
        try await learning.start(from: "digits", epochCount: 2)
        await end(of: learning)
        let report = await learning.report()
        #expect(await learning.state == .done, "\(report)")
        // Lines that are not whole do not count.
        #expect(
          report.contains(
            #""events":[{"event":"start","epochCount":2},{"event":"epoch","loss":1}]"#))
        #expect(report.contains(#""before":{"#) && report.contains(#""after":{"#))
        #expect(service.models.names.contains("my-clips-1"))
        await #expect(throws: APIError.self) { try await learning.start(from: nil, epochCount: 1) }

        // A server that is started meanwhile offers it too, and so does one later.
        #expect(await (try await make()).state == .done)
        #expect(try await learning.keep() == "my-clips-1.safetensors")
        #expect(await learning.state == .idle)
        let kept = folder.appending(path: "my-clips-1.safetensors")
        #expect(FileManager.default.fileExists(atPath: kept.path(percentEncoded: false)))
      }
      await service.models.remove("my-clips-1")
      let later = try await make()
      #expect(await later.state == .idle)
      #expect(service.models.names.contains("my-clips-1"))
      _ = try await service.models.recognizer("my-clips-1")

      // The next one gets another name, and what is dropped is gone.
      try await later.start(from: "my-clips-1", epochCount: 1)
      await end(of: later)
      #expect(service.models.names.contains("my-clips-2"))
      try await later.drop()
      #expect(!service.models.names.contains("my-clips-2"))
      await #expect(throws: APIError.self) { _ = try await later.keep() }
    }
  }

  @Test func clipsOfTheListsAreDividedByNameAndNoneIsInBoth() async throws {
    try await withLearning("cp \"$data\" \"$report/list\"; exit 1") { folder, _, make in
      let learning = try await make()
      try await learning.start(from: "digits", epochCount: 1)
      await end(of: learning)
      let run = folder.appending(path: ".stapes-models/my-clips-1")
      func lines(_ name: String) throws -> Set<Substring> {
        Set(
          try String(contentsOf: run.appending(path: name), encoding: .utf8).split(separator: "\n"))
      }
      let (trained, heldOut) = (try lines("train.jsonl"), try lines("held-out.jsonl"))
      #expect(trained.count + heldOut.count == 14 && !heldOut.isEmpty)
      #expect(trained.isDisjoint(with: heldOut))
      #expect(trained.first?.contains(#""text":"three one four one five""#) == true)
    }
  }

  @Test func aFailureIsToldInTheProgramsWords() async throws {
    try await withLearning("echo 'stapes: no room: make some' >&2; exit 1") { _, service, make in
      let learning = try await make()
      try await learning.start(from: nil, epochCount: 1)
      await end(of: learning)
      #expect(await learning.state == .failed)
      #expect(await learning.report().contains(#""problem":"no room: make some""#))
      #expect(!service.models.names.contains("my-clips-1"))
    }
  }

  @Test func whatIsCancelledIsKilledAndRemoved() async throws {
    try await withLearning("echo $$ > \"$report/pid\"; sleep 1000") { folder, _, make in
      let learning = try await make()
      try await learning.start(from: nil, epochCount: 1)
      let run = folder.appending(path: ".stapes-models/my-clips-1")
      let file = run.appending(path: "pid")
      var text = ""
      while !text.hasSuffix("\n") {
        text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        await Task.yield()
      }
      let number = try #require(Int32(text.dropLast()))
      #expect(kill(number, 0) == 0)
      await #expect(throws: APIError.self) { try await learning.start(from: nil, epochCount: 1) }
      try await learning.cancel()
      await end(of: learning)
      #expect(await learning.state == .idle)
      #expect(kill(number, 0) == -1)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: run.path(percentEncoded: false)) == [])
      await #expect(throws: APIError.self) { try await learning.cancel() }
    }
  }

  @Test func fewClipsAreRefused() async throws {
    try await withLearning(clips: 3, success) { folder, _, make in
      let learning = try await make()
      await #expect(throws: APIError.self) { try await learning.start(from: nil, epochCount: 1) }
      await #expect(throws: APIError.self) {
        try await learning.start(from: "nobody", epochCount: 1)
      }
      await #expect(throws: APIError.self) { try await learning.start(from: nil, epochCount: 0) }
    }
  }
}
