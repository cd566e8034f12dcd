import Foundation
import StapesFiles
import StapesModel
import TestSupport
import Testing

@Suite struct ModelFileTests {
  func error(reading path: String) -> ModelError? {
    do throws(ModelError) {
      _ = try SpeechModel(contentsOf: path)
      return nil
    } catch {
      return error
    }
  }

  @Test func `says why a file cannot be read`() throws {
    try withTemporaryFolder { folder in
      let missing = folder + "/missing.safetensors"
      #expect(
        error(reading: missing) == .file(FileError(missing, role: "model", .read, .missing)))
      #expect(error(reading: folder) == .file(FileError(folder, role: "model", .read, .folder)))
      let endless = "/dev/zero"
      #expect(
        error(reading: endless) == .file(FileError(endless, role: "model", .read, .irregular)))
      let empty = folder + "/empty"
      try Data().write(to: URL(filePath: empty))
      #expect(
        error(reading: empty)
          == .refused(path: empty, fault: .notSafetensors(resembles: "an empty file")))
    }
  }

  @Test func `replaces a file whole, also through a link, and leaves nothing else behind`() throws {
    try withTemporaryFolder { folder in
      let (path, link) = (folder + "/m.safetensors", folder + "/link")
      try Data("old".utf8).write(to: URL(filePath: path))
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: path)
      let model = try smallModel()
      try model.write(to: link)
      #expect(try Data(contentsOf: URL(filePath: path)).elementsEqual(model.serialized()))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == path)
      #expect(try SpeechModel(contentsOf: link).alphabet == model.alphabet)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.sorted() == ["link", "m.safetensors"])
    }
  }

  @Test func `says why a file cannot be written, and leaves nothing behind`() throws {
    try withTemporaryFolder { folder in
      let model = try smallModel()
      let orphan = folder + "/no/m.safetensors"
      #expect(throws: ModelError.file(FileError(orphan, role: "model", .write, .missing))) {
        try model.write(to: orphan)
      }
      #expect(throws: ModelError.file(FileError(folder, role: "model", .write, .folder))) {
        try model.write(to: folder)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
      // A pipe of one's own stands for a device: a test must not replace /dev/null.
      let pipe = folder + "/pipe"
      try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [pipe]).waitUntilExit()
      #expect(throws: ModelError.file(FileError(pipe, role: "model", .write, .irregular))) {
        try model.write(to: pipe)
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pipe"])
    }
  }

  @Test(arguments: [
    (
      ModelError.file(FileError("a b", role: "model", .read, .missing)),
      "a b: the model cannot be read: there is no such file; check its path and permissions"
    ),
    (
      .refused(path: "x", fault: .wrongLength(expected: 20, found: 9)),
      "x: the model is cut short: 9 bytes of 20; copy or download the file again"
    ),
    (
      .refused(path: "x", fault: .missingMetadata(key: "stapes_format")),
      "x: a safetensors file, but not a Stapes model (no `stapes_format` in its metadata); "
        + "give one written by `stapes train`"
    ),
  ])
  func `names file, cause and remedy`(error: ModelError, sentence: String) {
    #expect(error.description == sentence)
  }
}
