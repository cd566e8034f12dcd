package import StapesCorpus
internal import StapesFeatures
internal import StapesText

extension Corpus {
  /// Parts the corpus so that the clips to validate on tell something, where that is possible: with
  /// a text that is left after normalisation and fits its clip and, in one of them at least, with
  /// characters (or a class) that are trained on too.
  package func holdingOut(toTrainWith options: TrainingOptions) -> HoldOut {
    let units = clips.map { options.learnableUnits(of: $0) }
    func parted(sparing spared: Int = 1, _ isCandidate: (Int) -> Bool) -> HoldOut {
      holdingOut(
        fraction: options.validationShare, seed: options.seed, isCandidate: isCandidate,
        sparing: spared)
    }
    func canBeScored(_ parts: HoldOut) -> Bool {
      let trained = parts.training.clips.reduce(into: Set<String>()) {
        $0.formUnion(options.learnableUnits(of: $1) ?? [])
      }
      return parts.validation.clips.contains {
        options.learnableUnits(of: $0)?.isSubset(of: trained) ?? false
      }
    }
    let usual = parted { units[$0] != nil }
    guard !canBeScored(usual) else { return usual }
    var clipCounts: [String: Int] = [:]
    for unit in units.compactMap(\.self).joined() { clipCounts[unit, default: 0] += 1 }
    let covered = parted(sparing: 0) {
      units[$0]?.allSatisfy { clipCounts[$0, default: 0] > 1 } ?? false
    }
    return canBeScored(covered) ? covered : usual
  }
}

extension Corpus {
  /// Sound without phrases, and some of it, spread evenly, to validate on: every twentieth clip, or
  /// fewer of many.
  package var partedForSpotting: (training: Corpus, validation: [LabelledClip]) {
    let spacing = max(20, clips.count / 300)
    let isHeldOut = { $0 % spacing == spacing / 2 }
    return (
      Corpus(clips: clips.indices.filter { !isHeldOut($0) }.map { clips[$0] }),
      clips.indices.filter(isHeldOut).map { clips[$0] }
    )
  }
}

extension TrainingOptions {
  /// The characters of a clip's text or, where clips are told apart, its class; nil where nothing
  /// can be learnt from the clip.
  fileprivate func learnableUnits(of clip: LabelledClip) -> Set<String>? {
    let text = self.text.normalized(clip.text)
    guard !text.isEmpty, clip.duration <= longestClipSeconds else { return nil }
    guard task != .classify else { return [text] }
    let sampleCount = Int((clip.duration * Double(features.sampleRate)).rounded())
    let outputCount = outputCount(forFrames: features.frameCount(forSampleCount: sampleCount))
    return text.requiredOutputCount <= outputCount ? Set(text.map(String.init)) : nil
  }
}
