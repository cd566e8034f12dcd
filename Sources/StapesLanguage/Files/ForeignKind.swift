/// What a file is that is neither a text nor a model of ours, by its first bytes, and what helps.
struct ForeignKind {
  /// What it is, to follow "it is".
  let name: String
  /// What to do.
  let remedy: String

  /// The kinds and how their files begin.
  private static let kinds: [(start: [UInt8], kind: ForeignKind)] = [
    (
      Array("mmap lm http://kheafield.com/code".utf8),
      ForeignKind(
        name: "a binary model of KenLM", remedy: "give the ARPA file that build_binary made it of")
    ),
    (
      Array("SRILM_BINARY_NGRAM".utf8),
      ForeignKind(
        name: "a binary model of SRILM",
        remedy: "write it as an ARPA file: ngram -lm FILE -write-lm lm.arpa")
    ),
    (Array("blmt ".utf8), .irstlm("a binary model of IRSTLM")),
    (Array("Qblmt ".utf8), .irstlm("a binary model of IRSTLM")),
    (Array("iARPA".utf8), .irstlm("an intermediate model of IRSTLM")),
    (
      [0xD6, 0xFD, 0xB2, 0x7E],
      ForeignKind(
        name: "a finite-state transducer", remedy: "give the ARPA file that it was made of")
    ),
    (
      Array("StapesLM".utf8),
      ForeignKind(name: "a binary language model that is packed or piped", remedy: "give its file")
    ),
    (Array("BZh".utf8), .packed(by: "bzip2")),
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], .packed(by: "xz")),
    ([0x28, 0xB5, 0x2F, 0xFD], .packed(by: "zstd")),
    ([0x1F, 0x8B], .packed(by: "gzip")),
    (
      [0x50, 0x4B, 0x03, 0x04],
      ForeignKind(name: "a zip archive", remedy: "unpack it first, by unzip")
    ),
    ([0xFF, 0xFE], .utf16),
    ([0xFE, 0xFF], .utf16),
  ]

  /// Looks at the first bytes of a file; nil where they may be those of a text.
  init?(of bytes: ArraySlice<UInt8>) {
    let isSafetensors = bytes.count > 9 && bytes.dropFirst(8).starts(with: "{\"".utf8)
    if isSafetensors, bytes.dropFirst(4).prefix(4).allSatisfy({ $0 == 0 }) {
      self.init(
        name: "a safetensors file", remedy: "let its name end in .safetensors, if it is a model")
      return
    }
    guard let found = Self.kinds.first(where: { bytes.starts(with: $0.start) }) else { return nil }
    self = found.kind
  }

  private init(name: String, remedy: String) { (self.name, self.remedy) = (name, remedy) }

  private static let utf16 = ForeignKind(
    name: "text in UTF-16", remedy: "make it UTF-8 first: iconv -f UTF-16 -t UTF-8 FILE")

  private static func packed(by program: String) -> ForeignKind {
    ForeignKind(name: "packed by \(program)", remedy: "unpack it first: \(program) -d FILE")
  }

  private static func irstlm(_ name: String) -> ForeignKind {
    ForeignKind(
      name: name, remedy: "write it as an ARPA file: compile-lm --text=yes FILE lm.arpa")
  }
}
