/// Names of codecs that libsndfile does not decode, in containers that it reads.
package enum Codec {
  /// The name of a format tag of WAV; nil for tags whose sound libsndfile decodes.
  package static func foreignWave(_ tag: Int) -> String? {
    switch tag {
    case 0x00, 0x01, 0x02, 0x03, 0x06, 0x07, 0x11, 0x31, 0x40: nil
    case 0x160...0x163: "Windows Media Audio"
    case 0x674F...0x6771: "Vorbis"
    default: waveNames[tag] ?? "an unknown codec (format tag 0x\(String(tag, radix: 16)))"
    }
  }

  /// By the registry of RFC 2361 and what was added to it later.
  private static let waveNames = [
    0x05: "IBM CVSD", 0x08: "DTS", 0x0A: "Windows Media Audio Voice", 0x10: "OKI ADPCM",
    0x12: "MediaSpace ADPCM", 0x13: "Sierra ADPCM", 0x14: "G.723 ADPCM", 0x15: "DIGISTD",
    0x16: "DIGIFIX", 0x17: "Dialogic OKI ADPCM", 0x20: "Yamaha ADPCM", 0x21: "SONARC",
    0x22: "DSP Group TrueSpeech", 0x24: "Audiofile AF36", 0x25: "APTX", 0x30: "Dolby AC-2",
    0x32: "MSN Audio", 0x33: "Antex ADPCM", 0x35: "DIGIREAL", 0x36: "DIGIADPCM",
    0x38: "NMS VBX ADPCM", 0x39: "Roland RDAC", 0x3B: "Rockwell ADPCM", 0x41: "G.728",
    0x42: "G.723.1", 0x45: "G.726", 0x50: "MPEG audio (MP2)", 0x55: "MPEG audio (MP3)",
    0x59: "Lucent G.723", 0x61: "Duck ADPCM (DK4)", 0x62: "Duck ADPCM (DK3)", 0x64: "G.726",
    0x65: "G.722", 0x69: "Voxware", 0x70: "Voxware AC8", 0x75: "Voxware MetaSound",
    0x83: "G.729A", 0x85: "G.726", 0x92: "Dolby AC-3", 0xFF: "AAC", 0x111: "Vivo G.723",
    0x112: "Vivo Siren", 0x130: "Sipro ACELP.net", 0x133: "G.729", 0x134: "G.729A",
    0x135: "Sipro Kelvin", 0x140: "G.726", 0x150: "Qualcomm PureVoice", 0x200: "Creative ADPCM",
    0x270: "ATRAC3", 0x28E: "Siren", 0x1600: "AAC (ADTS)", 0x1602: "AAC (LATM)", 0x1610: "AAC",
    0x2000: "Dolby AC-3", 0x2001: "DTS", 0x4143: "Microsoft ATC", 0x564C: "Vorbis",
    0x566F: "Vorbis", 0x704F: "Opus", 0x7A21: "AMR", 0x7A22: "AMR", 0xA106: "AAC",
    0xA109: "Speex", 0xA112: "G.726", 0xF1AC: "FLAC",
  ]

  /// What a file of another container holds, such as "CAF with AAC"; nil where libsndfile decodes
  /// it, or where the header does not tell.
  package static func foreign(in input: inout InputFile) throws(AudioError) -> String? {
    let start = try input.bytes(at: 0, count: 1024)
    if start.has("caff"), start.has("desc", at: 8), start.count >= 32 {
      return other("CAF", start[28..<32], but: ["lpcm", "alac", "ulaw", "alaw"])
    }
    if start.has("NIST_1A") {
      let coding = String(decoding: start, as: UTF8.self)
      return coding.contains("shorten") ? "NIST SPHERE with Shorten" : nil
    }
    guard start.has("FORM"), start.has("AIFC", at: 8) else { return nil }
    var offset = 12
    while offset + 8 <= start.count {
      let length = start.bigEndian(at: offset + 4, count: 4)
      if start.has("COMM", at: offset), offset + 30 <= start.count {
        return other("AIFF-C", start[offset + 26..<offset + 30], but: aiffCodes)
      }
      offset += 8 + length + length % 2
    }
    return nil
  }

  private static let aiffCodes = [
    "NONE", "twos", "sowt", "raw ", "in24", "in32", "42ni", "23ni", "fl32", "FL32", "fl64", "FL64",
    "ulaw", "ULAW", "alaw", "ALAW", "GSM ", "ima4", "DWVW",
  ]

  private static let codeNames = [
    "aac ": "AAC", "aach": "AAC", "aacp": "AAC", "opus": "Opus", "ima4": "IMA ADPCM",
    ".mp3": "MPEG audio (MP3)", ".mp2": "MPEG audio (MP2)", "MAC3": "MACE 3:1",
    "MAC6": "MACE 6:1", "QDM2": "QDesign Music", "QDMC": "QDesign Music", "Qclp": "PureVoice",
    "samr": "AMR", "sawb": "AMR-WB", "ac-3": "Dolby AC-3", "flac": "FLAC", "agsm": "GSM 6.10",
  ]

  private static func other(
    _ container: String, _ code: ArraySlice<UInt8>, but known: [String]
  ) -> String? {
    let isText = code.allSatisfy { (0x20..<0x7F).contains($0) }
    let text = String(decoding: code, as: UTF8.self)
    guard isText, !known.contains(text) else { return nil }
    return "\(container) with \(codeNames[text] ?? "the codec “\(text)”")"
  }
}
