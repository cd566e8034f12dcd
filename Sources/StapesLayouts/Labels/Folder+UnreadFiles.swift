internal import StapesFiles
internal import StapesScanning
internal import StapesText

extension Folder {
  /// Files that no layout has read, and that could hold labels of the sound files: those of a sound's
  /// name, those whose name ends as labels' does, those that name sounds and say more about them,
  /// and those that have about as many lines as there are sounds.
  var unreadFiles: [UnreadFile] {
    let names = SoundNames(names: soundNames)
    return files.compactMap { file in
      guard !file.isAudio, !Self.isNotice(file), !programEndings.contains(file.ending) else {
        return nil
      }
      if tableEndings.contains(file.ending) {
        return UnreadFile(path: file.path, appearance: "a table that is no text")
      }
      guard
        let beginning = try? TextFile(
          beginningOf: pathOfFile(file.path), byteCount: 1 << 16, memory: memory),
        !beginning.text.isEmpty, !beginning.text.unicodeScalars.contains("\0")
      else { return nil }
      let isLabels =
        soundNames.contains(file.name) || labelEndings.contains(file.ending)
        || names.areDescribed(in: beginning.lines.map(\.text), of: audio.count)
      return isLabels ? UnreadFile(path: file.path, appearance: appearance(of: beginning)) : nil
    }
  }

  /// Archives, in which anything may be; beside a guess they are rather where all of it came from.
  var archives: [UnreadFile] {
    files.filter { archiveEndings.contains($0.ending) }.map {
      UnreadFile(path: $0.path, appearance: "an archive, to be unpacked first")
    }
  }

  /// The sound files that no label goes with.
  ///
  /// - Returns: their paths below the folder; none where no sound has labels.
  var soundsWithoutText: [String] {
    let pairs = LabelPairs(of: self, endings: labelEndings.union(["txt"]))
    guard pairs.count > 0 else { return [] }
    return audio.filter { pairs.files(for: $0).isEmpty }.map(\.path)
  }

  /// What a file looks like by its first lines.
  private func appearance(of file: TextFile) -> String {
    let lines = file.lines.map { $0.text.trimmed }
    guard let first = lines.first else { return "empty" }
    let shown = first.count > 40 ? first.prefix(40) + "…" : first[...]
    let kind =
      switch first.first {
      case "{", "[": "JSON"
      case "<": "XML"
      default: "text"
      }
    let lineCount = lines.count == 1 ? "" : ", \(counted(lines.count, "line"))"
    return "\(kind)\(lineCount): \"\(shown)\""
  }
}

/// What the sound files of a folder are called.
private struct SoundNames {
  /// The names with their endings and without.
  let names: Set<String>

  /// Whether lines say something about sounds: some name one and hold other words too, or there are
  /// about as many as sounds, and they are not all names of sounds.
  func areDescribed(in lines: [Substring], of soundCount: Int) -> Bool {
    guard !lines.isEmpty else { return false }
    let kinds = lines.map(kind)
    let described = kinds.count { $0 == .description }
    if described > 0, described * 10 >= lines.count { return true }
    let others = kinds.count { $0 == .other }
    return others * 2 > soundCount && others < soundCount * 2 && lines.count > 1
  }

  private enum LineKind { case name, description, other }

  private func kind(of line: Substring) -> LineKind {
    let words = line.split { $0.isWhitespace || "\"',;|:=<>()".contains($0) }
    var (isNamed, isDescribed) = (false, false)
    for word in words {
      let last = String(word.split { "/\\".contains($0) }.last ?? "")
      // A short word alone may be no name at all.
      if names.contains(last), last != word || last.count > 2 {
        isNamed = true
      } else if !isChecksum(word) {
        isDescribed = isDescribed || word.contains(where: \.isLetter)
      }
    }
    return isNamed ? (isDescribed ? .description : .name) : .other
  }

  private func isChecksum(_ word: Substring) -> Bool {
    word.count >= 16 && word.allSatisfy(\.isHexDigit)
  }
}

/// How the names of files end that hold labels, whatever they are called.
let labelEndings: Set<String> = [
  "lab", "textgrid", "eaf", "srt", "vtt", "stm", "ctm", "trn", "trs", "wrd", "phn", "cha", "ort",
  "transcription", "fileids", "mlf", "sbv", "ass", "ttml",
]

/// How the names of files end that may hold labels in a form that only other programs read.
private let tableEndings: Set<String> = [
  "xls", "xlsx", "ods", "numbers", "doc", "docx", "odt", "parquet", "arrow", "feather", "db",
  "sqlite", "sqlite3", "mdb", "pkl", "pickle",
]

/// How the names of archives end.
private let archiveEndings: Set<String> = [
  "zip", "gz", "tgz", "tar", "bz2", "xz", "zst", "7z", "rar",
]

/// How the names of files end that tell people or programs about other things.
private let programEndings: Set<String> = [
  "md", "rst", "py", "sh", "swift", "c", "js", "html", "css", "pdf", "png", "jpg", "jpeg", "gif",
  "svg", "zip", "gz", "toml", "ini", "cfg", "log", "safetensors", "onnx", "arpa",
]
