internal import FoundationEssentials

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
    var hash = FNV1a()
    hash.add(place)
    hash.add(UInt64(size))
    hash.add(UInt64(bitPattern: Int64((changed.timeIntervalSince1970 * 1e6).rounded())))
    hash.add(milliseconds(offset))
    hash.add(milliseconds(duration))
    return hash.digits
  }
}
