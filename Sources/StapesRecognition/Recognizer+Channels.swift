internal import StapesAudio
internal import StapesTranscript

extension Recognizer {
  /// The channels that differ from each one before them, counted from 0, and warnings for the
  /// others.
  func distinctChannels(
    of clip: ClipWork.Clip
  ) throws(RecognitionError) -> (channels: [Int], warnings: [AudioWarning]) {
    let count = try sound(of: clip.onlyChannel(0)).sourceChannelCount
    guard count <= Self.mostChannels else {
      throw .tooManyChannels(path: clip.path, count: count, limit: Self.mostChannels)
    }
    var (channels, warnings) = ([Int](), [AudioWarning]())
    search: for channel in 0..<count {
      for earlier in channels where try sounds(channel, like: earlier, of: clip) {
        warnings.append(.sameChannels(path: clip.path, first: earlier + 1, second: channel + 1))
        continue search
      }
      channels.append(channel)
    }
    return (channels, warnings)
  }

  /// More channels than any call has.
  private static let mostChannels = 16

  /// Whether two channels are the same but for rounding: in every ten seconds their difference is
  /// 60 dB below them, or 100 dB below full scale.
  private func sounds(
    _ channel: Int, like other: Int, of clip: ClipWork.Clip
  ) throws(RecognitionError) -> Bool {
    var a = try sound(of: clip.onlyChannel(channel))
    var b = try sound(of: clip.onlyChannel(other))
    while true {
      let (blockA, blockB) = (try a.block(10 * sampleRate), try b.block(10 * sampleRate))
      if blockA.isEmpty { return true }
      var (difference, energy) = (Float(0), Float(0))
      for (sampleA, sampleB) in zip(blockA, blockB) {
        difference += (sampleA - sampleB) * (sampleA - sampleB)
        energy += sampleA * sampleA + sampleB * sampleB
      }
      if difference > 1e-6 * energy + 1e-10 * Float(blockA.count) { return false }
    }
  }
}

extension ClipWork.Clip {
  /// The same, of one channel, counted from 0.
  func onlyChannel(_ index: Int) -> Self {
    var clip = self
    clip.audio.channel = .index(index)
    return clip
  }
}
