import Foundation
import StapesFiles
import TestSupport
import Testing

/// Against the program `gzip`.
@Suite struct GzipTests {
  private func gzip(_ bytes: some Sequence<UInt8>, _ flags: String...) throws -> [UInt8] {
    try filtered(Array(bytes), by: "/usr/bin/gzip", flags)
  }

  /// The lines of a file with these bytes.
  private func lines(_ bytes: [UInt8]) throws -> [String] {
    try withTemporaryFolder { folder in
      try Data(bytes).write(to: URL(filePath: folder + "/text"))
      var reader = try LineReader(path: folder + "/text", role: "text")
      var lines: [String] = []
      while let line = try reader.next() { lines.append(String(decoding: line, as: UTF8.self)) }
      return lines
    }
  }

  private func cause(_ bytes: [UInt8]) throws -> FileError.Cause? {
    do {
      _ = try lines(bytes)
      return nil
    } catch let error as FileError {
      return error.cause
    }
  }

  private let text = (0..<40_000).map { "line \($0 &* 2_654_435_761 % 1_000_003)" }
  private var bytes: [UInt8] { Array((text.joined(separator: "\n") + "\n").utf8) }

  @Test func `members one behind another are one text, whatever zeros follow`() throws {
    let packed = try gzip(bytes)
    #expect(try lines(packed) == text)
    #expect(try lines(packed + gzip("more\n".utf8, "-1") + gzip([])) == text + ["more"])
    for count in [1, 511, 65_536, 200_000] {
      #expect(try lines(packed + [UInt8](repeating: 0, count: count)) == text)
    }
    #expect(try lines(gzip([])).isEmpty)
  }

  @Test func `a file that is cut at any byte is told`() throws {
    let packed = try gzip("a text\nof two lines\n".utf8)
    for count in 2..<packed.count {
      #expect(try cause(Array(packed.prefix(count))) == .damagedGzip, "\(count) bytes")
    }
    let large = try gzip(bytes)
    #expect(try cause(large.dropLast(1)) == .damagedGzip)
    #expect(try cause(Array(large.prefix(large.count / 2))) == .damagedGzip)
  }

  @Test func `a changed bit of the content, and anything behind the end, are told`() throws {
    let packed = try gzip("a text\nof two lines\n".utf8)
    // What comes before is the head, of which time and system may be any.
    for place in 10..<packed.count {
      var changed = packed
      changed[place] ^= 1 << (place % 8)
      #expect(try cause(changed) == .damagedGzip, "byte \(place)")
    }
    #expect(try cause(packed + Array("more\n".utf8)) == .damagedGzip)
    #expect(try cause(packed + [0, 0] + Array("more\n".utf8)) == .damagedGzip)
  }

  @Test func `what unpacks to a thousand times its size is refused before it fills memory`() throws
  {
    let member = try gzip([UInt8](repeating: 0x0A, count: 1 << 20), "-9")
    let bomb = [[UInt8]](repeating: member, count: 200).flatMap(\.self)
    #expect(try cause(bomb) == .gzipBomb(highestRatio: 500))
    // A small one does no harm.
    #expect(try lines(member).count == 1 << 20)
  }

  @Test func `what is packed is unpacked by gzip, in whatever parts it came`() throws {
    for size in [0, 1, 65_535, bytes.count] {
      var packer = ZlibStream(.packingGzip)
      let (first, rest) = (Array(bytes.prefix(size)), Array(bytes.dropFirst(size)))
      let packed =
        packer.pack(first, isLast: false) + packer.pack([], isLast: false)
        + packer.pack(rest, isLast: true)
      #expect(try gzip(packed, "-d") == bytes)
      #expect(packed.count < bytes.count)
    }
    var empty = ZlibStream(.packingGzip)
    #expect(try gzip(empty.pack([], isLast: true), "-d").isEmpty)
  }

  @Test func `checks have the values that their standards give`() {
    #expect(Array("123456789".utf8).crc32 == 0xCBF4_3926)
    #expect([UInt8]().crc32 == 0)
    #expect(CRC32C.check(of: "123456789".utf8) == 0xE306_9283)
    // Landon Noll's test vectors of the 64-bit FNV-1a.
    for (text, value) in [
      ("", 0xCBF2_9CE4_8422_2325), ("a", 0xAF63_DC4C_8601_EC8C), ("foobar", 0x8594_4171_F739_67E8),
    ] as [(String, UInt64)] {
      var sum = Checksum()
      for byte in text.utf8 { sum.add(UInt64(byte)) }
      #expect(sum.value == value)
    }
    // Whole words and bytes are two ways to the same words.
    var (words, bytes) = (Checksum(), Checksum())
    words.add([0x0807_0605_0403_0201, 0x0A09] as [UInt64])
    bytes.add([1, 2, 3, 4, 5, 6, 7, 8, 9, 10] as [UInt8])
    #expect(words.value == bytes.value && words.digits.count == 16)
  }
}
