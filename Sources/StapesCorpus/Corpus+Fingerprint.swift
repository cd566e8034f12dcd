internal import FoundationEssentials
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

extension LabelledClip {
  /// A number that tells this stretch of sound from others, as 16 hexadecimal digits; nil when the
  /// file is not there.
  ///
  /// It changes with the file's place, size and time of change, and with the stretch of it, not
  /// with the text: the FNV-1a hash of these.
  package var soundFingerprint: String? {
    let url = URL(filePath: path).resolvingSymlinksInPath()
    let place = url.standardizedFileURL.path(percentEncoded: false)
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: place),
      let size = attributes[.size] as? Int, let changed = attributes[.modificationDate] as? Date
    else { return nil }
    var hash = Checksum()
    hash.addBytes(of: place)
    hash.addBytes(of: UInt64(size))
    hash.addBytes(of: UInt64(bitPattern: Int64((changed.timeIntervalSince1970 * 1e6).rounded())))
    hash.addBytes(of: milliseconds(offset))
    hash.addBytes(of: milliseconds(duration))
    return hash.digits
  }
}
