import NIOCore
import StapesProtocols
import Testing

@Suite struct MultipartTests {
  /// A body with a field, a file that holds what looks like a boundary, and an empty field.
  static let body = Array(
    """
    --xx\r
    Content-Disposition: form-data; name="model"\r
    \r
    english\r
    --xx  \r
    content-type: audio/wav\r
    Content-Disposition: form-data; name="file"; filename="a;\\"b\\".wav"\r
    \r
    RIFF\r\n--x\r\n--xy\r\n--\r\n\r
    --xx\r
    Content-Disposition: form-data; name=empty\r
    \r
    \r
    --xx--\r\nwhat follows
    """.utf8)

  static let expected = [
    Found(name: "model", fileName: nil, data: "english"),
    Found(name: "file", fileName: "a;\"b\".wav", data: "RIFF\r\n--x\r\n--xy\r\n--\r\n"),
    Found(name: "empty", fileName: nil, data: ""),
  ]

  /// A part as it was read.
  struct Found: Equatable {
    let name: String
    let fileName: String?
    var data: String
  }

  /// Reads pieces one by one.
  private func read(
    _ pieces: [ArraySlice<UInt8>], boundary: String = "xx"
  ) throws -> (parts: [Found], isComplete: Bool) {
    var parser = MultipartParser(boundary: boundary)
    var parts: [Found] = []
    var endCount = 0
    for piece in pieces {
      parser.append(ByteBuffer(bytes: piece))
      while let event = try parser.next() {
        switch event {
        case .part(let part):
          parts.append(Found(name: part.name, fileName: part.fileName, data: ""))
        case .data(let bytes): parts[parts.count - 1].data += String(buffer: bytes)
        case .endOfPart: endCount += 1
        case .end: break
        }
      }
    }
    if parser.isComplete { #expect(endCount == parts.count) }
    return (parts, parser.isComplete)
  }

  @Test func anySplitGivesTheSameParts() throws {
    for cut in 0...Self.body.count {
      let found = try read([Self.body[..<cut], Self.body[cut...]])
      #expect(found.parts == Self.expected, "cut at \(cut)")
      #expect(found.isComplete)
    }
    let single = try read(Self.body.indices.map { Self.body[$0...$0] })
    #expect(single.parts == Self.expected && single.isComplete)
  }

  @Test func aBodyThatEndsEarlyIsNotComplete() throws {
    let end = try #require(Self.body.lastIndex(of: 45))
    for cut in 0..<end {
      #expect(try !read([Self.body[..<cut]]).isComplete, "cut at \(cut)")
    }
  }

  @Test(arguments: 1...40)
  func contentOfBoundariesInPartsComesThroughWhole(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let bytes = Array("\r\n--xx".utf8)
    let content = (0..<200).map { _ in bytes.randomElement(using: &generator) ?? 0 }
    // What would be a boundary ends the part, as it should; the test is about what is none.
    let text = String(decoding: content, as: UTF8.self).replacing("\r\n--xx", with: "\r\n--q")
    let body = Array(
      "--xx\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\(text)\r\n--xx--".utf8)
    var pieces: [ArraySlice<UInt8>] = []
    var start = 0
    while start < body.count {
      let end = min(start + Int.random(in: 1...9, using: &generator), body.count)
      pieces.append(body[start..<end])
      start = end
    }
    let found = try read(pieces)
    #expect(found.parts == [Found(name: "a", fileName: nil, data: text)])
    #expect(found.isComplete)
  }

  @Test func whatIsNoFormIsRefused() {
    func fault(_ text: String) -> MultipartParser.Fault? {
      do {
        _ = try read([Array(text.utf8)[...]])
        return nil
      } catch {
        return error as? MultipartParser.Fault
      }
    }
    #expect(fault("{\"file\": \"a.wav\"} and so on") == .noBoundary)
    #expect(fault("--xxyy\r\n") == .malformedBoundary)
    #expect(fault("--xx\r\nContent-Type: a/b\r\n\r\n") == .namelessPart)
    #expect(fault("--xx\r\nContent-Disposition: form-data\r\n\r\n") == .namelessPart)
    #expect(fault("--xx\r\n" + String(repeating: "a", count: 8192)) == .headersTooLong)
  }
}

/// A generator whose numbers are the same for the same seed (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64
  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
