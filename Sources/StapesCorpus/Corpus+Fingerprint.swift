extension Corpus {
  /// A number that tells this set of clips from others, as 16 hexadecimal digits: the same for the
  /// same file names, texts, speakers, and places and lengths to the millisecond, wherever the
  /// clips lie and in whichever order they were read.
  ///
  /// It is the FNV-1a hash (Fowler, Noll and Vo, 1991) of the sorted hashes of the clips.
  public var fingerprint: String {
    let hashes = clips.map { clip in
      var hash = FNV1a()
      // Manifests may name files by paths of one machine, so only their last part counts.
      hash.add(clip.identifier.split(separator: "/").last ?? "")
      hash.add(clip.text)
      hash.add(clip.speaker ?? "")
      hash.add(milliseconds(clip.offset))
      hash.add(milliseconds(clip.duration))
      return hash.value
    }
    var whole = FNV1a()
    for hash in hashes.sorted() { whole.add(hash) }
    let digits = String(whole.value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

private func milliseconds(_ seconds: Double) -> UInt64 { UInt64((seconds * 1000).rounded()) }

/// A running 64-bit FNV-1a hash.
private struct FNV1a {
  private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

  mutating func add(_ text: some StringProtocol) {
    for byte in text.utf8 { add(byte) }
    add(0xFF as UInt8)  // stands in no text, so that two texts and their join differ
  }

  mutating func add(_ number: UInt64) {
    for shift in stride(from: 0, to: 64, by: 8) { add(UInt8(truncatingIfNeeded: number >> shift)) }
  }

  private mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
  }
}
