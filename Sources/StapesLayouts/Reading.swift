internal import StapesFiles
internal import StapesScanning
internal import StapesText

/// What a source says about its clips, before their sound has been looked at.
package struct Reading {
  /// A clip as its source tells of it.
  package struct Draft {
    package var identifier: String
    package var path: String
    package var text: String
    package var speaker: String?
    package var offset = 0.0
    /// The length in seconds; nil reaches to the end of the file.
    package var duration: Double?
    /// The line that names the clip; nil where no list does.
    package var line: ListLine?
  }

  /// How the clips lie there.
  package let layout: CorpusLayout
  /// The clips with a text.
  package private(set) var drafts: [Draft] = []
  /// What is known to be of no use.
  package private(set) var skipped: [Skipped] = []
  package private(set) var byteOrderMarkCount = 0
  package private(set) var carriageReturnCount = 0
  package private(set) var windows1252Count = 0
  /// The folder that sound may lie in; nil is the one that was named, or the named list's.
  var root: String?

  init(layout: CorpusLayout) { self.layout = layout }

  /// Takes up a clip, unless its text is empty.
  mutating func add(_ draft: Draft) {
    guard !TextNormalization.untouched.normalized(draft.text).isEmpty else {
      return skip(draft.path, .emptyText, line: draft.line)
    }
    drafts.append(draft)
    drafts[drafts.count - 1].text = draft.text.trimmed
  }

  /// Notes what is not a clip, and why.
  mutating func skip(
    _ path: String, _ reason: SkipReason, line: ListLine? = nil
  ) {
    skipped.append(Skipped(path: path, reason: reason, line: line))
  }

  /// Takes up the clips of a list, which lies in a folder below the source.
  mutating func add(
    _ lines: [ListedLine], of file: ListFile, below folder: String, _ finder: inout SoundFinder
  ) {
    count(file.content)
    for (number, listed) in lines {
      let line = ListLine(path: file.path, number: number)
      switch listed {
      case .failure(let fault):
        skip(file.path, .malformedLine(number: number, fault: fault))
      case .success(let clip):
        let path = clip.path ?? finder.path(of: clip.sound, listedIn: file.folder)
        guard let text = clip.text else {
          skip(path, .missingText, line: line)
          continue
        }
        let isNamed = clip.name != nil || folder.isEmpty
        add(
          Draft(
            identifier: isNamed ? clip.identifier : "\(folder)/\(clip.identifier)", path: path,
            text: text, speaker: clip.speaker,
            offset: clip.offset, duration: clip.duration, line: line))
      }
    }
  }

  /// Skips the sound of a folder that nothing in it names.
  mutating func skipUnnamedSound(of folder: Folder) {
    var resolver = PathResolver()
    let named = drafts.map(\.path) + skipped.map(\.path)
    func place(_ path: String) -> ByteName {
      (folder.memory == nil ? resolver.realPath(ofFile: path) : path).byteName
    }
    let known = Set(named.map(place))
    let lists = Set(drafts.compactMap { $0.line?.path.byteName })
    let pairs = LabelPairs(of: folder, endings: labelEndings.union(["txt"]))
    for sound in folder.audio {
      let path = folder.pathOfFile(sound.path)
      guard !known.contains(place(path)) else { continue }
      let labels = pairs.files(for: sound).map { folder.pathOfFile($0.path) }
        .first { !lists.contains($0.byteName) }
      skip(path, labels.map { .unlisted(labels: $0) } ?? .missingText)
    }
  }

  /// Reads a text file of the source, and counts what is peculiar about it.
  mutating func readText(
    at path: String, memory: [ByteName: [UInt8]]?
  ) throws(LayoutError) -> TextFile {
    let file = try TextFile(path: path, memory: memory)
    count(file)
    return file
  }

  /// Counts what is peculiar about a text file.
  mutating func count(_ file: TextFile) {
    byteOrderMarkCount += file.hasByteOrderMark ? 1 : 0
    carriageReturnCount += file.carriageReturnCount
    windows1252Count += file.isWindows1252 ? 1 : 0
  }
}

extension Reading {
  /// Checks that a source names no sound outside its own folder: what a list from elsewhere leads to
  /// would be read, and its text printed.
  ///
  /// Only the paths as they are written count: a link in the folder is whoever's made it.
  ///
  /// - Throws: `LayoutError.outside`.
  package func checkPlaces(of source: String) throws(LayoutError) {
    let folder = root ?? (FileNode.isFolder(source) ? source : source.folderPath)
    let roots = [folder, folder.resolvingLinks].map(Self.parts)
    let outside = drafts.lazy.map(\.path).filter { path in
      let parts = Self.parts(of: path)
      return !roots.contains { parts.count > $0.count && parts.starts(with: $0) }
    }
    guard let first = outside.first else { return }
    throw .outside(path: source, sound: first, count: outside.count)
  }

  private static func parts(of path: String) -> [ByteName] { path.absoluteParts.map(\.byteName) }
}
