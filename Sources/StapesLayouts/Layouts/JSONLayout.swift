internal import StapesScanning
internal import StapesText

extension CorpusLayout {
  /// JSON objects with a sound file and a text each: one a line, in an array, or by the name of the
  /// sound.
  public static let jsonLines = CorpusLayout(
    "JSON list",
    example: "train.jsonl with lines {\"audio_filepath\": \"a.wav\", \"text\": \"the words\"}, or "
      + "an array of such objects",
    .list(ListFormat(fits: { endings.contains($0.ending) }, read: lines)))

  private static let endings: Set<String> = ["json", "jsonl", "ndjson", "manifest"]

  /// The clips of a list; nil where no object has both a sound and a text.
  private static func lines(of file: ListFile, _ finder: inout SoundFinder) -> [ListedLine]? {
    guard let first = file.content.text.first(where: { !$0.isWhitespace }), "{[".contains(first)
    else { return nil }
    // What is valid as a whole is read so; in other files lines that hold an object each stand alone.
    if first == "[", case let clips = whole(file.content.text).clips,
      clips.contains(where: hasText),
      clips.allSatisfy({ (try? $0.clip.get()) != nil })
    {
      return clips
    }
    let byLine = isObjectALine(file.content) ? lineByLine(file.content) : []
    if byLine.contains(where: hasText) { return byLine }
    let (clips, areKeyed) = whole(file.content.text)
    let areThere = clips.contains { line in
      guard let clip = try? line.clip.get(), hasText(line) else { return false }
      return !areKeyed || finder.found(clip.sound, listedIn: file.folder) != nil
    }
    return areThere ? clips : nil
  }

  private static func hasText(_ line: ListedLine) -> Bool {
    (try? line.clip.get())?.text != nil
  }

  /// Whether it is lines that hold an object each: at least half begin one, and one also ends it.
  private static func isObjectALine(_ content: TextFile) -> Bool {
    let starts = content.lines.map { object(inLine: $0.text) }
      .filter { $0.hasPrefix("{") && $0 != "{" }
    return starts.count * 2 >= content.lines.count && starts.contains { $0.hasSuffix("}") }
  }

  private static func object(inLine line: Substring) -> String {
    let text = line.trimmed
    return text.hasSuffix(",") ? String(text.dropLast()).trimmed : text
  }

  private static func lineByLine(_ content: TextFile) -> [ListedLine] {
    content.lines.compactMap { line in
      let text = object(inLine: line.text)
      guard !["[", "]"].contains(text) else { return nil }
      var scanner = JSONScanner(text, line: line.number)
      let clip = Result { () throws(LineFault) in
        let value = try scanner.value(depth: JSONScanner.depthOfClips)
        guard scanner.isAtEnd else { throw .form(expected: "one JSON object") }
        return try ListedClip(value)
      }
      return (line.number, clip)
    }
  }

  /// The clips of one JSON text, and whether it is the keys of an object that name them.
  private static func whole(_ text: String) -> (clips: [ListedLine], areKeyed: Bool) {
    var scanner = JSONScanner(text, line: 1)
    let values = scanner.valuesToTheEnd()
    let faults: [ListedLine] = scanner.faults.map { ($0.line, .failure($0.fault)) }
    guard values.count == 1, (try? ListedClip(values[0].value)) == nil else {
      return (values.map(listed) + faults, false)
    }
    switch values[0].value {
    case .array(let elements): return (elements.map(listed) + faults, false)
    case .object(let members):
      if let elements = members.lazy.compactMap(\.item.value.objects).first {
        return (elements.map(listed) + faults, false)
      }
      return (members.map { keyed($0.key, $0.item) } + faults, true)
    default: return (faults, false)
    }
  }

  private static func listed(_ item: JSONScanner.Item) -> ListedLine {
    (item.line, Result { () throws(LineFault) in try ListedClip(item.value) })
  }

  /// A clip whose sound is named by a key, and whose text is the value or in it.
  private static func keyed(_ key: String, _ item: JSONScanner.Item) -> ListedLine {
    let clip = Result { () throws(LineFault) in
      switch item.value {
      case .string(let text):
        var clip = ListedClip(sound: key)
        clip.text = text
        return clip
      case .object: return try ListedClip(item.value, sound: key)
      default: throw .missing("text")
      }
    }
    return (item.line, clip)
  }
}

extension ListedClip {
  /// The clip of an object whose keys are those of `Field`, in letters of any case.
  ///
  /// - Parameter sound: the sound file where the object names none.
  fileprivate init(_ value: JSONScanner.Value, sound: String? = nil) throws(LineFault) {
    guard case .object(let members) = value else { throw .form(expected: "a JSON object") }
    let values = Dictionary(members.map { ($0.key.lowercased(), $0.item.value) }) { $1 }
    try self.init { field in
      let value = field.names.lazy.compactMap { values[$0] }.first { $0.scalar != nil }
      return value?.scalar ?? (field == .sound ? sound : nil)
    }
  }
}

extension JSONScanner.Value {
  /// A string or a number as text; of an object with a path, as data sets of Hugging Face have, the
  /// path.
  fileprivate var scalar: String? {
    switch self {
    case .string(let text), .number(let text): text
    case .object(let members): members.first { $0.key == "path" }?.item.value.scalar
    case .array, .other: nil
    }
  }

  /// The elements of an array that holds objects; nil for anything else.
  fileprivate var objects: [JSONScanner.Item]? {
    guard case .array(let items) = self else { return nil }
    return items.contains { if case .object = $0.value { true } else { false } } ? items : nil
  }
}
