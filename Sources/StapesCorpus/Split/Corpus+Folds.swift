internal import StapesKernels
internal import StapesLayouts

/// Clips to train on and others to measure the model on.
public struct CorpusFold: Sendable, Equatable {
  /// What tells it from the others, such as the speaker who is measured.
  public let name: String
  /// The clips to train on.
  public let training: Corpus
  /// The clips to measure on.
  public let test: Corpus

  /// Makes a part of two sets of clips.
  public init(name: String, training: Corpus, test: Corpus) {
    (self.name, self.training, self.test) = (name, training, test)
  }
}

extension Corpus {
  /// Parts for cross-validation, in each of which other clips are measured and the rest trained
  /// on; every clip is measured once.
  ///
  /// Clips of each speaker and text are dealt out evenly.
  ///
  /// - Parameters:
  ///   - count: how many parts, 2 or more.
  ///   - seed: chooses among equally good ways.
  /// - Returns: the parts; nil where there are fewer clips than parts.
  public func folds(count: Int, seed: UInt64) -> [CorpusFold]? {
    precondition(count >= 2, "\(count) folds")
    guard clips.count >= count else { return nil }
    let order = evenOrder(seed: seed)
    return (0..<count).map { fold in
      let held = Set(order.indices.filter { $0 % count == fold }.map { order[$0] })
      return self.fold(named: "\(fold + 1) of \(count)") { held.contains($0) }
    }
  }

  /// Parts in each of which one speaker is evaluated who is not in the training part.
  ///
  /// - Returns: a part for each speaker; nil unless there are two, and the speaker of every clip is
  ///   known.
  public func foldsBySpeaker() -> [CorpusFold]? {
    guard speakers.count >= 2, clips.allSatisfy({ $0.speaker != nil }) else { return nil }
    return speakers.map { speaker in
      fold(named: speaker) { clips[$0].speaker == speaker }
    }
  }

  /// Growing shares of the clips to train on, each within the next, measured on the same held-out
  /// clips.
  ///
  /// - Parameters:
  ///   - shareCount: how many shares, the last being all clips that are not held out.
  ///   - testShare: about the share of clips to measure on; see `holdingOut(fraction:seed:)`.
  ///   - seed: chooses among equally good ways.
  /// - Returns: the shares; nil where there are too few clips.
  public func learningCurve(
    shareCount: Int = 3, testShare: Double = 0.2, seed: UInt64
  ) -> [CorpusFold]? {
    let parted = holdingOut(fraction: testShare, seed: seed)
    let training = parted.training
    guard training.clips.count >= 2 * shareCount, !parted.validation.clips.isEmpty else {
      return nil
    }
    let order = training.evenOrder(seed: seed)
    return (1...shareCount).map { share in
      let taken = Set(order.indices.filter { $0 % shareCount < share }.map { order[$0] })
      let some = training.clips.indices.filter(taken.contains).map { training.clips[$0] }
      return CorpusFold(
        name: "\(share) of \(shareCount) parts", training: Corpus(clips: some),
        test: parted.validation)
    }
  }

  /// The indices of all clips by speaker and text, those of one kind in a random order, so that
  /// every n-th is an even choice.
  private func evenOrder(seed: UInt64) -> [Int] {
    var generator = SplitMix64(seed: seed)
    let keys = clips.map { _ in generator.next() }
    var order = clips.indices.sorted { (keys[$0], $0) < (keys[$1], $1) }
    order.sort { clips[$0].text.bytesPrecede(clips[$1].text) }
    order.sort { (clips[$0].speaker ?? "").bytesPrecede(clips[$1].speaker ?? "") }
    return order
  }

  private func fold(named name: String, isTest: (Int) -> Bool) -> CorpusFold {
    CorpusFold(
      name: name, training: Corpus(clips: clips.indices.filter { !isTest($0) }.map { clips[$0] }),
      test: Corpus(clips: clips.indices.filter(isTest).map { clips[$0] }))
  }
}
