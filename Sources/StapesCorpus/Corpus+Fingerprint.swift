internal import StapesFiles

extension Corpus {
  /// A number that tells this set of clips from others, as 16 hexadecimal digits: the same for the
  /// same file names, texts, speakers, and places and lengths to the millisecond, wherever the
  /// clips lie and in whichever order they were read.
  ///
  /// It is the FNV-1a hash (Fowler, Noll and Vo, 1991) of the sorted hashes of the clips.
  public var fingerprint: String {
    let hashes = clips.map { clip in
      var hash = Checksum()
      // Manifests may name files by paths of one machine, so only their last part counts.
      hash.addBytes(of: clip.identifier.split(separator: "/").last ?? "")
      hash.addBytes(of: clip.text)
      hash.addBytes(of: clip.speaker ?? "")
      hash.addBytes(of: milliseconds(clip.offset))
      hash.addBytes(of: milliseconds(clip.duration))
      return hash.value
    }
    var whole = Checksum()
    for hash in hashes.sorted() { whole.addBytes(of: hash) }
    return whole.digits
  }
}

func milliseconds(_ seconds: Double) -> UInt64 { UInt64((seconds * 1000).rounded()) }
