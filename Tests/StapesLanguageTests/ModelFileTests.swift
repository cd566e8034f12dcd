import Foundation
import StapesKernels
import StapesLanguage
import TestSupport
import Testing

@Suite struct ModelFileTests {
  /// A model as another toolkit might write it: out of order, with odd spacing, weights of both
  /// signs, and an n-gram whose end is not in the model by itself.
  static let foreign = """
    made elsewhere

    \\data\\
    ngram 1=5
    ngram  2=3
    ngram 3=2

    \\1-grams:
    -1.5\tzoo\t-0.25
    -99\t<s>\t-0.5
    -0.5 </s>
    -2e0\t<unk>
    -.75\tä\t0.125

    \\2-grams:
    -0.25\tä zoo\t-0.0625
    -0.375\t<s> ä\t-0.125
    -0.125\tzoo </s>

    \\3-grams:
    -0.03125\t<s> ä zoo
    -0.0625\t<s> ä ä

    \\end\\

    """

  @Test(arguments: ["-1e-9223372036854775808", "1e9223372036854775807", "-1e1000", "1e", "e5", "."])
  func `numbers beyond all bounds are refused`(number: String) {
    let text = Self.foreign.replacing("-2e0", with: number)
    #expect(throws: LanguageError.self) { try model(text) }
  }

