import Foundation
import Testing

@Suite struct ExportTests {
  @Test func `a model becomes a file of ONNX, and a clip an example of it`() throws {
    try Tones.run { tones in
      try tones.say("cab a", in: "clip.wav")
      let run = try Tool.shell(
        "cd '\(tones.folder)' && stapes export tones.safetensors --onnx --example clip.wav")
      #expect(run.errors.isEmpty && run.output.isEmpty && run.status == 0)
      let file = try Data(contentsOf: URL(filePath: tones.folder + "/tones.onnx"))
      // The version of the format, and who made it: the first two fields.
      #expect(file.starts(with: [0x08, 8, 0x12, 6] + Array("stapes".utf8)))
      // Nothing but the network is in the file; it has some thousand weights.
      #expect((4_000...100_000).contains(file.count))
      for name in ["input", "output"] {
        #expect(FileManager.default.fileExists(atPath: "\(tones.folder)/tones.\(name).pb"))
      }
    }
  }

  @Test func `what cannot be done is told in one line`() throws {
    try Tones.run { tones in
      let noFormat = try Tool.run("export", tones.model)
      #expect(noFormat.errors.contains("--onnx") && noFormat.status == 1)
      let sound = try tones.say("a", in: "clip.wav")
      let noModel = try Tool.run("export", sound, "--onnx", "-o", tones.folder + "/a.onnx")
      #expect(noModel.errorLines.count == 1 && noModel.errors.contains("not a model but a sound"))
      let noFolder = try Tool.run("export", tones.model, "--onnx", "-o", tones.folder + "/no/a")
      #expect(noFolder.errorLines.count == 1 && noFolder.errors.contains("cannot be written"))
      let noClip = try Tool.run(
        "export", tones.model, "--onnx", "-o", tones.folder + "/a.onnx", "--example", "no.wav")
      #expect(noClip.errorLines.count == 1 && noClip.errors.contains("no.wav"))
      #expect(noModel.status == 1 && noFolder.status == 1 && noClip.status == 1)
      #expect(!FileManager.default.fileExists(atPath: tones.folder + "/a.onnx"))
    }
  }
}
