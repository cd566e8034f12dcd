import StapesAudio
import Testing

/// A sample of ITU-T G.711 µ-law, by the standard's definition.
private func decodedMuLaw(_ code: UInt8) -> Float {
  let bits = ~code
  let mantissa = Int(bits & 0x0F)
  let exponent = Int(bits >> 4 & 7)
  let magnitude = ((mantissa << 3 | 0x84) << exponent) - 0x84
  return Float(bits & 0x80 == 0 ? magnitude : -magnitude) / 32_768
}

/// A sample of ITU-T G.711 A-law, by the standard's definition.
private func decodedALaw(_ code: UInt8) -> Float {
  let bits = code ^ 0x55
  let mantissa = Int(bits & 0x0F) << 4 | 8
  let exponent = Int(bits >> 4 & 7)
  let magnitude = exponent == 0 ? mantissa : (mantissa | 0x100) << (exponent - 1)
  return Float(bits & 0x80 == 0 ? -magnitude : magnitude) / 32_768
}

@Suite struct RawFormatTests {
  @Test func readsDescriptions() throws {
    let format = try RawFormat(parsing: "s16le:16000:2")
    #expect(format.encoding == .s16le)
    #expect(format.sampleRate == 16_000)
    #expect(format.channelCount == 2)
    #expect(format.frameByteCount == 4)
    #expect(format.description == "s16le:16000:2")
    #expect(try RawFormat(parsing: "ULAW:8000").description == "ulaw:8000:1")
  }

  @Test(arguments: [
    "", "s16le", "s16:16000:1", "s16le:16000:1:1", "s16le::1", "s16le:16k", "s16le:16000:",
    "s16le:16000:one", ":16000:1",
  ])
  func refusesOtherDescriptions(text: String) throws {
    #expect(throws: AudioError.unsupportedRawFormat(text)) { _ = try RawFormat(parsing: text) }
    #expect(AudioError.unsupportedRawFormat(text).description.contains("s16le:16000:1"))
  }

  @Test(arguments: ["s16le:0:1", "s16le:16000:0", "s16le:-8000:1", "u8:8000:99999"])
  func refusesImpossibleNumbers(text: String) throws {
    #expect(throws: AudioError.implausibleRawFormat(text)) { _ = try RawFormat(parsing: text) }
  }

  /// Bytes whose meaning is plain, for each encoding: a half, zero, minus a quarter.
  @Test(arguments: [
    ("s8", [0x40, 0, 0xE0]), ("u8", [0xC0, 0x80, 0x60]),
    ("s16le", [0, 0x40, 0, 0, 0, 0xE0]), ("s16be", [0x40, 0, 0, 0, 0xE0, 0]),
    ("s24le", [0, 0, 0x40, 0, 0, 0, 0, 0, 0xE0]), ("s24be", [0x40, 0, 0, 0, 0, 0, 0xE0, 0, 0]),
    ("s32le", [0, 0, 0, 0x40, 0, 0, 0, 0, 0, 0, 0, 0xE0]),
    ("s32be", [0x40, 0, 0, 0, 0, 0, 0, 0, 0xE0, 0, 0, 0]),
    ("f32le", bytes(Float(0.5).bitPattern) + bytes(UInt32(0)) + bytes(Float(-0.25).bitPattern)),
    ("f32be", [0x3F, 0, 0, 0, 0, 0, 0, 0, 0xBE, 0x80, 0, 0]),
    ("f64le", bytes(0.5.bitPattern) + bytes(UInt64(0)) + bytes((-0.25).bitPattern)),
    (
      "f64be",
      [0x3F, 0xE0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xBF, 0xD0, 0, 0, 0, 0, 0, 0]
    ),
  ])
  func decodesEveryEncoding(encoding: String, content: [UInt8]) throws {
    let options = AudioOptions(rawFormat: try RawFormat(parsing: "\(encoding):8000:1"))
    let wanted: [Float] = [0.5, 0, -0.25]
    try withFile(content, named: "sound.raw") { path in
      let clip = try AudioClip(contentsOf: path, options: options)
      #expect(clip.samples == wanted)
      let properties = try AudioProperties(ofFileAt: path, options: options)
      #expect(properties.frameCount == 3)
      #expect(properties.sampleRate == 8_000)
    }
    let piped = try withPipe(content) {
      try AudioClip(SoundFile(fileDescriptor: $0, options: options))
    }
    #expect(piped.samples == wanted)
    #expect(piped.warnings == [])
  }

  @Test func decodesEveryLogarithmicCode() throws {
    let codes = Array(UInt8.min...UInt8.max)
    try withFile(codes) { path in
      var options = AudioOptions(rawFormat: try RawFormat(encoding: .ulaw, sampleRate: 8_000))
      let muLaw = try AudioClip(contentsOf: path, options: options)
      #expect(muLaw.samples == codes.map(decodedMuLaw))
      options.rawFormat = try RawFormat(encoding: .alaw, sampleRate: 8_000)
      let aLaw = try AudioClip(contentsOf: path, options: options)
      #expect(aLaw.samples == codes.map(decodedALaw))
    }
  }

  @Test func aPartOfAFrameAtTheEndIsLeftOut() throws {
    let options = AudioOptions(rawFormat: try RawFormat(parsing: "s16le:8000:2"))
    try withFile([0, 0x40, 0, 0x40, 0, 0x20, 0, 0x20, 7, 7]) { path in
      let clip = try AudioClip(contentsOf: path, options: options)
      #expect(clip.samples == [0.5, 0.25])
    }
  }
}
