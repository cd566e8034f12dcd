internal import FoundationEssentials
internal import StapesFiles

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
