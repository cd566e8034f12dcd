import StapesFiles
import SystemPackage
import Testing

@Suite struct FileErrorTests {
  private func check(_ error: FileError, _ sentence: String) {
    #expect(error.description == sentence)
  }

  @Test func `what cannot be read is told with what to do`() {
    check(
      FileError("a", role: "model", .read, .missing),
      """
      a: the model cannot be read: there is no such file; check its path and permissions
      """)
    check(
      FileError("a/b", .read, .system(.notDirectory)),
      """
      a/b: the file cannot be read: there is no such file; check its path and permissions
      """)
    check(
      FileError("d", role: "folder", .read, .missing),
      """
      d: the folder cannot be read: it does not exist; check its path and permissions
      """)
    check(
      FileError("d", role: "folder", .read, .system(.notDirectory)),
      """
      d: the folder cannot be read: it is a file; check its path and permissions
      """)
    check(
      FileError("caf\u{FFFD}", .read, .missing),
      """
      caf\u{FFFD}: the file cannot be read: its name is not UTF-8; rename it
      """)
    check(
      FileError("d", role: "list", .read, .folder),
      """
      d: the list cannot be read: it is a folder; give a file
      """)
    check(
      FileError("-", role: "list", .read, .system(.ioError)),
      """
      standard input: the list cannot be read: Input/output error; check its path and \
      permissions
      """)
    check(
      FileError("a", .read, .system(.notPermitted)),
      """
      a: the file cannot be read: permission denied; check its path and permissions
      """)
    check(
      FileError("p", .read, .irregular),
      """
      p: the file cannot be read: it is not a regular file; give a file
      """)
    check(
      FileError("z", role: "text", .read, .damagedGzip),
      """
      z: the text cannot be read: what gzip packed is damaged or cut short; copy the file \
      again, or use it unpacked
      """)
    check(
      FileError("z", .read, .gzipBomb(highestRatio: 500)),
      """
      z: the file cannot be read: it unpacks to more than 500 times its size; unpack it \
      first, if it is meant
      """)
    check(
      FileError("t", role: "temporary file", .read, .cutShort),
      """
      t: the temporary file cannot be read: a temporary file was cut short; check its path \
      and permissions
      """)
    check(
      FileError("a", .write, .system(.readOnlyFileSystem)),
      """
      a: the file cannot be written: the file system is read-only; choose another place \
      for it
      """)
  }

  @Test func `what cannot be written is told with what to do`() {
    check(
      FileError("n/a", .write, .missing),
      """
      n/a: the file cannot be written: its folder does not exist; choose another place for \
      it
      """)
    check(
      FileError("n/a", .write, .system(.notDirectory)),
      """
      n/a: the file cannot be written: a file stands where its folder should; choose \
      another place for it
      """)
    check(
      FileError("a", .write, .system(.noSpace)),
      """
      a: the file cannot be written: no space left on the device; make room, or choose \
      another place for it
      """)
    check(
      FileError("a", .write, .system(.fileNameTooLong)),
      """
      a: the file cannot be written: the name is too long; choose another place for it
      """)
    check(
      FileError("a", .write, .link),
      """
      a: the file cannot be written: it is a symbolic link; choose another place for it
      """)
    check(
      FileError.occupied(["a", "b", "c"]),
      """
      a: the file exists already and would be replaced, as would b, c; choose another \
      output, or give --overwrite
      """)
    check(
      FileError("a", .write, .isInput),
      """
      a: the file is read, and would be replaced by the output; choose another output
      """)
    check(
      FileError("a", .write, .twice),
      """
      a: two results would be written there; choose another name for one of them
      """)
    check(
      FileError("a", .write, .noFolder),
      """
      a: it is a file, and the output needs a folder there; choose another output
      """)
    check(
      FileError("a", .write, .busy),
      """
      a: another process writes there now; wait for its end, or choose another output
      """)
  }

  @Test func `of many files in the way some are named and the rest counted`() {
    let error = FileError.occupied((0...25).map { "f\($0)" })
    #expect(error.description.contains("f20 and 5 more;"))
    #expect(!error.description.contains("f21"))
  }
}