  @Test(arguments: [4, 1 << 39] as [UInt64])
  func `a binary model with a list of no bits is refused`(count: UInt64) throws {
    // The vocabulary: the width and the number of the places, their one word, no bytes.
    let content = [0, count, 0, 0]
    let checksum = content.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ $1) &* 0x0000_0100_0000_01B3
    }
    let words = [0x4D4C_7365_7061_7453, 1, UInt64(content.count), checksum] + content
    try withTemporaryFolder { folder in
      let path = folder + "/x.bin"
      let bytes = words.flatMap { word in
        (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) }
      }
      try Data(bytes).write(to: URL(filePath: path))
      #expect(
        throws: LanguageError.damagedBinary(path: path, detail: "its words are not in order")
      ) { try NGramModel(binary: path) }
    }
  }

  func model(_ text: String) throws -> NGramModel {
    try withTemporaryFolder { folder in
      let path = folder + "/x.arpa"
      try Data(text.utf8).write(to: URL(filePath: path))
      do {
        return try NGramModel(contentsOf: path)
      } catch LanguageError.malformedARPA(_, let line, let detail) {
        throw LanguageError.malformedARPA(path: "x", line: line, detail: detail)
      }
    }
  }

  @Test func `a model of another toolkit scores by the back-off rule`() throws {
    let model = try model(Self.foreign)
    #expect(model.order == 3)
    #expect(model.counts == [5, 3, 2])
    #expect(model.spokenWords.map(model.word(at:)) == ["zoo", "ä"])
    #expect(model.index(of: "zebra") == nil)
    func decimal(_ words: String...) -> Double { model.logProbability(of: words) / M_LN10 }
    // <s> ä; <s> ä zoo; zoo </s> after the weight of ä zoo.
    #expect(abs(decimal("ä", "zoo") - (-0.375 - 0.03125 - 0.0625 - 0.125)) < 1e-6)
    // <s> ä; <s> ä ä; then ä alone knows nothing of </s>: its weight and the word's own.
    #expect(abs(decimal("ä", "ä") - (-0.375 - 0.0625 + 0.125 - 0.5)) < 1e-6)
    // <s> with its weight; after the unknown word nothing is left.
    #expect(abs(decimal("?", "zoo") - (-0.5 - 2 - 1.5 - 0.125)) < 1e-6)
    #expect(abs(decimal() - (-0.5 - 0.5)) < 1e-6)
  }

  @Test func `states are equal where the future is`() throws {
    let model = try model(Self.foreign)
    let unknown = model.score(model.unknownWord, from: model.initialState).state
    #expect(unknown == model.score(model.unknownWord, from: unknown).state)
    let zoo = try #require(model.index(of: "zoo"))
    #expect(model.score(zoo, from: unknown).state != unknown)
    #expect(unknown != model.initialState)
  }

  @Test func `comes back from each format`() throws {
    let sentences = EstimationTests.sentences(count: 300, wordCount: 20)
    for order in [1, 2, 4] {
      let (model, _) = try EstimationTests.model(of: sentences, NGramOptions(order: order))
      try withTemporaryFolder { folder in
        try model.writeBinary(to: folder + "/m.bin")
        #expect(try NGramModel(contentsOf: folder + "/m.bin") == model)
        var words = [UInt64](
          littleEndianBytes: try Data(contentsOf: URL(filePath: folder + "/m.bin")).span)
        #expect(try NGramModel(binary: words, name: "m") == model)
        words.removeLast()
        #expect(throws: LanguageError.damagedBinary(path: "m", detail: "it is cut short")) {
          try NGramModel(binary: words, name: "m")
        }
        for name in ["/m.arpa", "/m.arpa.gz"] {
          try model.writeARPA(to: folder + name)
          let back = try NGramModel(contentsOf: folder + name)
          #expect(back.counts == model.counts)
          for sentence in sentences {
            let difference =
              back.logProbability(of: sentence) - model.logProbability(of: sentence)
            #expect(abs(difference) < 1e-4)
          }
        }
        let packed = try Data(contentsOf: URL(filePath: folder + "/m.arpa.gz"))
        #expect(packed.prefix(2) == Data([0x1F, 0x8B]))
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.sorted() == ["m.arpa", "m.arpa.gz", "m.bin"])
      }
    }
  }

  @Test(arguments: [8, 12, 16]) func `fewer bits change scores within their bound`(bits: Int) throws
  {
    let sentences = EstimationTests.sentences(count: 300, wordCount: 20)
    let (model, _) = try EstimationTests.model(of: sentences, NGramOptions(order: 3))
    let coded = try model.quantized(bits: bits)
    #expect(coded != model)
    try withTemporaryFolder { folder in
      try coded.writeBinary(to: folder + "/m.bin")
      #expect(try NGramModel(contentsOf: folder + "/m.bin") == coded)
    }
    // All values lie within ln 1e-3 and 0; a score adds up to three of them.
    let bound = 3 * 0.5 * log(1000) / Double((1 << bits) - 1)
    for sentence in sentences {
      let difference = coded.logProbability(of: sentence) - model.logProbability(of: sentence)
      #expect(abs(difference) <= bound * Double(sentence.count + 1) + 1e-5)
    }
    #expect(throws: LanguageError.self) { try model.quantized(bits: 7) }
    #expect(throws: LanguageError.self) { try model.quantized(bits: 17) }
  }

  @Test(arguments: [
    (10, "-1.5\tzoo\t-0.25", "-1.5x\tzoo\t-0.25"), (10, "-1.5\tzoo\t-0.25", "0.5\tzoo\t-0.25"),
    (10, "-1.5\tzoo\t-0.25", "-1.5\tzoo\tnan"), (11, "-99\t<s>\t-0.5", "-99\tzoo\t-0.5"),
    (10, "-1.5\tzoo\t-0.25", "-1.5\tzoo zoo\t-0.25"), (14, "\t<s>\t", "\ts\t"),
    (6, "ngram 3=2", "ngram 4=2"), (8, "\\1-grams:", "\\one-grams:"), (21, "3=2", "3=3"),
    (17, "ä zoo\t-0.0625", "ä zebra\t-0.0625"), (19, "zoo </s>", "ä zoo"),
    (22, "<s> ä zoo", "zoo ä zoo"), (16, "1=5", "1=4"), (25, "\\end\\", ""),
  ])
  func `a wrong line is named`(line: Int, right: String, wrong: String) throws {
    let text = Self.foreign.replacing(right, with: wrong, maxReplacements: 1)
    #expect(text != Self.foreign)
    do {
      _ = try model(text)
      Issue.record("nothing is wrong with \(wrong)")
    } catch LanguageError.malformedARPA(_, let found, let detail) {
      #expect(abs(found - line) <= 3, "\(wrong): line \(found), \(detail)")
    }
  }

  @Test func `a binary model that was cut or altered anywhere is refused`() throws {
    let (model, _) = try EstimationTests.model(of: [["a", "b"], ["a"]], NGramOptions())
    try withTemporaryFolder { folder in
      let path = folder + "/m.bin"
      try model.quantized(bits: 8).writeBinary(to: path)
      let whole = try Data(contentsOf: URL(filePath: path))
      func isRefused(_ bytes: Data) throws -> Bool {
        try bytes.write(to: URL(filePath: path))
        do throws(LanguageError) {
          _ = try NGramModel(binary: path)
          return false
        } catch {
          return error.description.hasPrefix(path) && !error.description.contains("\n")
        }
      }
      #expect(try !isRefused(whole))
      for length in 0..<whole.count { #expect(try isRefused(whole.prefix(length)), "\(length)") }
      #expect(try isRefused(whole + Data(count: 8)))
      for place in whole.indices {
        var bytes = whole
        bytes[place] ^= 1 << (place % 8)
        #expect(try isRefused(bytes), "byte \(place)")
      }
    }
  }

  @Test func `what is no file, or cannot be written, is told`() throws {
    try withTemporaryFolder { folder in
      for path in [folder, folder + "/missing"] {
        #expect(throws: LanguageError.self) { try NGramModel(contentsOf: path) }
      }
      let model = try model(Self.foreign)
      for path in [folder, folder + "/missing/m.arpa.gz", "/dev/null"] {
        #expect(throws: LanguageError.self) { try model.writeARPA(to: path) }
        #expect(throws: LanguageError.self) { try model.writeBinary(to: path) }
      }
      let packed = folder + "/m.arpa.gz"
      try model.writeARPA(to: packed)
      let whole = try Data(contentsOf: URL(filePath: packed))
      try whole.prefix(whole.count / 2).write(to: URL(filePath: packed))
      #expect(throws: LanguageError.self) { try NGramModel(contentsOf: packed) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["m.arpa.gz"])
    }
  }
}
