import Foundation
import Stapes
import TestSupport
import Testing

/// The file that a training writes to: whose it is, and what becomes of the model without it.
@Suite struct TrainedModelFileTests {
  private let small = ["--hidden", "8", "--layers", "1", "--no-augment", "-q"]

  private func sayClips(_ tones: Tones, in folder: String = "clips") throws -> String {
    for number in 1...4 {
      try tones.say("ab", in: "\(folder)/\(number).wav")
      try tones.write("ab".utf8, to: "\(folder)/\(number).txt")
    }
    return tones.folder + "/" + folder
  }

  @Test func `two trainings never write to one file`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayClips(tones), tones.folder + "/my.safetensors")
      let lock = model + ".lock"
      let arguments = ["train", clips, "-o", model, "--epochs", "1"] + small
      let line = arguments.map { "'\($0)'" }.joined(separator: " ")
      let second = try Tool.shell("flock '\(lock)' '\(Tool.path)' \(line)")
      #expect(second.status == 1 && second.errors.contains("another process"), "\(second.errors)")
      #expect(second.errors.hasPrefix("stapes: \(model): "))
      // What a killed training leaves holds nobody up, and goes at the end.
      try tones.write([], to: "my.safetensors.lock")
      let run = try Tool.run(arguments)
      #expect(run.status == 0, "\(run.errors)")
      #expect(!FileManager.default.fileExists(atPath: lock))
      // A file of this name that is somebody's stays.
      try tones.write("mine".utf8, to: "my.safetensors.lock")
      #expect(try Tool.run(arguments + ["--overwrite"]).status == 0)
      #expect(try tones.read("my.safetensors.lock") == "mine")
    }
  }

  @Test(arguments: [
    (output: "my", taken: "my.checkpoint.safetensors"),
    (output: "link.safetensors", taken: "my.safetensors"),
    (output: "my.checkpoint.safetensors", taken: "my.checkpoint.safetensors"),
  ])
  func `trainings that share a checkpoint, or a file by a link, never run together`(
    _ names: (output: String, taken: String)
  ) throws {
    try Tones.run { tones in
      let clips = try sayClips(tones)
      try FileManager.default.createSymbolicLink(
        atPath: tones.folder + "/link.safetensors",
        withDestinationPath: tones.folder + "/my.safetensors")
      try tones.write([], to: "my.safetensors")
      let arguments =
        ["train", clips, "-o", "\(tones.folder)/\(names.output)", "--epochs", "1"] + small
      let line = arguments.map { "'\($0)'" }.joined(separator: " ")
      let lock = "\(tones.folder)/\(names.taken).lock"
      let second = try Tool.shell("flock '\(lock)' '\(Tool.path)' \(line)")
      #expect(second.status == 1 && second.errors.contains("another process"), "\(second.errors)")
      let run = try Tool.run(arguments)
      #expect(run.status == 0, "\(run.errors)")
    }
  }

  @Test func `an older checkpoint that is there is not replaced`() throws {
    try Tones.run { tones in
      let clips = try sayClips(tones)
      try tones.write("mine".utf8, to: "my.checkpoint-1.safetensors")
      let run = try Tool.run(
        ["train", clips, "-o", tones.folder + "/my.safetensors", "--epochs", "1"] + small
          + ["--keep-checkpoints", "2"])
      #expect(
        run.status == 1 && run.errors.contains("my.checkpoint-1.safetensors: "), "\(run.errors)")
      #expect(try tones.read("my.checkpoint-1.safetensors") == "mine")
    }
  }

  @Test func `no command writes to what a training writes to`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayClips(tones), tones.folder + "/my.safetensors")
      #expect(try Tool.run(["train", clips, "-o", model, "--epochs", "1"] + small).status == 0)
      let taken = tones.folder + "/taken.safetensors"
      try tones.write("abc".utf8, to: "text.txt")
      let lines = [
        "quantize '\(model)' -o '\(taken)' --overwrite",
        "tune '\(clips)' --model '\(model)' -o '\(taken)' --overwrite",
        "export --onnx '\(model)' -o '\(taken)' --overwrite",
        "lm train '\(tones.folder)/text.txt' --neural -o '\(taken)' --overwrite",
      ]
      for line in lines {
        let run = try Tool.shell("flock '\(taken).lock' '\(Tool.path)' \(line)")
        #expect(
          run.status == 1 && run.errors.contains("another process"), "\(line): \(run.errors)")
      }
    }
  }

  @Test func `a file that somebody puts there meanwhile stays`() throws {
    try Tones.run { tones in
      let run = try Tool.shell(
        """
        cd '\(tones.folder)'; export TMPDIR='\(tones.folder)'
        stapes train '\(fixturePath("clips/digits"))' -o my.safetensors --epochs 400 -q \
          --from none --hidden 32 --layers 1 --no-augment &
        until [ -s my.safetensors ]; do kill -0 $! && sleep 0.05 || exit 9; done
        echo precious > my.safetensors; wait $!
        """)
      #expect(
        run.status == 1 && run.errors.contains("another program has changed this file"),
        "\(run.errors)")
      #expect(try tones.read("my.safetensors") == "precious\n")
    }
  }

  @Test func `going on replaces the model of that training, and no other file`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayClips(tones), tones.folder + "/my.safetensors")
      let checkpoint = tones.folder + "/my.checkpoint.safetensors"
      let arguments = ["train", clips, "-o", model, "--epochs", "2"] + small
      #expect(try Tool.run(arguments + ["--keep-checkpoints", "1"]).status == 0)
      #expect(FileManager.default.fileExists(atPath: checkpoint))
      let anew = try Tool.run(arguments)
      #expect(anew.errors.hasPrefix("stapes: \(checkpoint): "), "\(anew.errors)")
      #expect(anew.status == 1 && anew.errors.contains("--resume"))
      let own = try Tool.run(arguments + ["--resume", "--keep-checkpoints", "1"])
      #expect(own.status == 0, "\(own.errors)")
      for stranger in [
        Array("my notes".utf8), Array(try Data(contentsOf: URL(filePath: tones.model))),
      ] {
        try tones.write(stranger, to: "my.safetensors")
        let run = try Tool.run(arguments + ["--resume", "--keep-checkpoints", "1"])
        #expect(run.errors.hasPrefix("stapes: \(model): "), "\(run.errors)")
        #expect(run.status == 1 && run.errors.contains("--overwrite"))
        #expect(FileManager.default.contents(atPath: model) == Data(stranger))
      }
      #expect(try Tool.run(arguments + ["--overwrite"]).status == 0)
      #expect(try Tool.run("info", model).status == 0)
      #expect(!FileManager.default.fileExists(atPath: checkpoint))
    }
  }

  @Test func `a model that cannot go to its file is kept elsewhere`() throws {
    try Tones.run { tones in
      let (clips, model) = (try sayClips(tones), tones.folder + "/my.safetensors")
      let (log, other) = (tones.folder + "/log", tones.folder + "/other")
      try FileManager.default.createDirectory(atPath: other, withIntermediateDirectories: true)
      let run = try Tool.shell(
        """
        TMPDIR='\(other)' '\(Tool.path)' train '\(clips)' -o '\(model)' --epochs 1000000 \
          \(small.joined(separator: " ")) > '\(log)' & job=$!
        tail --follow=name --retry --pid=$job '\(log)' 2> /dev/null | grep -q '^epoch 2 of'
        until rm -f '\(model)' && mkdir '\(model)' 2> /dev/null; do :; done
        kill -INT $job; wait $job
        """)
      #expect(run.status == 1, "\(run.errors)")
      let kept = try FileManager.default.contentsOfDirectory(atPath: other)
      let name = try #require(kept.first { $0.hasSuffix("-my.safetensors") })
      #expect(run.errorLines.last?.hasSuffix("\(other)/\(name)") == true, "\(run.errors)")
      #expect(try Tool.run("info", other + "/" + name).status == 0)
    }
  }

  /// Whether this process may mount a file system for itself.
  static let mayMount =
    (try? Tool.shell("unshare -m mount -t tmpfs -o size=64k tmpfs /mnt").status) == 0

  @Test(.enabled(if: mayMount), arguments: [1, 2, 3, 5, 6, 7, 8, 10, 14])
  func `on a full disk the model is kept, whatever becomes of checkpoints`(halves: Int) throws {
    try Tones.run { tones in
      let (clips, model) = (try sayClips(tones), tones.folder + "/my.safetensors")
      let arguments = ["--epochs", "3", "--set", "averagedModelCount=3"] + small
      #expect(try Tool.run(["train", clips, "-o", model] + arguments).status == 0)
      let size = try #require(FileManager.default.contents(atPath: model)).count
      let (disk, other) = (tones.folder + "/disk", tones.folder + "/other")
      for folder in [disk, other] {
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      }
      // In halves of the model and a page for each file; what is left of the disk is shown.
      let run = try Tool.shell(
        """
        export TMPDIR='\(other)'
        unshare -m bash -c 'mount -t tmpfs -o size=\(size * halves / 2 + 8192) tmpfs "\(disk)"
          "\(Tool.path)" train "\(clips)" -o "\(disk)/my.safetensors" \
            \(arguments.joined(separator: " ")) > /dev/null
          status=$?
          cp "\(disk)/my.safetensors" "\(other)/on-disk" 2> /dev/null
          exit $status'
        """)
      let kept = try FileManager.default.contentsOfDirectory(atPath: other)
      let elsewhere = kept.filter { $0.hasSuffix("-my.safetensors") }
      #expect(run.status == (elsewhere.isEmpty ? 0 : 1), "\(run.errors)")
      let found = other + "/" + (elsewhere.first ?? "on-disk")
      let whole = FileManager.default.contents(atPath: model)
      #expect(whole == FileManager.default.contents(atPath: found), "\(kept) \(run.errors)")
    }
  }
}
