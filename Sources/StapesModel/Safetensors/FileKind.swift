/// What the first bytes of a file that is no model look like, to name it in a message.
enum FileKind: String, CustomStringConvertible {
  case empty = "an empty file"
  case sound = "a sound file"
  case archive = "an archive (a PyTorch checkpoint?)"
  case text = "text"
  case other = "a file of another kind"

  var description: String { rawValue }

  init(of bytes: Span<UInt8>) {
    let head = (0..<min(512, bytes.count)).map { bytes[$0] }
    let soundMarks = ["RIFF", "RF64", "fLaC", "OggS", "FORM", "ID3"]
    if head.isEmpty {
      self = .empty
    } else if soundMarks.contains(where: { head.starts(with: $0.utf8) }) {
      self = .sound
    } else if head.starts(with: "PK".utf8) || head.starts(with: [0x1F, 0x8B]) {
      self = .archive
    } else if head.allSatisfy(Self.occursInText) {
      self = .text
    } else {
      self = .other
    }
  }

  /// Whether a byte can occur in text of UTF-8: controls other than space, and the bytes that no
  /// sequence of UTF-8 holds, cannot.
  private static func occursInText(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D: true
    case 0x00..<0x20, 0x7F, 0xC0...0xC1, 0xF5...0xFF: false
    default: true
    }
  }
}
