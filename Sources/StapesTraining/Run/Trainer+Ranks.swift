internal import StapesCorpus
internal import StapesFiles
internal import StapesModel
internal import StapesRanks
internal import StapesRecipe
internal import StapesText

/// What all ranks of a training must have alike.
private struct RankFacts: Codable, Equatable {
  let options: TrainingOptions
  /// Numbers that tell the clips, in their order, and the model to train further from others.
  let clips, origin: String

  init(_ trainer: Trainer) {
    options = trainer.options
    var sum = Checksum()
    for corpus in [trainer.training, trainer.validation, trainer.replayed] {
      sum.add(UInt64(corpus.clips.count))
      for clip in corpus.clips {
        sum.add(clip.identifier)
        sum.add(clip.text)
        sum.add(clip.duration.bitPattern)
      }
    }
    clips = String(sum.value, radix: 16)
    var model = Checksum()
    if let origin = trainer.origin { model.add(origin.serialized()) }
    origin = String(model.value, radix: 16)
  }

  /// What differs first from another rank's, with both values.
  func firstDifference(from other: RankFacts) -> (what: String, here: String, there: String)? {
    if let own = try? options.jsonValue, let others = try? other.options.jsonValue,
      let (path, here, there) = own.firstDifference(from: others)
    {
      return ("setting \(path)", canonicalJSON(here), canonicalJSON(there))
    }
    if clips != other.clips { return ("list of clips", "of fingerprint \(clips)", other.clips) }
    return origin == other.origin
      ? nil : ("model to start from", "of fingerprint \(origin)", other.origin)
  }
}

extension Trainer {
  /// Makes sure that all ranks train on the same clips with the same options.
  ///
  /// - Throws: `RankError`.
  func agreeWithOtherRanks() async throws {
    guard !ranks.isAlone else { return }
    let all = try await ranks.gather(.success(RankFacts(self)))
    for (rank, facts) in all.enumerated() {
      guard let (what, here, there) = facts.firstDifference(from: all[0]) else { continue }
      throw ranks.refusal(of: rank, what: what, here: here, there: there)
    }
  }
}

extension LanguageTrainer {
  /// Makes sure that all ranks train on the same sentences with the same options.
  ///
  /// - Throws: `RankError`.
  func agreeWithOtherRanks() async throws {
    guard !ranks.isAlone else { return }
    let all = try await ranks.gather(.success([canonicalJSON(options), fingerprint]))
    for (rank, facts) in all.enumerated() {
      for (what, pair) in zip(["options", "text"], zip(facts, all[0])) where pair.0 != pair.1 {
        throw ranks.refusal(of: rank, what: what, here: pair.0, there: pair.1)
      }
    }
  }
}
