internal import FoundationEssentials
package import StapesAudio
internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension Reading {
  /// Reads what a folder or a list says about its clips, in whichever layout it lies.
  package init(of path: String, _ audio: AudioOptions) throws(LayoutError) {
    guard FileNode.isFolder(path) else {
      self = try Reading(ofFile: path)
      return
    }
    self = try Reading(of: Folder(path: path, options: audio))
  }

  package init(of folder: Folder) throws(LayoutError) {
    if let reading = try folder.readingUnlessParts() {
      self = reading
      for path in folder.foreign { skip(folder.pathOfFile(path), .foreignName) }
      return
    }
    if let label = folder.onlyClass { throw .singleClass(path: folder.path, label: label) }
    let parts = folder.parts
    guard parts.isEmpty else { throw .severalParts(path: folder.path, parts: parts) }
    throw .unrecognizedFolder(path: folder.path, found: folder.inventory)
  }

  private init(ofFile path: String) throws(LayoutError) {
    guard !Folder.File(path: path).isAudio else { throw .unrecognizedFile(path: path) }
    let file = try ListFile(path: path, content: TextFile(path: path))
    var finder = SoundFinder()
    for layout in CorpusLayout.allCases {
      guard case .list(let format) = layout.reader, let lines = format.read(file, &finder) else {
        continue
      }
      self.init(layout: layout)
      add(lines, of: file, below: "", &finder)
      // The sound of a list in `etc` lies beside that folder.
      if file.folder.split(separator: "/").last == "etc" {
        root = file.folder.folderPath
      }
      return
    }
    throw .unrecognizedFile(path: path)
  }
}

extension Folder {
  /// The clips in the first layout that fits, those with marks of their own being tried first; nil
  /// when none does.
  ///
  /// - Throws: `LayoutError.unreadLabels` where only a guess is left, and unread files may hold
  ///   labels.
  func reading() throws(LayoutError) -> Reading? {
    var finder = SoundFinder(folder: self)
    for group in CorpusLayout.order {
      switch group[0].reader {
      case .folder(let read):
        if let reading = try read(self) { return reading }
      case .list:
        if let reading = try listReading(group, &finder) { return reading }
      case .labels:
        if let reading = try labelReading(group) { return reading }
      case .guess(let read):
        guard let reading = read(self) else { continue }
        let unread = unreadFiles
        guard unread.isEmpty else {
          throw .unreadLabels(
            path: path, guess: group[0], files: unread, soundsWithoutText: soundsWithoutText)
        }
        return reading
      }
    }
    return nil
  }

  /// The clips of the lists of some layouts; nil without any.
  ///
  /// Sound that they do not name is skipped.
  private func listReading(
    _ layouts: [CorpusLayout], _ finder: inout SoundFinder
  ) throws(LayoutError) -> Reading? {
    var lists: [(layout: CorpusLayout, file: ListFile, lines: [ListedLine])] = []
    for layout in layouts {
      guard case .list(let format) = layout.reader else { continue }
      for file in candidates(for: format) {
        if let list = try list(at: pathOfFile(file.path), format, &finder) {
          lists.append((layout, list.file, list.lines))
        }
      }
    }
    guard let first = lists.first, case .list(let format) = first.layout.reader else { return nil }
    let names = Dictionary(grouping: lists, by: \.file.folder.byteName).mapValues {
      $0.map(\.file.name)
    }
    for folder in lists.map(\.file.folder) where format.place != .anywhere {
      let rivals = (names[folder.byteName] ?? []).map(String.init)
      guard rivals.count == 1 else { throw .severalManifests(path: folder, names: rivals.sorted()) }
    }
    var reading = Reading(layout: first.layout)
    for list in lists {
      // The same name in lists of two folders is not the same clip.
      let below = list.file.folder.dropFirst(path.count).drop { $0 == "/" }
      reading.add(list.lines, of: list.file, below: String(below), &finder)
    }
    // A list deep down that tells of a few sounds is a corpus of its own.
    let isOfAll = format.place != .folders || first.file.folder == path
    guard isOfAll || reading.drafts.count * 2 >= audio.count else { return nil }
    if !format.isPartial { reading.skipUnnamedSound(of: self) }
    return reading
  }

  /// The files that may be lists of a form.
  ///
  /// Files of a sound's name tell of that sound alone, unless they have marks of their own; those in
  /// several parts of an archive, such as `train` and `test`, belong to a corpus each.
  private func candidates(for format: ListFormat) -> [File] {
    let found = files.filter { file in
      format.fits(file) && !file.isAudio && (format.place != .top || file.folder.isEmpty)
        && (format.place != .folders || !soundNames.contains(file.name))
    }
    let parts = Set(found.compactMap { $0.folders.first?.lowercased() })
    return parts.count > 1 && parts.isSubset(of: splitNames) ? [] : found
  }

