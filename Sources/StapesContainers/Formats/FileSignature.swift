internal import StapesFiles

/// What the first bytes of a file say about it.
package enum FileSignature: Equatable {
  /// Sound of a kind that libsndfile may decode.
  case sound(String)
  /// Sound in an Ogg container.
  case ogg(String)
  /// MPEG audio.
  case mpeg
  /// Sound of a kind that it does not decode.
  case foreignSound(String)
  /// Something else.
  case notSound(String)
  /// Nothing that is known here.
  case unknown

  /// The number of first bytes that are looked at.
  package static let length = 512

  /// Looks at the first bytes of a file.
  package init(_ bytes: [UInt8]) {
    if let known = Self.table.first(where: { bytes.has($0.pattern, at: $0.offset) }) {
      self = known.meaning
    } else if bytes.has("OggS") {
      self = Self.ogg(bytes)
    } else if bytes.has("ftyp", at: 4) {
      let isPicture = ["heic", "heix", "mif1", "avif"].contains { bytes.has($0, at: 8) }
      self = isPicture ? .notSound("a HEIF picture") : .foreignSound("MPEG-4 (M4A, MP4)")
    } else if let text = Self.text(bytes) {
      self = .notSound(text)
    } else if bytes.has("ID3") || MPEGFrame(bytes.prefix(4)) != nil {
      self = .mpeg
    } else if bytes.count >= 2, bytes[0] == 0xFF, bytes[1] & 0xF6 == 0xF0 {
      self = .foreignSound("AAC (ADTS)")
    } else if bytes.allSatisfy({ $0 == 0 }) {
      self = Self.zeros
    } else {
      self = .unknown
    }
  }

  /// What has no byte but zero.
  package static let zeros = notSound("nothing but zero bytes")

  /// Whether libsndfile is worth a try.
  package var mayBeDecoded: Bool {
    switch self {
    case .sound, .ogg, .mpeg, .unknown: true
    case .foreignSound, .notSound: false
    }
  }

  /// Whether it is sound of a kind that libsndfile decodes.
  package var isKnownSound: Bool {
    switch self {
    case .sound, .ogg, .mpeg: true
    case .foreignSound, .notSound, .unknown: false
    }
  }

  /// Why such a file cannot be read, if libsndfile cannot.
  package func refusal(path: String) -> AudioError {
    switch self {
    case .sound(let kind), .ogg(let kind): .damaged(path: path, format: kind)
    case .mpeg: .damaged(path: path, format: "MPEG audio")
    case .foreignSound(let kind): .unsupportedAudio(path: path, kind: kind)
    case .notSound(let kind): .notAudio(path: path, seemsToBe: kind)
    case .unknown: .notAudio(path: path, seemsToBe: nil)
    }
  }

  private static let table: [(pattern: String, offset: Int, meaning: FileSignature)] = [
    ("WAVE", 8, .sound("WAV")), ("AVI ", 8, .foreignSound("AVI video")),
    ("WEBP", 8, .notSound("a WebP picture")), ("fLaC", 0, .sound("FLAC")),
    ("AIFF", 8, .sound("AIFF")), ("AIFC", 8, .sound("AIFF-C")), (".snd", 0, .sound("AU")),
    ("caff", 0, .sound("CAF")), ("NIST_1A", 0, .sound("NIST SPHERE")),
    ("riff", 0, .sound("Wave64")), ("Creative Voice File", 0, .sound("VOC")),
    ("#!AMR", 0, .foreignSound("AMR")), ("wvpk", 0, .foreignSound("WavPack")),
    ("MAC ", 0, .foreignSound("Monkey's Audio")),
    ("TTA1", 0, .foreignSound("True Audio (TTA)")), ("ajkg", 0, .foreignSound("Shorten")),
    ("FLV\u{1}", 0, .foreignSound("Flash video")), (".ra\u{FD}", 0, .foreignSound("RealAudio")),
    (".RMF", 0, .foreignSound("RealMedia")), ("MPCK", 0, .foreignSound("Musepack")),
    ("MP+", 0, .foreignSound("Musepack")), ("DSD ", 0, .foreignSound("DSD")),
    ("QLCM", 8, .foreignSound("QCP (speech of mobile telephones)")),
    ("\u{B}w", 0, .foreignSound("Dolby AC-3")),
    ("\u{7F}\u{FE}\u{80}\u{1}", 0, .foreignSound("DTS")),
    ("MThd", 0, .notSound("a MIDI score")),
    ("\u{1A}E\u{DF}\u{A3}", 0, .foreignSound("Matroska or WebM")),
    ("0&\u{B2}u\u{8E}f\u{CF}\u{11}", 0, .foreignSound("Windows Media Audio")),
    ("%PDF", 0, .notSound("a PDF document")), ("\u{89}PNG", 0, .notSound("a PNG picture")),
    ("\u{FF}\u{D8}\u{FF}", 0, .notSound("a JPEG picture")),
    ("GIF8", 0, .notSound("a GIF picture")),
    ("PK\u{3}\u{4}", 0, .notSound("a ZIP archive or an office document")),
    ("\u{1F}\u{8B}", 0, .notSound("a gzip archive")),
    ("BZh", 0, .notSound("a bzip2 archive")),
    ("\u{FD}7zXZ", 0, .notSound("an xz archive")),
    ("(\u{B5}/\u{FD}", 0, .notSound("a Zstandard archive")),
    ("7z\u{BC}\u{AF}", 0, .notSound("a 7-Zip archive")),
    ("Rar!", 0, .notSound("a RAR archive")), ("ustar", 257, .notSound("a tar archive")),
    ("\u{7F}ELF", 0, .notSound("a program")),
    ("SQLite format", 0, .notSound("an SQLite database")),
    ("\u{93}NUMPY", 0, .notSound("a NumPy array")),
  ]

  private static func ogg(_ bytes: [UInt8]) -> FileSignature {
    let codec = 28  // the first packet, after a page header with one segment
    if bytes.has("\u{1}vorbis", at: codec) { return .ogg("Ogg Vorbis") }
    if bytes.has("OpusHead", at: codec) { return .ogg("Ogg Opus") }
    if bytes.has("\u{7F}FLAC", at: codec) { return .ogg("FLAC in Ogg") }
    if bytes.has("Speex", at: codec) { return .foreignSound("Ogg Speex") }
    if bytes.has("\u{80}theora", at: codec) || bytes.has("fishead", at: codec) {
      return .ogg("Ogg with several streams")
    }
    return .ogg("Ogg")
  }

  /// What kind of text it is, if it is text.
  private static func text(_ bytes: [UInt8]) -> String? {
    let utf16 = [[0xFF, 0xFE], [0xFE, 0xFF]].contains { bytes.starts(with: $0) }
    if utf16, bytes.contains(0) { return "UTF-16 text" }
    let content = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes[3...] : bytes[...]
    let isPrintable = content.allSatisfy { $0 >= 0x20 && $0 != 0x7F || (9...13).contains($0) }
    let wordCount = content.count { $0 < 0x80 }
    guard isPrintable, wordCount * 2 > content.count else { return nil }
    let start = String(decoding: content.drop { $0 <= 0x20 }.prefix(64), as: UTF8.self)
    let kinds = [
      ("<!doctype html", "an HTML page, perhaps of a download that failed"),
      ("<html", "an HTML page, perhaps of a download that failed"), ("<", "XML"),
      ("version https://git-lfs", "a Git LFS pointer instead of the file (run: git lfs pull)"),
      ("{", "JSON"), ("[", "JSON"), ("#!", "a script"),
    ]
    return kinds.first { start.lowercased().hasPrefix($0.0) }?.1 ?? "text"
  }
}

