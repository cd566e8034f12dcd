internal import Glibc
internal import StapesAudio
internal import StapesText

extension CorpusCheck {
  /// What is wrong with the sound of single clips, and whether it goes with their texts.
  var soundItems: Items {
    var items = Items()
    for clip in clips {
      switch clip.sound {
      case nil: break
      case .failure(.nonFiniteSample(_, let frame)):
        items.add(.nonFiniteSound, clip, "frame \(frame)")
      case .failure(let error): items.add(.unreadableSound, clip, error.description)
      case .success(let sound):
        addLevels(of: sound, clip, to: &items)
        addRates(of: sound, clip, to: &items)
      }
      addFit(of: clip, to: &items)
    }
    for (clip, detail, kind) in oddDurations { items.add(kind, clip, detail) }
    return items
  }

  private func addLevels(of sound: SoundFacts, _ clip: ClipFacts, to items: inout Items) {
    if let shortfall = sound.shortfall { items.add(.truncatedSound, clip, shortfall) }
    guard !sound.isSilent else { return items.add(.silentSound, clip, "digital silence") }
    if sound.level < 3e-4 {
      let decibels = (-20 * log10(sound.level)).rounded(to: 0)
      items.add(.faintSound, clip, "\(decibels) dB below full scale")
    } else if let range = sound.dynamicRange, range < 5 {
      let detail = "loud and quiet parts within \(range.rounded(to: 1)) dB of each other"
      items.add(.steadySound, clip, detail)
    }
    if sound.clippedShare >= 1e-3 {
      let share = (sound.clippedShare * 100).rounded(to: 1)
      items.add(.clippedSound, clip, "\(share) % of the samples at the limit")
    }
    if sound.peak > 4 { items.add(.excessiveSound, clip, "samples up to \(sound.peak)") }
    if abs(sound.mean) >= 0.01, abs(sound.mean) > 0.2 * sound.level {
      items.add(.offsetSound, clip, "mean \(sound.mean.rounded(to: 3))")
    }
  }

  private func addRates(of sound: SoundFacts, _ clip: ClipFacts, to items: inout Items) {
    let rate = requirements.sampleRate
    if sound.sampleRate < rate {
      items.add(.lowSampleRate, clip, "\(sound.sampleRate) Hz; the model uses \(rate) Hz")
    } else if let limit = sound.bandLimit, limit < 0.4 * Double(rate) {
      items.add(.bandLimitedSound, clip, "empty above \((limit / 1000).rounded(to: 1)) kHz")
    }
    if sound.sampleRate > rate {
      items.add(.otherSampleRate, clip, "\(sound.sampleRate) Hz, resampled to \(rate) Hz")
    }
    if let taken = sound.takenChannel {
      items.add(.cancellingChannels, clip, "channel \(taken) is used")
    } else if sound.channelCount > 1 {
      items.add(.severalChannels, clip, "\(sound.channelCount) channels, mixed")
    }
  }

  /// Whether the text fits the clip, by the same rule as in training.
  private func addFit(of clip: ClipFacts, to items: inout Items) {
    let seconds = clip.heard?.seconds ?? clip.clip.duration
    guard clip.sound == nil || clip.heard != nil, !clip.text.isEmpty else { return }
    if seconds > requirements.longestClipSeconds {
      return items.add(.longClip, clip, "\(seconds.rounded(to: 1)) s")
    }
    let rate = requirements.sampleRate
    let sampleCount = Int((seconds * Double(rate)).rounded())
    let (needed, outputs) = (
      clip.text.requiredOutputCount, requirements.outputCount(sampleCount)
    )
    if needed > outputs {
      let detail = "\(seconds.rounded(to: 2)) s give \(outputs) outputs, the text needs \(needed)"
      items.add(.textTooLong, clip, detail)
    }
  }

  /// Clips whose length is far from what their text suggests, by a line through the lengths of all
  /// clips over their characters (Theil and Sen's, which outliers do not bend).
  private var oddDurations: [(ClipFacts, detail: String, Finding.Kind)] {
    let spoken = clips.filter { !$0.text.isEmpty && $0.clip.duration > 0 }
    guard spoken.count >= 20 else { return [] }
    let byLength = spoken.sorted { $0.text.count < $1.text.count }
    let half = byLength.count / 2
    let slopes = (0..<half).compactMap { index in
      let (short, long) = (byLength[index], byLength[index + half])
      let characters = long.text.count - short.text.count
      return characters == 0
        ? nil : (long.clip.duration - short.clip.duration) / Double(characters)
    }
    let slope = max(slopes.median ?? 0, 0)
    let rest = spoken.map { $0.clip.duration - slope * Double($0.text.count) }.median ?? 0
    let ratios = spoken.map { clip in
      log(clip.clip.duration / max(rest + slope * Double(clip.text.count), 0.05))
    }
    let spread = (ratios.map { abs($0) }.median ?? 0) * 1.4826
    let limit = max(6 * spread, log(3))
    return zip(spoken, ratios).compactMap { clip, ratio in
      guard abs(ratio) > limit else { return nil }
      let expected = (clip.clip.duration / exp(ratio)).rounded(to: 1)
      let detail = "\(clip.clip.duration.rounded(to: 1)) s, where \(expected) s are usual"
      return (clip, detail, ratio > 0 ? .slowText : .fastText)
    }
  }
}

extension [Double] {
  /// The middle value; nil without values.
  fileprivate var median: Double? { isEmpty ? nil : sorted()[count / 2] }
}
