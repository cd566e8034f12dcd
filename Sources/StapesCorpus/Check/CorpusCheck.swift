internal import StapesAudio
internal import StapesConcurrency
internal import StapesKernels
public import StapesLayouts
public import StapesText

/// What there is to find fault with in the clips of a training run.
///
/// Every finding follows from facts about clips alone, and so can be made without any sound: then
/// it is about texts, speakers and files.
public struct CorpusCheck: Sendable {
  /// What the model that would be trained on the clips asks of them.
  public let requirements: ClipRequirements
  /// The clips, those to validate on last.
  public let clips: [ClipFacts]
  /// What could not be used of either.
  public let skipped: [Corpus.Skipped]

  /// Takes facts that are known already.
  public init(
    requirements: ClipRequirements, clips: [ClipFacts], skipped: [Corpus.Skipped] = []
  ) {
    self.requirements = requirements
    self.clips = clips
    self.skipped = skipped
  }

  /// Takes what is known of clips that nobody has listened to.
  public init(
    texts training: Corpus, validation: Corpus? = nil, requirements: ClipRequirements
  ) {
    func facts(_ corpus: Corpus?, isForValidation: Bool) -> [ClipFacts] {
      (corpus?.clips ?? []).map { clip in
        ClipFacts(
          clip: clip, text: requirements.text.normalized(clip.text),
          isForValidation: isForValidation)
      }
    }
    self.init(
      requirements: requirements,
      clips: facts(training, isForValidation: false) + facts(validation, isForValidation: true),
      skipped: training.skipped + (validation?.skipped ?? []))
  }

  /// Decodes every clip once and measures it.
  ///
  /// - Parameters:
  ///   - training: the clips to train on.
  ///   - validation: the clips to validate on; nil for none of their own.
  ///   - requirements: what the model that would be trained on them asks of them.
  ///   - threadCount: how many tasks share the work, at least 1; no number changes the result.
  ///   - report: told after each clip, in no fixed order.
  /// - Throws: `CancellationError` when the task is cancelled before the end.
  public init(
    listeningTo training: Corpus, validation: Corpus? = nil, requirements: ClipRequirements,
    threadCount: Int, report: @escaping @Sendable (LabelledClip) -> Void = { _ in }
  ) async throws {
    let unmeasured = CorpusCheck(
      texts: training, validation: validation, requirements: requirements)
    let clips = unmeasured.clips
    let measured = try await concurrentResults(
      count: clips.count, threadCount: threadCount, makeTools: { SoundMeter() }
    ) { meter, index in
      var facts = clips[index]
      do throws(AudioError) {
        facts.sound = .success(try meter.facts(of: facts.clip))
      } catch .cancelled {
        throw CancellationError()
      } catch {
        facts.sound = .failure(error)
      }
      report(facts.clip)
      return facts
    }
    self.init(requirements: requirements, clips: measured, skipped: unmeasured.skipped)
  }

  /// What normalisation changes in the texts before they are learnt.
  public var textChanges: TextChanges {
    var changes = TextChanges()
    for clip in clips { _ = requirements.text.normalized(clip.clip.text, counting: &changes) }
    return changes
  }

  /// All that was found: errors first, then warnings, then notes; nothing for a clean corpus.
  public var findings: [Finding] {
    let lists = skippedItems.merging(soundItems, uniquingKeysWith: +)
      .merging(textItems, uniquingKeysWith: +).merging(copyItems, uniquingKeysWith: +)
      .merging(overlapItems, uniquingKeysWith: +)
    let found = Finding.Kind.allCases.compactMap { kind in
      lists[kind].map { Finding(kind: kind, items: $0) }
    }
    return Finding.Severity.allCases.flatMap { severity in
      found.filter { $0.severity == severity }
    }
  }

  /// Clips by what was found about them.
  typealias Items = [Finding.Kind: [Finding.Item]]

  /// What reading the corpus skipped.
  private var skippedItems: Items {
    Dictionary(grouping: skipped) { item in
      switch item.reason {
      case .missingAudio: .missingSound
      case .missingText, .unlisted: .missingText
      case .emptyText: .emptyText
      case .textNotUnicode, .unreadableText, .malformedLine: .unusableText
      case .unreadableAudio, .noSound, .foreignName: .unreadableSound
      case .outsideAudio: .truncatedSound
      case .duplicate: .repeatedClip
      case .conflictingTexts: .clipWithTwoTexts
      }
    }.mapValues { $0.map(Finding.Item.init) }
  }
}

extension CorpusCheck.Items {
  mutating func add(_ kind: Finding.Kind, _ clip: ClipFacts, _ detail: String) {
    self[kind, default: []].append(Finding.Item(clip.clip, detail))
  }
}
