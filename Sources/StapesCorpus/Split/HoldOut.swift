internal import StapesKernels
internal import StapesLayouts
internal import StapesText

/// A corpus parted in two: clips to train on and clips to validate with.
public struct HoldOut: Sendable, Equatable {
  /// How the clips to validate with were chosen.
  public enum Rule: Sendable, Equatable {
    /// All clips of these speakers, so that validation tells about voices not trained on.
    case speakers([String])
    /// Clips spread evenly over speakers and texts; the same voices are trained on.
    case clips
  }

  /// The clips to train on.
  public let training: Corpus
  /// The clips to validate with.
  public let validation: Corpus
  /// How the clips to validate with were chosen.
  public let rule: Rule
}

extension Corpus {
  /// Parts the corpus in two, the same way for the same clips and seed.
  ///
  /// Whole speakers are held out when at least ten are known, with at least half of the sound
  /// theirs; clips of unknown speakers are then trained on. Otherwise single clips are, spread
  /// evenly over speakers and texts. With two clips or more neither part is empty; a single clip is
  /// trained on.
  ///
  /// - Parameters:
  ///   - fraction: the share of the sound, or of the clips, to validate with; in 0...1.
  ///   - seed: chooses among equally good ways.
  ///   - isCandidate: whether the clip at an index can be validated on; another one is held out in
  ///     its place where it cannot.
  ///   - spared: how many of these are trained on at least.
  /// - Returns: the two parts, the clips of each in the order they have here, and the rule.
  public func holdingOut(
    fraction: Double = 0.1, seed: UInt64, isCandidate: (Int) -> Bool = { _ in true },
    sparing spared: Int = 1
  ) -> HoldOut {
    precondition((0...1).contains(fraction), "fraction \(fraction)")
    var generator = SplitMix64(seed: seed)
    if let speakers = heldOutSpeakers(fraction: fraction, using: &generator) {
      let names = Set(speakers)
      let held = Set(clips.indices.filter { clips[$0].speaker.map(names.contains) ?? false })
      if held.contains(where: isCandidate) {
        return parted(.speakers(speakers)) { held.contains($0) }
      }
    }
    let most = clips.indices.count(where: isCandidate) - spared
    let held = heldOutClips(
      fraction: fraction, isCandidate: isCandidate, most: most, using: &generator)
    return parted(.clips) { held.contains($0) }
  }

  /// Speakers, sorted, with about the share of the sound; nil when too few are known.
  private func heldOutSpeakers(
    fraction: Double, using generator: inout SplitMix64
  ) -> [String]? {
    var secondsOfSpeaker: [String: Double] = [:]
    for clip in clips {
      if let speaker = clip.speaker { secondsOfSpeaker[speaker, default: 0] += clip.duration }
    }
    let known = speakers
    guard known.count >= 10,
      known.reduce(0, { $0 + (secondsOfSpeaker[$1] ?? 0) }) >= seconds / 2
    else { return nil }
    let target = fraction * seconds
    var held: [String] = []
    var heldSeconds = 0.0
    // Whoever brings the sum nearer to the share; and somebody, but not everybody.
    for speaker in shuffled(known, using: &generator) where held.count < known.count - 1 {
      let longer = heldSeconds + (secondsOfSpeaker[speaker] ?? 0)
      guard abs(longer - target) < abs(heldSeconds - target) else { continue }
      held.append(speaker)
      heldSeconds = longer
    }
    if held.isEmpty {
      held =
        known.min { (secondsOfSpeaker[$0] ?? 0) < (secondsOfSpeaker[$1] ?? 0) }.map { [$0] } ?? []
    }
    return held.sorted()
  }

  /// The indices of clips at even steps through all of them by speaker and text, so that each
  /// speaker and each text has its share.
  ///
  /// A clip that is no candidate is replaced by the nearest one after it.
  private func heldOutClips(
    fraction: Double, isCandidate: (Int) -> Bool, most: Int, using generator: inout SplitMix64
  ) -> Set<Int> {
    let wanted = (Double(clips.count) * fraction).rounded()
    let count = min(max(1, Int(wanted)), clips.count - 1)
    guard count > 0 else { return [] }
    // Sorting is stable, so clips of one speaker and text stay shuffled.
    var order = shuffled(Array(clips.indices), using: &generator)
    order.sort { clips[$0].text.bytesPrecede(clips[$1].text) }
    order.sort { (clips[$0].speaker ?? "").bytesPrecede(clips[$1].speaker ?? "") }
    let start = Int(generator.next().multipliedFullWidth(by: UInt64(clips.count)).high)
    let chosen = (0..<count).map { step in (step * clips.count + start) / count }
    var held = Set(chosen.map { order[$0] }.filter(isCandidate))
    for place in chosen where !isCandidate(order[place]) && held.count < most {
      let later = (order[place...] + order[..<place]).first {
        isCandidate($0) && !held.contains($0)
      }
      if let later { held.insert(later) }
    }
    return held.isEmpty ? Set(chosen.map { order[$0] }) : held
  }

  private func parted(_ rule: HoldOut.Rule, isHeldOut: (Int) -> Bool) -> HoldOut {
    HoldOut(
      training: Corpus(clips: clips.indices.filter { !isHeldOut($0) }.map { clips[$0] }),
      validation: Corpus(clips: clips.indices.filter(isHeldOut).map { clips[$0] }), rule: rule)
  }
}

extension HoldOut: CustomStringConvertible {
  /// What was held out and by which rule, in one sentence.
  public var description: String {
    let sound =
      "\(counted(validation.clips.count, "clip")) (\(formatted(seconds: validation.seconds)))"
    switch rule {
    case .speakers(let speakers):
      return "held out for validation: \(sound) of \(counted(speakers.count, "whole speaker")) "
        + "(\(speakers.joined(separator: ", ")))"
    case .clips:
      return "held out for validation: \(sound), spread evenly over speakers and texts, since "
        + "too few speakers are known to hold out whole ones"
    }
  }
}

/// The elements in an order that only the generator decides.
private func shuffled<Element>(
  _ elements: [Element], using generator: inout SplitMix64
) -> [Element] {
  elements.map { (key: generator.next(), element: $0) }.sorted { $0.key < $1.key }.map(\.element)
}