extension Collection<UInt8> where Index == Int {
  /// Whether bytes stand at an offset; each character of the pattern is one byte.
  func has(_ pattern: String, at offset: Int = 0) -> Bool {
    let scalars = pattern.unicodeScalars
    guard offset + scalars.count <= count else { return false }
    return zip(self[(startIndex + offset)...], scalars).allSatisfy { UInt32($0) == $1.value }
  }

  /// The unsigned integer of some bytes at an offset, lowest byte first.
  ///
  /// - Precondition: the bytes are there.
  func littleEndian(at offset: Int, count: Int) -> Int {
    self[(startIndex + offset)..<(startIndex + offset + count)].reversed()
      .reduce(0) { $0 << 8 | Int($1) }
  }

  /// The unsigned integer of some bytes at an offset, highest byte first.
  ///
  /// - Precondition: the bytes are there.
  func bigEndian(at offset: Int, count: Int) -> Int {
    self[(startIndex + offset)..<(startIndex + offset + count)].reduce(0) { $0 << 8 | Int($1) }
  }
}

/// How the names of sound files end: what is read, and what ffmpeg decodes for it or it
/// can name as sound, so that such clips are reported rather than overlooked.
package let audioEndings: Set<String> = [
  "wav", "wave", "w64", "rf64", "bwf", "flac", "ogg", "oga", "opus", "mp3", "mp2", "mpga", "aif",
  "aiff", "aifc", "au", "snd", "caf", "sph", "voc",
  "aac", "m4a", "m4b", "mp4", "m4v", "mov", "3gp", "3gpp", "3g2", "webm", "weba", "mkv", "mka",
  "amr", "awb", "wma", "wmv", "asf", "avi", "flv", "ogv", "ogx", "spx", "ac3", "eac3", "dts", "ape",
  "wv", "tta", "tak", "mpc", "ra", "qcp",
]

extension String {
  /// Whether the name of a file ends as those of sound files do.
  package var endsAsSound: Bool { audioEndings.contains(pathExtension.lowercased()) }
}
