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
