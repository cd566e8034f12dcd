import Foundation
import StapesFiles
import SystemPackage
import TestSupport
import Testing

@Suite struct WritingTests {
  private let files = FileManager.default

  private func cause(_ body: () throws -> Void) -> FileError.Cause? {
    do {
      try body()
      return nil
    } catch {
      return (error as? FileError)?.cause
    }
  }

  private func read(_ path: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
  }

  @Test func `a file is replaced whole, with its permissions, and nothing else is left`() throws {
    try withTemporaryFolder { folder in
      // As long as a name may be.
      let path = folder + "/" + String(repeating: "n", count: 255)
      try FileSystem.write("old", to: path)
      try files.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
      do {
        let file = try ReplacedFile(path: path)
        try file.write(Array("half".utf8))
        #expect(try read(path) == "old")
        #expect(try files.contentsOfDirectory(atPath: folder).count == 2)
      }
      #expect(try files.contentsOfDirectory(atPath: folder).count == 1)
      try FileSystem.write("new", to: path)
      #expect(try read(path) == "new")
      #expect(try files.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o640)
      #expect(try files.contentsOfDirectory(atPath: folder).count == 1)
    }
  }

  @Test func `a link is followed or replaced, as is asked`() throws {
    try withTemporaryFolder { folder in
      let (path, link) = (folder + "/other/file", folder + "/link")
      try FileSystem.makeFolder(folder + "/other")
      try FileSystem.write("old", to: path)
      try files.createSymbolicLink(atPath: link, withDestinationPath: "other/file")
      try FileSystem.write("new", to: link)
      #expect(try read(path) == "new" && FileNode(at: link)?.kind == .link)
      var file = try ReplacedFile(path: link, followsLinks: false)
      try file.write(Array("own".utf8))
      try file.commit()
      #expect(try read(path) == "new" && read(link) == "own" && FileNode(at: link)?.kind == .file)
      // The system goes up from where a link leads, not from where it lies.
      try FileSystem.makeFolder(folder + "/other/inner")
      try files.createSymbolicLink(atPath: folder + "/inner", withDestinationPath: "other/inner")
      try files.createSymbolicLink(atPath: folder + "/other/link", withDestinationPath: "file")
      try FileSystem.write("up", to: folder + "/inner/../link")
      #expect(try read(path) == "up" && read(link) == "own")
      #expect(
        try files.contentsOfDirectory(atPath: folder + "/other").sorted()
          == ["file", "inner", "link"])
    }
  }

  @Test func `what is there stays where it is not to be replaced, unless it has no byte`() throws {
    try withTemporaryFolder { folder in
      let (path, link) = (folder + "/file", folder + "/link")
      try FileSystem.write("mine", to: path)
      #expect(
        cause { try FileSystem.write("new", to: path, replaces: false) } == .occupied(others: []))
      try files.createSymbolicLink(atPath: link, withDestinationPath: "nowhere")
      #expect(
        cause { try FileSystem.write("new", to: link, replaces: false) } == .occupied(others: []))
      #expect(try read(path) == "mine" && FileNode(at: link)?.kind == .link)
      try Data().write(to: URL(filePath: path))
      try FileSystem.write("new", to: path, replaces: false)
      #expect(try read(path) == "new")
      try FileSystem.write("new", to: folder + "/other", replaces: false)
      #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["file", "link", "other"])
    }
  }

  @Test func `folders, pipes, devices and full disks are told by their cause`() throws {
    try withTemporaryFolder { folder in
      let pipe = folder + "/pipe"
      try Process.run(URL(filePath: "/usr/bin/mkfifo"), arguments: [pipe]).waitUntilExit()
      #expect(cause { try FileSystem.write("", to: folder) } == .folder)
      #expect(cause { try FileSystem.write("", to: pipe) } == .irregular)
      #expect(cause { try FileSystem.write("", to: folder + "/no/file") } == .missing)
      #expect(cause { _ = try FileSystem.read(pipe) } == .irregular)
      #expect(cause { _ = try FileSystem.read("/dev/zero") } == .irregular)
      #expect(cause { _ = try FileSystem.read(folder) } == .folder)
      #expect(cause { _ = try FileSystem.read(folder + "/none/at/all") } == .missing)
      #expect(cause { try AppendedFile(path: pipe).append("a") } == .irregular)
      let error = #expect(throws: FileError.self) {
        try FileSystem.append([UInt8](repeating: 1, count: 1 << 20), to: "/dev/full")
      }
      #expect(error?.isFullDisk == true)
      #expect(try files.contentsOfDirectory(atPath: folder) == ["pipe"])
    }
  }

  @Test func `folders are made with those above them, and not where a file is in the way`() throws {
    try withTemporaryFolder { folder in
      try FileSystem.makeFolder(folder + "/a/b/c")
      try FileSystem.makeFolder(folder + "/a/b/c/")
      #expect(FileNode.isFolder(folder + "/a/b/c"))
      try FileSystem.write("x", to: folder + "/a/file")
      for path in ["/a/file", "/a/file/b/c"] {
        let error = #expect(throws: FileError.self) { try FileSystem.makeFolder(folder + path) }
        #expect(error == FileError(folder + "/a/file", .write, .noFolder))
      }
      // What a link leads to is not removed with it.
      try FileSystem.write("y", to: folder + "/kept")
      try files.createSymbolicLink(atPath: folder + "/a/link", withDestinationPath: folder)
      FileSystem.removeFiles(inFolder: folder + "/a")
      #expect(try files.contentsOfDirectory(atPath: folder).sorted() == ["a", "kept"])
      #expect(try files.contentsOfDirectory(atPath: folder + "/a") == ["b"])
    }
  }

  @Test func `lines are appended by one process at a time, behind a torn one on their own`() throws
  {
    try withTemporaryFolder { folder in
      let (path, link) = (folder + "/journal", folder + "/link")
      try Data("whole\ntorn".utf8).write(to: URL(filePath: path))
      try files.createSymbolicLink(atPath: link, withDestinationPath: path)
      #expect(cause { try AppendedFile(path: link).append("a\n") } == .link)
      do {
        let journal = try AppendedFile(path: path)
        try journal.append("next\n")
        #expect(journal.byteCount == 16)
        #expect(cause { try AppendedFile(path: path).append("other\n") } == .busy)
      }
      try AppendedFile(path: path).append("last\n")
      #expect(try read(path) == "whole\ntorn\nnext\nlast\n")
    }
  }

  @Test func `a lock is one process's, and goes with it`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/lock"
      try withExtendedLifetime(FileLock(path: path)) {
        #expect(cause { _ = try FileLock(path: path) } == .busy)
      }
      #expect(try files.contentsOfDirectory(atPath: folder).isEmpty)
      try Data("not a lock".utf8).write(to: URL(filePath: path))
      do { _ = try FileLock(path: path) }
      #expect(try read(path) == "not a lock")
      #expect(cause { _ = try FileLock(path: folder + "/no/lock") } == .missing)
    }
  }

  @Test func `a lock ends with its holder, whatever copies of it there are`() throws {
    try withTemporaryFolder { folder in
      let (path, lock) = (folder + "/journal", folder + "/lock")
      // Copies of descriptors, as a child process has them until it runs its program.
      var copies: [FileDescriptor] = []
      func copyDescriptors(of path: String) throws {
        for name in try files.contentsOfDirectory(atPath: "/proc/self/fd") {
          guard let number = CInt(name),
            (try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/" + name)) == path
          else { continue }
          copies.append(try FileDescriptor(rawValue: number).duplicate())
        }
      }
      do {
        let journal = try AppendedFile(path: path)
        try copyDescriptors(of: path)
        try journal.append("a\n")
      }
      try withExtendedLifetime(FileLock(path: lock)) { try copyDescriptors(of: lock) }
      #expect(copies.count >= 2)
      try AppendedFile(path: path).append("b\n")
      #expect(try read(path) == "a\nb\n")
      #expect(cause { _ = try FileLock(path: lock) } == nil)
      for copy in copies { try copy.close() }
    }
  }

  @Test func `outputs are checked before any work`() throws {
    try withTemporaryFolder { folder in
      let (a, b) = (folder + "/a", folder + "/b")
      try FileSystem.write("mine", to: a)
      try Data().write(to: URL(filePath: folder + "/empty"))
      try files.createSymbolicLink(atPath: folder + "/self", withDestinationPath: ".")
      try files.createSymbolicLink(atPath: folder + "/link", withDestinationPath: "a")
      func check(_ paths: [String], inputs: [String] = [], overwrites: Bool = false) -> FileError? {
        do throws(FileError) {
          try OutputGuard.check(paths, inputs: inputs, overwrites: overwrites)
          return nil
        } catch {
          return error
        }
      }
      #expect(check([b, folder + "/empty"]) == nil)
      #expect(check([a, b, folder + "/link/"])?.path == folder + "/link/")
      #expect(check([a, b]) == .occupied([a]))
      #expect(check([a], overwrites: true) == nil)
      #expect(check([a], inputs: [folder + "/link"], overwrites: true)?.cause == .isInput)
      #expect(check([b, folder + "/self/b"])?.cause == .twice)
      #expect(check([folder + "/no/file"])?.cause == .missing)
      #expect(check([folder], overwrites: true)?.cause == .folder)
      #expect(check(["/dev/full"], overwrites: true)?.cause == .irregular)
      #expect(
        try files.contentsOfDirectory(atPath: folder).sorted() == ["a", "empty", "link", "self"])
    }
  }
}
