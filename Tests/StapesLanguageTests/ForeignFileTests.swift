import FoundationEssentials
import StapesLanguage
import TestSupport
import Testing

/// Files that other programs made, well or badly.
@Suite struct ForeignFileTests {
  private func error(_ bytes: some Sequence<UInt8>) throws -> LanguageError? {
    try withTemporaryFolder { folder in
      let path = folder + "/lm.arpa"
      try Data(bytes).write(to: URL(filePath: path))
      do throws(LanguageError) {
        _ = try NGramModel(contentsOf: path)
        return nil
      } catch {
        return error
      }
    }
  }

  private func model(_ text: String) throws -> NGramModel {
    try withTemporaryFolder { folder in
      let path = folder + "/lm.arpa"
      try Data(text.utf8).write(to: URL(filePath: path))
      return try NGramModel(contentsOf: path)
    }
  }

  private let plain = """
    \\data\\
    ngram 1=4
    ngram 2=1

    \\1-grams:
    -1 <unk>
    -99 <s> -0.5
    -0.5 </s>
    -0.25 yes -0.125

    \\2-grams:
    -0.1 <s> yes

    \\end\\

    """

  @Test func `a head as IRSTLM writes it, a byte order mark and minus infinity are read`() throws {
    let wanted = try model(plain)
    let head = plain.replacing("ngram 1=4", with: "ngram  1=\t      4")
      .replacing("ngram 2=1", with: "ngram\t2= 1")
    #expect(try model(head) == wanted)
    #expect(try model("\u{FEFF}" + plain) == wanted)
    #expect(try model("some words before\n" + plain) == wanted)
    for infinity in ["-inf", "-Inf", "-INF", "-infinity"] {
      #expect(try model(plain.replacing("-99", with: infinity)) == wanted)
    }
    // Rounded up from a probability of 1.
    #expect(
      try model(plain.replacing("-0.1 <s>", with: "1.19209e-07 <s>"))
        == model(plain.replacing("-0.1 <s>", with: "0 <s>")))
    for value in ["inf", "nan", "0.5", "-infi"] {
      guard case .malformedARPA? = try error(plain.replacing("-0.1 <s>", with: "\(value) <s>").utf8)
      else {
        Issue.record("\(value)")
        continue
      }
    }
  }

  @Test(arguments: [
    (Array("mmap lm http://kheafield.com/code format version 5\n\0".utf8), "KenLM", "ARPA"),
    (Array("blmt 3 1000 2000".utf8), "IRSTLM", "compile-lm"),
    (Array("SRILM_BINARY_NGRAM_002\n".utf8), "SRILM", "-write-lm"),
    ([0xD6, 0xFD, 0xB2, 0x7E, 6, 0, 0, 0], "transducer", "ARPA"),
    (Array("BZh91AY".utf8), "bzip2", "bzip2 -d"),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0], "xz", "xz -d"),
    ([0x28, 0xB5, 0x2F, 0xFD, 4], "zstd", "zstd -d"),
    (Array("PK\u{3}\u{4}".utf8), "zip", "unzip"),
    ([0xFF, 0xFE, 0x5C, 0], "UTF-16", "iconv"),
    ([8, 0, 0, 0, 0, 0, 0, 0] + Array("{\"a\": 1}".utf8), "safetensors", ".safetensors"),
  ])
  func `a file of another kind is named, with what helps`(
    bytes: [UInt8], name: String, remedy: String
  ) throws {
    guard case .otherKind(let path, let kind, let what)? = try error(bytes) else {
      Issue.record("\(String(describing: try error(bytes)))")
      return
    }
    #expect(path.hasSuffix("lm.arpa") && kind.contains(name) && what.contains(remedy))
  }

  @Test(arguments: ["3000000000", "9000000000000000000", "99999999999999999999"])
  func `a head is not believed`(count: String) throws {
    for order in 1...2 {
      let line = order == 1 ? "ngram 1=4" : "ngram 2=1"
      let text = plain.replacing(line, with: "ngram \(order)=\(count)")
      guard case .malformedARPA? = try error(text.utf8) else {
        Issue.record("\(String(describing: try error(text.utf8)))")
        return
      }
    }
  }

  private func lines(_ bytes: [UInt8], packed: Bool = false) throws -> (parts: [String], cut: Int) {
    try withTemporaryFolder { folder in
      let path = folder + "/text"
      try Data(bytes).write(to: URL(filePath: path))
      var parts: [String] = []
      let cut = try forEachLine(of: path, cutsLongLines: true) { parts.append($0) }
      return (parts, cut)
    }
  }

  @Test func `long lines come in parts that are cut at white space and lose nothing`() throws {
    let words = (0..<60_000).map { "word\($0)" }
    let long = words.joined(separator: " ")
    let (parts, cut) = try lines(Array("first\n\(long)\nlast\n\(long)".utf8))
    #expect(cut == 2)
    #expect(parts.first == "first" && parts.contains("last"))
    #expect(parts.allSatisfy { $0.utf8.count <= 65_536 })
    let found = parts.flatMap { $0.split(separator: " ") }
    #expect(
      found.elementsEqual(["first"] + words.map { $0[...] } + ["last"] + words.map { $0[...] }))
    // Where there is no white space, no character is cut.
    let letters = String(repeating: "é", count: 100_000)
    #expect(try lines(Array(letters.utf8)).parts.joined() == letters)
    #expect(try lines(Array(letters.utf8)).parts.count == 4)
    // The longest that is whole.
    for (length, count) in [(65_536, 1), (65_537, 2)] {
      #expect(try lines([UInt8](repeating: 0x61, count: length)).parts.count == count)
    }
  }

  @Test func `a list with a line that is no entry is refused with the line`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/list"
      try Data(("a\n" + String(repeating: "b", count: 70_000)).utf8).write(to: URL(filePath: path))
      #expect(throws: LanguageError.longLine(path: path, line: 2, limit: 65_536)) {
        try forEachLine(of: path) { _ in }
      }
    }
  }
}
