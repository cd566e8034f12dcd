package import Stapes
package import StapesProtocols
internal import Synchronization

/// The models that a server offers, and recognisers with them.
package actor ModelShelf {
  private struct Loaded {
    let model: SpeechModel
    let language: LanguageModel?
  }

  /// What there is, the usual one first.
  private struct Catalogue {
    var names: [String] = []
    var sources: [String: ModelSource] = [:]
    /// Models that spot phrases, and transcribe nothing.
    var spotters: [String] = []

    mutating func add(_ name: String, _ source: ModelSource) {
      if sources.updateValue(source, forKey: name) == nil { names.append(name) }
    }
  }

  /// The names of the models, the usual one first.
  package nonisolated var names: [String] { catalogue.withLock { $0.names } }
  /// The names of the models that spot phrases.
  package nonisolated var spotters: [String] { catalogue.withLock { $0.spotters } }
  private let catalogue: Mutex<Catalogue>
  private var loaded: [String: Loaded] = [:]
  private var recognizers: [(name: String, settings: RecognizerSettings, recognizer: Recognizer)] =
    []

  /// How many recognisers with settings of their own are kept.
  private static let keptCount = 8

  /// Makes a shelf.
  ///
  /// - Parameters:
  ///   - files: models of one's own, by paths, each called by its file's name without folder and
  ///     ending; the first is the usual one.
  ///   - withBundled: whether those that come with Stapes are offered too.
  package init(files: [String], withBundled: Bool) {
    var catalogue = Catalogue()
    for path in files {
      let last = path.split(separator: "/").last.map(String.init) ?? path
      let name = last.hasSuffix(".safetensors") ? String(last.dropLast(12)) : last
      catalogue.add(name, .file(path))
    }
    if withBundled {
      for name in ModelSource.bundledNames { catalogue.add(name, .bundled(name)) }
    }
    self.catalogue = Mutex(catalogue)
  }

  /// Sets models aside that were trained to spot phrases.
  ///
  /// - Throws: `RecognitionError` for a file that is no model.
  package func setSpottersAside() throws(RecognitionError) {
    for name in names where isFile(name) {
      guard try model(name).spotting != nil else { continue }
      catalogue.withLock { catalogue in
        catalogue.names.removeAll { $0 == name }
        catalogue.spotters.append(name)
      }
    }
  }

  private nonisolated func isFile(_ name: String) -> Bool {
    if case .file? = catalogue.withLock({ $0.sources[name] }) { true } else { false }
  }

  /// Offers a further model, or another one under a name.
  package func add(_ name: String, file path: String) {
    remove(name)
    catalogue.withLock { $0.add(name, .file(path)) }
  }

  /// Offers a model no longer; what is recognised with it goes on.
  package func remove(_ name: String) {
    loaded[name] = nil
    recognizers.removeAll { $0.name == name }
    catalogue.withLock { catalogue in
      catalogue.names.removeAll { $0 == name }
      catalogue.sources[name] = nil
    }
  }

  /// What the tool calls a model: the path of its file, or the name of a bundled one.
  package nonisolated func toolName(of name: String) -> String {
    guard case .file(let path)? = catalogue.withLock({ $0.sources[name] }) else {
      return name
    }
    return path.hasPrefix("/") ? path : "./" + path
  }

  /// A model.
  ///
  /// - Throws: `RecognitionError`.
  package func model(_ name: String) throws(RecognitionError) -> SpeechModel {
    try load(name).model
  }

  /// The name of a model, or of the usual one where none is asked for; nil where there is none of
  /// this name.
  ///
  /// - Parameter isLive: whether it is for sound that is still coming.
  package nonisolated func name(for asked: String?, isLive: Bool = false) -> String? {
    let names = names
    if let asked, !asked.isEmpty { return names.contains(asked) ? asked : nil }
    let streaming = "english-streaming"
    guard isLive, names.contains(streaming), let first = names.first else { return names.first }
    return isFile(first) ? first : streaming
  }

  /// What clients are told of a model.
  ///
  /// - Throws: `RecognitionError`.
  package func description(of name: String) throws(RecognitionError) -> ServedModel {
    let model = try load(name).model
    return ServedModel(
      name: name, description: model.provenance.summary,
      language: model.textNormalization.language ?? "en")
  }

  /// A recogniser.
  ///
  /// - Parameters:
  ///   - name: one of `names`.
  ///   - settings: what is asked of it.
  /// - Throws: `RecognitionError`.
  package func recognizer(
    _ name: String, _ settings: RecognizerSettings = RecognizerSettings()
  ) throws(RecognitionError) -> Recognizer {
    if let index = recognizers.firstIndex(where: { $0.name == name && $0.settings == settings }) {
      let found = recognizers.remove(at: index)
      recognizers.append(found)
      return found.recognizer
    }
    let loaded = try load(name)
    let recognizer = try Recognizer(
      model: .model(loaded.model),
      options: RecognitionOptions(
        beamWidth: settings.beam, hypothesisCount: settings.hypothesisCount,
        wantsWords: settings.wantsWords, splitsChannels: settings.splitsChannels),
      languageModel: settings.usesLanguageModel && settings.phrases.isEmpty ? loaded.language : nil,
      hotwords: settings.hotwords.isEmpty
        ? nil : HotwordList(settings.hotwords.map { HotwordList.Entry($0) }),
      phrases: settings.phrases.isEmpty ? nil : PhraseList(settings.phrases))
    recognizers.append((name, settings, recognizer))
    if recognizers.count > Self.keptCount { recognizers.removeFirst() }
    return recognizer
  }

  private func load(_ name: String) throws(RecognitionError) -> Loaded {
    if let found = loaded[name] { return found }
    guard let source = catalogue.withLock({ $0.sources[name] }) else {
      throw .noSuchBundledModel(name: name, available: names)
    }
    let model = try source.load()
    // Models that are used with the same one share its memory.
    let shared = loaded.values.first {
      $0.language != nil
        && $0.model.languageModel?.bundledName == model.languageModel?.bundledName
    }
    let language = if let shared { shared.language } else { try model.usualLanguageModel() }
    let new = Loaded(model: model, language: language)
    loaded[name] = new
    return new
  }
}
