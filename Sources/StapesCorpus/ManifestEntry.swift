internal import FoundationEssentials

/// A clip as a manifest lists it.
struct ManifestEntry {
  /// The path of the sound file as written.
  var sound: String
  /// The text; nil where none is given.
  var text: String?
  /// The speaker; nil where none is given.
  var speaker: String?
  /// Where in the file the clip begins, in seconds.
  var offset = 0.0
  /// How long it is, in seconds; nil reaches to the end of the file.
  var duration: Double?

  /// The path as written and, for a part of a file, where it begins.
  var identifier: String {
    let path = sound.hasPrefix("./") ? String(sound.dropFirst(2)) : sound
    return offset == 0 ? path : "\(path)@\(offset)"
  }

  /// Whether there is a path, and the part asked for is possible.
  fileprivate var isPlausible: Bool {
    !sound.isEmpty && offset >= 0 && offset.isFinite
      && duration.map { $0 >= 0 && $0.isFinite } ?? true
  }
}

/// What manifests call the same thing, the first that is there being taken.
private enum FieldNames {
  static let sound = [
    "audio_filepath", "wav_filename", "path", "file", "file_name", "filename", "audio_path",
    "audio_file", "audio", "wav",
  ]
  static let text = ["sentence", "transcript", "text", "transcription", "label"]
  static let speaker = ["client_id", "speaker", "speaker_id"]
  static let offset = ["offset"]
  static let duration = ["duration"]
}

/// Which columns of a table hold what.
struct ManifestColumns {
  private let sound: Int
  private let text: Int
  private let speaker: Int?
  private let offset: Int?
  private let duration: Int?
  /// Common Voice by the names of its columns, or any other table.
  let layout: CorpusLayout

  /// Finds the columns; nil unless there is one for the sound and one for the text.
  init?(header: [String]) {
    let names = header.map { $0.lowercased() }
    func column(_ known: [String]) -> Int? {
      known.lazy.compactMap { names.firstIndex(of: $0) }.first
    }
    guard let sound = column(FieldNames.sound), let text = column(FieldNames.text) else {
      return nil
    }
    self.sound = sound
    self.text = text
    speaker = column(FieldNames.speaker)
    offset = column(FieldNames.offset)
    // Without an offset this tells of the whole file, in whatever unit.
    duration = offset == nil ? nil : column(FieldNames.duration)
    layout = names[sound] == "path" && names[text] == "sentence" ? .commonVoice : .table
  }

  /// The clip in a row with as many fields as the header; nil when it makes no sense.
  func entry(in fields: [String]) -> ManifestEntry? {
    var entry = ManifestEntry(sound: fields[sound].trimmed, text: fields[text])
    entry.speaker = speaker.map { fields[$0].trimmed }.flatMap { $0.isEmpty ? nil : $0 }
    if let field = offset.map({ fields[$0].trimmed }), !field.isEmpty {
      guard let seconds = Double(field) else { return nil }
      entry.offset = seconds
    }
    if let field = duration.map({ fields[$0].trimmed }), !field.isEmpty {
      guard let seconds = Double(field) else { return nil }
      entry.duration = seconds
    }
    return entry.isPlausible ? entry : nil
  }
}

extension ManifestEntry {
  /// Reads a JSON object; nil when it is none, has no path, or makes no sense.
  init?(json: String) {
    guard let object = try? JSONDecoder().decode(JSONClip.self, from: Data(json.utf8)),
      object.entry.isPlausible
    else { return nil }
    self = object.entry
  }
}

/// A JSON object whose keys are those of `FieldNames`.
private struct JSONClip: Decodable {
  let entry: ManifestEntry

  init(from decoder: any Decoder) throws {
    let object = try decoder.container(keyedBy: Key.self)
    func key(_ known: [String]) -> Key {
      Key(stringValue: known.first { object.contains(Key(stringValue: $0)) } ?? known[0])
    }
    var entry = ManifestEntry(sound: try object.decode(String.self, forKey: key(FieldNames.sound)))
    entry.text = try object.decodeIfPresent(String.self, forKey: key(FieldNames.text))
    entry.offset = try object.decodeIfPresent(Double.self, forKey: key(FieldNames.offset)) ?? 0
    entry.duration = try object.decodeIfPresent(Double.self, forKey: key(FieldNames.duration))
    let speaker = key(FieldNames.speaker)
    let number = try? object.decodeIfPresent(Int.self, forKey: speaker)
    entry.speaker =
      try number.map(String.init)
      ?? object.decodeIfPresent(String.self, forKey: speaker)
    self.entry = entry
  }

  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }
}
