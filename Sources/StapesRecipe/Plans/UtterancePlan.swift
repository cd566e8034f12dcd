package import StapesAugmentation
internal import StapesKernels

/// Which clips make up the utterances of one epoch; each clip is in exactly one.
package struct UtterancePlan: Sendable, Equatable {
  /// The clips of each utterance, as indices, in the order in which they are joined.
  package let utterances: [[Int]]

  /// Draws the utterances of an epoch.
  ///
  /// - Parameters:
  ///   - seconds: the length of each clip, at its index.
  ///   - speakers: the speaker of each clip, as a number; clips of one number are one voice.
  ///   - joining: how clips are joined.
  ///   - epoch: counted from 0.
  ///   - seed: the seed of the run.
  package init(
    seconds: [Double], speakers: [Int], joining: Augmentation.Joining, epoch: Int, seed: UInt64
  ) {
    precondition(
      seconds.count == speakers.count, "\(seconds.count) clips, \(speakers.count) voices")
    var random = SplitMix64(seed: seed, stream: RandomStream.utterances.rawValue, UInt64(epoch))
    let order = seconds.indices.shuffled(using: &random)
    let joinedCount = Int(joining.clipShare * Double(order.count))
    let oneSpeakerCount = Int(joining.oneSpeakerShare * Double(joinedCount))
    let bySpeaker = order[..<oneSpeakerCount].enumerated()
      .sorted { (speakers[$0.element], $0.offset) < (speakers[$1.element], $1.offset) }
      .map(\.element)
    let row = bySpeaker + order[oneSpeakerCount...]

    var utterances: [[Int]] = []
    var (wantedCount, length) = (0, 0.0)
    for (position, clip) in row.enumerated() {
      let changesVoice =
        position <= oneSpeakerCount && position > 0 && speakers[row[position - 1]] != speakers[clip]
      length += seconds[clip]
      if position < joinedCount, let last = utterances.indices.last,
        utterances[last].count < wantedCount, length <= joining.longestSeconds, !changesVoice
      {
        utterances[last].append(clip)
      } else {
        utterances.append([clip])
        length = seconds[clip]
        wantedCount = Int.random(in: joining.clipCount, using: &random)
      }
    }
    self.utterances = utterances
  }
}