  /// A list with its lines; nil where the file is none of this form.
  ///
  /// - Throws: `LayoutError.notUnicode` for what would be a list in another encoding.
  private func list(
    at path: String, _ format: ListFormat, _ finder: inout SoundFinder
  ) throws(LayoutError) -> (file: ListFile, lines: [ListedLine])? {
    // What cannot be read may have nothing to do with the clips.
    guard
      let beginning = try? TextFile(beginningOf: path, byteCount: 1 << 16, memory: memory)
    else { return nil }
    if let content = try? TextFile(path: path, memory: memory) {
      let file = ListFile(path: path, content: content, memory: memory)
      return format.read(file, &finder).map { (file, $0) }
    }
    guard format.read(ListFile(path: path, content: beginning), &finder) == nil else {
      throw .notUnicode(path: path)
    }
    return nil
  }

  /// The clips; where those of its folders that hold the files which a guess leaves unread are each a
  /// corpus of their own, these are reported instead of the files.
  fileprivate func readingUnlessParts() throws(LayoutError) -> Reading? {
    do throws(LayoutError) {
      return try reading()
    } catch {
      guard case .unreadLabels(_, _, let files, _) = error else { throw error }
      let known = parts
      let names = Set(known.map(\.name.byteName))
      let areInParts = files.allSatisfy { file in
        File(path: file.path).folders.first.map { names.contains($0.byteName) } ?? false
      }
      guard known.count > 1, areInParts else { throw error }
      throw .severalParts(path: path, parts: known)
    }
  }

  /// The folders directly in this one that fit a layout each.
  var parts: [LayoutError.Part] {
    let names = Set(files.compactMap(\.folders.first?.byteName)).map(\.string)
    return names.sorted { $0.bytesPrecede($1) }.compactMap { name in
      let reading = try? part(named: name).reading()
      return reading.map { LayoutError.Part(name: name, layout: $0.layout) }
    }
  }

  /// The label where the folder holds sound of one class only, and nothing else could hold labels;
  /// one class alone tells nothing apart.
  var onlyClass: String? {
    let labels = Set(audio.map(\.folder.byteName)).map(\.string).filter { !$0.hasPrefix("_") }
    guard labels.count == 1, let label = labels.first?.dropLast(), !label.isEmpty,
      !label.contains("/"), !partNames.contains(label.lowercased()), unreadFiles.isEmpty
    else { return nil }
    return String(label)
  }

  /// What is there, for someone who expected clips.
  var inventory: FolderInventory {
    let others = files.filter { !$0.isAudio }
    return FolderInventory(
      audioCount: audio.count, otherCount: others.count,
      audioFolderCount: Set(audio.map(\.folder.byteName)).count,
      examples: (audio + others).prefix(3).map(\.path), unread: unreadFiles + archives,
      foreignNames: foreign)
  }
}

extension String {
  /// Whether this text comes before the other by their bytes, which is the same everywhere.
  package func bytesPrecede(_ other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}

extension TextFile {
  /// Reads a file.
  ///
  /// - Throws: `LayoutError.file` and `.notUnicode`.
  init(path: String, memory: [ByteName: [UInt8]]? = nil) throws(LayoutError) {
    guard let file = TextFile(bytes: try Self.bytes(at: path, memory)) else {
      throw .notUnicode(path: path)
    }
    self = file
  }

  /// Reads the beginning of a file, whatever is no UTF-8 in it being replaced.
  ///
  /// - Throws: as `init(path:memory:)`.
  init(
    beginningOf path: String, byteCount: Int, memory: [ByteName: [UInt8]]? = nil
  ) throws(LayoutError) {
    guard let file = TextFile(beginning: try Self.bytes(at: path, memory, upTo: byteCount)) else {
      throw .notUnicode(path: path)
    }
    self = file
  }

  private static func bytes(
    at path: String, _ memory: [ByteName: [UInt8]]?, upTo count: Int = .max
  ) throws(LayoutError) -> [UInt8] {
    guard let memory else {
      return try Array(rethrowing(FileSystem.read(path), as: LayoutError.file).prefix(count))
    }
    guard let bytes = memory[path.byteName] else {
      throw .file(FileError(path, .read, .missing))
    }
    return Array(bytes.prefix(count))
  }
}
