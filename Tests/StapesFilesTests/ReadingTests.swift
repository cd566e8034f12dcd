import Foundation
import StapesFiles
import TestSupport
import Testing

@Suite struct ReadingTests {
  private let files = FileManager.default

  @Test func `what a pipe gives in parts is read as if it came at once`() throws {
    try withTemporaryFolder { folder in
      let pipe = folder + "/pipe"
      try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [pipe]).waitUntilExit()
      let writer = Process()
      writer.executableURL = URL(filePath: "/bin/sh")
      writer.arguments = ["-c", "yes | head -c 1000000 > '\(pipe)'"]
      try writer.run()
      let file = try OpenFile(reading: pipe)
      #expect(file.byteCount == nil)
      let bytes = try file.read(999_999)
      #expect(bytes.count == 999_999 && bytes.prefix(3) == [0x79, 0x0A, 0x79])
      #expect(try file.read(10) == [0x0A])
      #expect(try file.read(10).isEmpty)
      writer.waitUntilExit()
    }
  }

  @Test func `bytes are read at their places, and words with the lowest byte first`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file"
      try Data(0..<20).write(to: URL(filePath: path))
      let file = try OpenFile(reading: path)
      #expect(try file.read(3, at: 18) == [18, 19] && file.read(3, at: 30).isEmpty)
      #expect(try file.read(2, of: UInt64.self) == [0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908])
      file.seek(to: 1)
      #expect(try file.read(2) == [1, 2] && file.readRest().count == 17)
      let other = try OpenFile(temporaryFor: "test")
      try other.write([1, 2] as [UInt64])
      other.seek(to: 8)
      #expect(try other.read(5, of: UInt64.self) == [2])
    }
  }

  @Test func `a tree has each file once, in the order of bytes, without what is hidden`() throws {
    try withTemporaryFolder { folder in
      for name in ["b/x", "b.c", "B", "a/.hidden", "a/caf\u{E9}", "a/cafe\u{301}", ".git/y"] {
        try FileSystem.makeFolder((folder + "/" + name).folderPath)
        try FileSystem.write("", to: folder + "/" + name)
      }
      try files.createSymbolicLink(atPath: folder + "/a/up", withDestinationPath: folder)
      try files.createSymbolicLink(atPath: folder + "/c", withDestinationPath: "b")
      try files.createSymbolicLink(atPath: folder + "/lost", withDestinationPath: "nowhere")
      let tree = try FileTree(path: folder)
      #expect(
        tree.files.map(\.byteName)
          == ["B", "a/cafe\u{301}", "a/caf\u{E9}", "b.c", "b/x", "lost"].map(\.byteName))
      #expect(tree.unreadable.isEmpty)
      #expect(throws: FileError(folder + "/none", role: "folder", .read, .missing)) {
        try FileTree(path: folder + "/none")
      }
    }
  }

  @Test func `a node tells a file from others, whichever way leads to it`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/file"
      try FileSystem.write("abc", to: path)
      try files.linkItem(atPath: path, toPath: folder + "/same")
      try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "file")
      let node = try #require(FileNode(at: path))
      #expect(node.kind == .file && node.size == 3)
      #expect(FileNode(at: folder + "/same") == node)
      #expect(FileNode(at: folder + "/link", followsLinks: true) == node)
      #expect(FileNode(at: folder + "/link")?.kind == .link)
      let date = try files.attributesOfItem(atPath: path)[.modificationDate] as? Date
      let seconds = try #require(date).timeIntervalSince1970
      #expect(abs(Double(node.modified) / 1e6 - seconds) < 2e-6)
      try FileSystem.write("abc", to: path)
      #expect(FileNode(at: path)?.isSameFile(as: node) == false)
      #expect(FileNode.isNothing(at: path + "/x") && FileNode.isNothing(at: folder + "/none"))
      #expect(!FileNode.isNothing(at: folder + "/link"))
    }
  }
}
