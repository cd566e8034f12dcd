internal import StapesFiles
internal import StapesText

/// Which files of labels go with which sound files of a folder.
///
/// Those of the same name beside the sound, with its ending or without, and with a language behind
/// it, as in `talk.en.vtt`; else those at the same place of a tree of their own, such as
/// `txt/anna/1.txt` for `wav48/anna/1.wav`; else, where there is but one of each, that one.
struct LabelPairs {
  /// By the bytes of the sounds' paths, which Unicode may call equal.
  private var filesOfSound: [ByteName: [Folder.File]] = [:]
  /// Files of labels that go with no sound, those about the whole folder aside.
  private(set) var lone: [Folder.File] = []

  /// How many sound files have labels.
  var count: Int { filesOfSound.count }

  /// The files that go with a sound file, in the order of their names.
  func files(for sound: Folder.File) -> [Folder.File] {
    filesOfSound[sound.path.byteName] ?? []
  }

  /// - Parameter endings: how names of files of labels end.
  init(of folder: Folder, endings: Set<String>) {
    let labels = folder.files.filter { endings.contains($0.ending) }
    guard !labels.isEmpty else { return }
    var used: Set<ByteName> = []
    func pair(_ sound: Folder.File, with files: [Folder.File]) {
      guard !files.isEmpty else { return }
      filesOfSound[sound.path.byteName] = files
      used.formUnion(files.map(\.path.byteName))
    }
    let ofStem = Dictionary(grouping: labels, by: \.stem.byteName)
    for sound in folder.audio {
      pair(sound, with: (ofStem[sound.stem.byteName] ?? []) + (ofStem[sound.path.byteName] ?? []))
    }
    var sounds: [Folder.File] { folder.audio.filter { filesOfSound[$0.path.byteName] == nil } }
    var unused: [Folder.File] { labels.filter { !used.contains($0.path.byteName) } }
    // Names that only Unicode calls equal, those with a language, and those of the other case.
    for name in [\Folder.File.stem, \.stemWithoutLanguage] {
      let ofName = Dictionary(grouping: unused) { $0[keyPath: name] }
      for sound in sounds { pair(sound, with: ofName[sound.stem] ?? []) }
    }
    let ofLetters = Dictionary(grouping: unused) { $0.stem.lowercased() }
    let soundsOfLetters = Dictionary(grouping: folder.audio) { $0.stem.lowercased() }
    for sound in sounds where soundsOfLetters[sound.stem.lowercased()]?.count == 1 {
      pair(sound, with: ofLetters[sound.stem.lowercased()] ?? [])
    }
    let trees = LabelTrees(sounds: sounds, labels: unused, all: (folder.audio, labels))
    for (sound, files) in trees.pairs { pair(sound, with: files) }
    // A flat folder of labels beside speakers' folders of sound, or the other way round.
    let folders = Set(folder.audio.map(\.folder.byteName))
    let apart = Dictionary(grouping: unused.filter { !folders.contains($0.folder.byteName) }) {
      $0.name.byteName
    }
    for (name, group) in Dictionary(grouping: sounds, by: \.name.byteName) where group.count == 1 {
      if let files = apart[name], files.count == 1 { pair(group[0], with: files) }
    }
    // Beside the folders of a corpus lies what is about all of it.
    let isFlat = folder.audio.contains { $0.folder.isEmpty }
    lone = unused.filter { !Folder.isNotice($0) && (isFlat || !$0.folder.isEmpty) }
    if let sound = folder.audio.first, folder.audio.count == 1, used.isEmpty, lone.count == 1 {
      filesOfSound[sound.path.byteName] = lone
      lone = []
    }
  }
}

/// Trees of files of labels beside trees of sound.
private struct LabelTrees {
  /// The sounds, and the files of labels that go with each.
  private(set) var pairs: [(sound: Folder.File, files: [Folder.File])] = []

  private let soundFolders: Set<String>
  private let labelFolders: Set<String>

  init(
    sounds: [Folder.File], labels: [Folder.File],
    all: (sounds: [Folder.File], labels: [Folder.File])
  ) {
    soundFolders = Set(all.sounds.flatMap(\.foldersAbove))
    labelFolders = Set(all.labels.flatMap(\.foldersAbove))
    var labelsAt: [String: [Folder.File]] = [:]
    for file in labels {
      for place in places(of: file, apartFrom: soundFolders) {
        labelsAt[place, default: []].append(file)
      }
    }
    guard !labelsAt.isEmpty else { return }
    var found: [(Folder.File, [Folder.File])] = []
    var uses: [String: Set<String>] = [:]
    for sound in sounds {
      let places = places(of: sound, apartFrom: labelFolders)
      guard let files = places.lazy.compactMap({ labelsAt[$0] }).first else { continue }
      found.append((sound, files))
      for file in files { uses[file.path, default: []].insert(sound.stemOfUtterance) }
    }
    // A text of several sounds, other than takes by two microphones, is none of them.
    pairs = found.compactMap { sound, files in
      let own = files.filter { uses[$0.path]?.count == 1 }
      return own.isEmpty ? nil : (sound, own)
    }
  }

  /// Where a file lies when the folder that tells apart the trees is taken out of its path, which
  /// must hold no files of the other kind; also where it lies at all, for a tree in the other.
  private func places(of file: Folder.File, apartFrom others: Set<String>) -> [String] {
    let folders = file.folders
    let name = file.utterance
    var places: [String] = []
    for index in folders.indices {
      let tree = folders[...index].joined(separator: "/") + "/"
      guard !others.contains(tree) else { continue }
      let rest = folders[..<index] + folders[(index + 1)...]
      places.append("\(index):" + (rest + [name[...]]).joined(separator: "/"))
    }
    if !others.contains(file.folder) || file.folder.isEmpty {
      for index in 0...folders.count {
        places.append("\(index):" + (folders + [name[...]]).joined(separator: "/"))
      }
    }
    return places
  }
}

extension Folder.File {
  /// The paths of the folders on the way to the file, with slashes at their ends.
  fileprivate var foldersAbove: [String] {
    folders.indices.map { folders[...$0].joined(separator: "/") + "/" }
  }

  /// The path without the ending and the language before it, such as `en` or `pt-BR`.
  fileprivate var stemWithoutLanguage: String {
    let inner = Folder.File(path: stem)
    let isLanguage =
      (2...5).contains(inner.ending.count) && !inner.isAudio
      && inner.ending.allSatisfy { $0.isLetter || $0 == "-" }
    return isLanguage ? inner.stem : stem
  }

  /// The name without the ending and, as VCTK has it, the number of the microphone.
  fileprivate var utterance: String {
    guard isAudio, let mark = name.firstRange(of: "_mic"), name[mark.upperBound...].count == 1
    else { return name }
    return String(name[..<mark.lowerBound])
  }

  fileprivate var stemOfUtterance: String { folder + utterance }
}
