internal import FoundationEssentials
internal import StapesAugmentation
internal import StapesCorpus
internal import StapesFiles
internal import StapesKernels
internal import StapesModel
internal import StapesRecipe

/// Decoded samples on disk, for the clips that memory has no room for.
///
/// Each clip has a file of its own in the folder, named by the fingerprint of its sound and by the
/// sample rate, so a recording that was changed is read anew, and several runs may share a folder.
struct SampleCache: Sendable {
  private let folder: String
  private let sampleRate: Int

  /// Uses a folder; it is made when it is not there.
  ///
  /// - Throws: `TrainingError.unusableCache`.
  init(folder: String, sampleRate: Int) throws(TrainingError) {
    self.folder = folder
    self.sampleRate = sampleRate
    try rethrowing(FileSystem.makeFolder(folder), as: unusable)
  }

  private func path(of clip: LabelledClip) -> String? {
    clip.soundFingerprint.map { "\(folder)/\($0)-\(sampleRate).samples" }
  }

  /// The samples of a clip; nil where they are not there, or are damaged.
  func samples(of clip: LabelledClip) -> StoredSamples? {
    guard let path = path(of: clip), let data = try? FileSystem.read(path) else { return nil }
    return StoredSamples(bytes: data.span)
  }

  /// Keeps the samples of a clip.
  ///
  /// - Throws: `TrainingError.unusableCache`, as when the disk is full.
  func store(_ samples: StoredSamples, of clip: LabelledClip) throws(TrainingError) {
    guard let path = path(of: clip) else { return }
    try rethrowing(FileSystem.write(samples.bytes, to: path), as: unusable)
  }

  private func unusable(_ error: FileError) -> TrainingError {
    .unusableCache(path: folder, reason: error.reason)
  }
}

// On disk: a checksum of what follows (8 bytes), the unit (4 bytes), the values (2 bytes each), the
// least significant byte first.
extension StoredSamples {
  private static let headerLength = 12

  /// The checksum of the samples.
  var checksum: UInt64 {
    var sum = Checksum()
    sum.add(UInt64(unit.bitPattern))
    sum.add(values)
    return sum.value
  }

  /// The samples as a file holds them.
  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Self.headerLength + byteCount)
    [checksum].appendLittleEndianBytes(to: &bytes)
    [unit].appendLittleEndianBytes(to: &bytes)
    values.appendLittleEndianBytes(to: &bytes)
    return bytes
  }

  /// Reads what `bytes` gives; nil for a file that is cut short or altered.
  init?(bytes: Span<UInt8>) {
    let length = Self.headerLength
    guard bytes.count >= length, bytes.count % 2 == 0 else { return nil }
    self.init(
      values: [Int16](littleEndianBytes: bytes.extracting(length...)),
      unit: [Float](littleEndianBytes: bytes.extracting(8..<length))[0])
    guard [UInt64](littleEndianBytes: bytes.extracting(..<8)) == [checksum] else { return nil }
  }
}
