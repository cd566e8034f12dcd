internal import StapesFiles
internal import StapesText

extension LayoutError: CustomStringConvertible {
  /// What was found, what is wrong, and what to do.
  public var description: String {
    switch self {
    case .noPath:
      "No data was named. Name a folder with clips, or a manifest that lists them."
    case .file(let error): error.description
    case .unrecognizedFolder(let path, let found):
      "\(path) holds \(found), which fits no layout of labelled clips.\n"
        + (found.unread.isEmpty ? "" : "Labels may be in \(found.unread.summary).\n")
        + Self.layouts
    case .unreadLabels(let path, let guess, let files, let sounds):
      "\(path) might be read as \(guess.name), but labels may be in \(files.summary). "
        + (sounds.isEmpty
          ? ""
          : "No text goes with \(counted(sounds.count, "sound file")): \(sounds.firstOnes). ")
        + "Bring the labels into one of the layouts below and give every clip one, or, if the "
        + "names are the labels, move those files to another folder.\n" + Self.layouts
    case .singleClass(let path, let label):
      "\(path) holds sound of one class only, the folder \(label), so that there is nothing to tell "
        + "apart. Add a folder for each other class, such as \(path.appendingPath("other")); or, if "
        + "\(label) is no label, put a text beside each clip, such as "
        + "\(path.appendingPath(label + "/NAME.txt"))."
    case .unrecognizedFile(let path):
      "\(path) is no list of clips with their texts.\n" + Self.layouts
    case .severalManifests(let path, let names):
      "\(path) holds several lists of clips: \(names.joined(separator: ", ")). "
        + "Name the one that is meant, such as \(path.appendingPath(names[0]))."
    case .severalParts(let path, let parts):
      "\(path) is not one set of clips, but holds several: "
        + parts.map { "\($0.name) (\($0.layout.name))" }.joined(separator: ", ")
        + ". Name those that are meant, such as \(path.appendingPath(parts[0].name))."
    case .notUnicode(let path):
      "\(path) is not text in UTF-8. Convert it, for example with: "
        + "iconv -f windows-1252 -t utf-8 INPUT > OUTPUT"
    case .command(let path, let line, let command):
      "\(path), line \(line), asks for a command to be run (\(command)), which Stapes does not do. "
        + "Write the sound to files first, and name those."
    case .outside(let path, let sound, let count):
      "\(path) names \(count == 1 ? "a clip" : "\(count) clips") outside its own folder: \(sound). "
        + "If that is meant, give --allow-outside (in a program, allowsOutside)."
    case .noUsableClip(let path, let layout, let skipped):
      "\(path) was read as \(layout.name), but has no clip that can be used: "
        + skipped.summary + "." + (skipped.first.map { " " + $0.reason.remedy } ?? "")
    }
  }

  /// All layouts with an example each, a line a layout.
  private static let layouts: String = {
    let width = CorpusLayout.allCases.map(\.name.count).max() ?? 0
    return "Layouts that are recognised:\n"
      + CorpusLayout.allCases.map { layout in
        let padding = String(repeating: " ", count: width - layout.name.count)
        return "  \(layout.name)\(padding)  \(layout.example)"
      }.joined(separator: "\n")
  }()
}

extension SkipReason {
  /// What to do where there is nothing but clips of this kind.
  fileprivate var remedy: String {
    switch self {
    case .missingAudio, .outsideAudio, .unreadableAudio, .noSound:
      "Fetch or convert the sound, or mend the paths and times."
    case .missingText, .emptyText, .unlisted: "Write what is said in each."
    case .textNotUnicode: "Save the texts as UTF-8."
    case .unreadableText: "Change the permissions of the texts."
    case .duplicate, .conflictingTexts: "Keep one text for each clip."
    case .foreignName: "Give the files other names."
    case .malformedLine: "Mend the lines that are named."
    }
  }
}

extension [UnreadFile] {
  /// The first few with what they look like.
  var summary: String { map { "\($0.path) (\($0.appearance))" }.firstOnes }
}

extension [String] {
  /// The first few, and how many more there are.
  fileprivate var firstOnes: String {
    let shown = prefix(8).joined(separator: ", ")
    return count > 8 ? "\(shown) and \(grouped(count - 8)) more" : shown
  }
}

extension FolderInventory: CustomStringConvertible {
  /// What was found, such as "3 sound files in 1 folder and 2 other files (a.wav, b.wav, …)".
  public var description: String {
    let foreign =
      foreignNames.isEmpty
      ? ""
      : " and \(counted(foreignNames.count, "name")) not in UTF-8, to be changed "
        + "(\(foreignNames.prefix(3).joined(separator: ", ")))"
    guard audioCount + otherCount > 0 else { return "no files" + foreign }
    let sound =
      audioCount == 0
      ? "no sound files"
      : "\(counted(audioCount, "sound file")) in \(counted(audioFolderCount, "folder"))"
    let other = otherCount == 0 ? "" : " and \(counted(otherCount, "other file"))"
    let more = audioCount + otherCount > examples.count ? ", …" : ""
    return "\(sound)\(other)\(foreign) (\(examples.joined(separator: ", "))\(more))"
  }
}
