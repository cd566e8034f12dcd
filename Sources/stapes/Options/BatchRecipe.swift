import Stapes

extension ModelOptions {
  /// A number that changes with all that decides a text besides the sound: the bytes of the model, of
  /// language models and lists, and the options.
  ///
  /// - Throws: `RecognitionError` for a file that cannot be read.
  func recipe(for recognizer: Recognizer, audio: AudioOptions) throws -> UInt64 {
    var hash = ContentHash()
    hash.add("model")
    let usesBundledWords = language.lm == nil && !language.noLM && phrases.phrases == nil
    try name.source.addBytes(
      to: &hash, with: usesBundledWords ? recognizer.model.languageModel : nil)
    for file in [language.lm, hotwords.hotwords, phrases.phrases] {
      hash.add(file == nil ? "none" : "file")
      if let file { try hash.addFile(file) }
    }
    hash.add(language.noLM ? "no language model" : "")
    hash.add(
      "\(recognizer.options) \(Self.described(audio)) \(hotwords.hotwordBoost ?? .infinity)")
    return hash.value
  }

  /// The recipe of version 0.1.0 for the same; nil where it was no more than the name of a model that
  /// came with the tool, which says nothing of its bytes.
  ///
  /// - Throws: `RecognitionError` for a file that cannot be read.
  func earlierRecipe(for recognizer: Recognizer, audio: AudioOptions) throws -> UInt64? {
    guard case .file(let model) = name.source else { return nil }
    var hash = ContentHash()
    hash.add("0.1.0")
    for file in [language.lm, hotwords.hotwords, phrases.phrases, model] {
      hash.add(file == nil ? "none" : "file")
      if let file { try hash.addFile(file) }
    }
    hash.add(language.noLM ? "no language model" : "")
    let options = recognizer.options
    hash.add(
      """
      RecognitionOptions(beamWidth: \(options.beamWidth as Any), \
      hypothesisCount: \(options.hypothesisCount), allowsAnyWord: \(options.allowsAnyWord), \
      languageWeight: \(options.languageWeight as Any), wordBonus: \(options.wordBonus as Any), \
      unknownWordPenalty: \(options.unknownWordPenalty as Any), \
      labelPriorWeight: \(options.labelPriorWeight as Any), unknownMargin: \(options.unknownMargin), \
      wantsWords: \(options.wantsWords), splitsChannels: \(options.splitsChannels)) \
      \(Self.described(audio)) \(hotwords.hotwordBoost ?? .infinity)
      """)
    return hash.value
  }

  /// What of the options decides a text, in the words of version 0.1.0.
  private static func described(_ audio: AudioOptions) -> String {
    let channel = "\([audio.channel])".dropFirst().dropLast()
    let described =
      "AudioOptions(sampleRate: \(audio.sampleRate as Any), channel: \(channel), "
      + "rawFormat: \(audio.rawFormat as Any))"
    // Journals hold the names that types had in this module.
    return described.replacing("StapesContainers.", with: "StapesAudio.")
  }

  /// The files that decide a text, as they are now.
  var filesFound: FoundFiles {
    var paths = [language.lm, hotwords.hotwords, phrases.phrases].compactMap(\.self)
    if case .file(let model) = name.source { paths.append(model) }
    return FoundFiles(paths)
  }
}

/// Files as they were at some time.
struct FoundFiles {
  private let files: [(path: String, node: FileNode?)]

  init(_ paths: [String]) {
    files = paths.map { ($0, FileNode(at: $0, followsLinks: true)) }
  }

  /// The first that is no longer what it was; nil where all are.
  var changed: String? {
    files.first { FileNode(at: $0.path, followsLinks: true) != $0.node }?.path
  }
}
