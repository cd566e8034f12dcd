internal import StapesDecoding
internal import StapesFeatures
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesText

extension SpeechModel {
  /// What there is to say about the model, by topic; nothing of what is unknown.
  package var facts: [(name: String, lines: [String])] {
    let topics = [
      ("for", [provenance.summary]), ("licence", [provenance.licence]),
      ("trained on", [provenance.data]), ("by", [provenance.training]),
      ("measured", provenance.figures.map(\.line)), ("input", [features.summary(normalization)]),
      outputs.labels.map { ("classes", [$0.joined(separator: ", ")]) } ?? ("writes", writing),
      ("network", [network.configuration.architecture.description, network.storage, work]),
      ("tuned to", [languageWeights?.summary ?? ""]),
      ("used with", [languageModel?.summary ?? ""]),
    ]
    let notes = provenance.notes.filter { $0.key != Provenance.optionsNote }.sorted {
      $0.key < $1.key
    }
    .map { ($0.key, [$0.value]) }
    return (topics + notes).map { ($0.0, $0.1.filter { !$0.isEmpty }) }.filter { !$0.1.isEmpty }
  }
}

extension UsualLanguageModel {
  /// Which it is, and what it knows besides.
  fileprivate var summary: String {
    let words = furtherWords.isEmpty ? "" : " and \(counted(furtherWords.count, "further word"))"
    return "the language model of \(bundledName)\(words), unless --lm or --no-lm is given"
  }
}

extension SpeechModel {
  /// The characters and words of its texts.
  fileprivate var writing: [String] {
    let characters = alphabet.characters.map { $0 == " " ? "space" : $0 }.joined(separator: " ")
    return [
      "\(characters), \(textNormalization.summary)",
      vocabulary.map { "only the words \($0.joined(separator: " "))" } ?? "",
    ]
  }

  /// What the network computes.
  fileprivate var work: String {
    let count = multiplyAddCountPerSecond / 1e6
    return "\(count.formatted(decimals: 1)) million multiply-adds for a second of sound"
  }

  package var multiplyAddCountPerSecond: Double {
    network.configuration.multiplyAddCountPerFrame / features.frames.hopSeconds
  }
}

extension Provenance {
  fileprivate var data: String {
    guard clipCount > 0 else { return "" }
    let speakers = speakerCount.map { ", \(counted($0, "speaker"))" } ?? ""
    return "\(counted(clipCount, "clip")), \(hours.formatted(decimals: 2)) hours\(speakers)"
      + " (fingerprint \(dataFingerprint))"
  }

  fileprivate var training: String {
    toolVersion.isEmpty
      ? "" : "Stapes \(toolVersion), seed \(seed), \(counted(epochCount, "epoch"))"
  }
}

extension Provenance.Figure {
  fileprivate var line: String {
    let percent = [value, lower, upper].map { ($0 * 100).formatted(decimals: 2) }
    return "\(name) \(percent[0]) % (\(percent[1]) to \(percent[2])) on "
      + "\(counted(clipCount, "clip")): \(clips)"
  }
}

extension FeatureConfiguration {
  fileprivate func summary(_ normalization: FeatureNormalization) -> String {
    let kind = cepstrum == nil ? "log-mel energies" : "MFCC"
    let scope =
      switch normalization {
      case .none: "not normalised"
      case .perClip: "normalised per clip"
      case .smoothed(let frameCount, _, _):
        "normalised per clip, smoothed with \(frameCount) frames of the training mean"
      case .global: "normalised by the statistics of the training clips"
      case .sliding(let frameCount, _, _):
        "normalised over a sliding window of \(frameCount) frames"
      }
    let hop = (frames.hopSeconds * 1000).formatted(decimals: 0)
    return "\(sampleRate) Hz; \(columnCount) features (\(kind)) every \(hop) ms, \(scope)"
  }
}

extension TextNormalization {
  fileprivate var summary: String {
    let letters =
      switch letterCase {
      case .keep: "capital and small letters"
      case .lower: "small letters"
      case .upper: "capital letters"
      }
    let marks = punctuation == .keep ? "with punctuation" : "no punctuation"
    let numbers =
      switch digits {
      case .keep: "digits"
      case .spellEnglish: "numbers in English words"
      case .digitByDigit: "numbers digit by digit"
      case .drop: "no numbers"
      }
    return "\(letters), \(marks), \(numbers)\(language.map { ", language \($0)" } ?? "")"
  }
}

extension LanguageWeights {
  fileprivate var summary: String {
    let unknown = unknownWordPenalty.map { $0.formatted(decimals: 2) } ?? "inf"
    return "a language model with --lm-weight \(languageWeight.formatted(decimals: 2)) "
      + "--word-bonus \(wordBonus.formatted(decimals: 2)) --unknown-word-penalty \(unknown) "
      + "--prior-weight \(labelPriorWeight.formatted(decimals: 2))"
  }
}

extension StoredNetwork {
  fileprivate var storage: String {
    let form =
      switch precision {
      case .float32: "32-bit floats"
      case .bfloat16: "bf16, 16 bits each"
      case .int8: "int8, 8 bits each and a scale for each row"
      }
    return "\(weightCount) weights, stored as \(form)"
  }
}
