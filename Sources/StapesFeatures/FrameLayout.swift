/// Where the frames of a clip lie.
struct FrameLayout: Sendable, Equatable {
  let frameLength: Int
  let hopLength: Int
  let snipsEdges: Bool

  /// The first sample of a frame; negative if the frame begins before the clip.
  func start(ofFrame index: Int) -> Int {
    index * hopLength + (snipsEdges ? 0 : hopLength / 2 - frameLength / 2)
  }

  /// The number of frames of a clip.
  func frameCount(forSampleCount sampleCount: Int) -> Int {
    guard snipsEdges else { return (sampleCount + hopLength / 2) / hopLength }
    return completeFrameCount(forSampleCount: sampleCount)
  }

  /// The number of frames that a clip has for certain, once its first samples are known: those
  /// that end within them.
  func completeFrameCount(forSampleCount sampleCount: Int) -> Int {
    let room = sampleCount - frameLength - start(ofFrame: 0)
    return room < 0 ? 0 : room / hopLength + 1
  }

  /// The sample that stands for a sample beyond the ends of a clip: its mirror image, mirrored
  /// again for as long as it lies outside.
  ///
  /// - Precondition: the clip is not empty.
  static func reflected(_ index: Int, sampleCount: Int) -> Int {
    precondition(sampleCount > 0, "reflection in an empty clip")
    var index = index
    while index < 0 || index >= sampleCount {
      index = index < 0 ? -1 - index : 2 * sampleCount - 1 - index
    }
    return index
  }
}
