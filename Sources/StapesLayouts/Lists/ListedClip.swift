internal import StapesScanning
internal import StapesText

/// A clip as a list tells of it.
struct ListedClip {
  /// The path or name of the sound file as written.
  var sound: String
  /// The path of the sound file, where the form of the list tells more than what is written.
  var path: String?
  /// The text; nil where none is given.
  var text: String?
  /// The speaker; nil where none is given.
  var speaker: String?
  /// Where in the file the clip begins, in seconds.
  var offset = 0.0
  /// How long it is, in seconds; nil reaches to the end of the file.
  var duration: Double?
  /// What the list calls the clip; nil where it has no name but its sound's.
  var name: String?

  /// The name or the path as written and, for a part of a file, where it begins.
  var identifier: String {
    if let name { return name }
    let path = sound.hasPrefix("./") ? String(sound.dropFirst(2)) : sound
    return offset == 0 ? path : "\(path)@\(offset)"
  }

  /// The part of a file between two times in seconds.
  mutating func cut(from start: Double, to end: Double) throws(LineFault) {
    guard start >= 0, start < end, end.isFinite else { throw .times(start: start, end: end) }
    (offset, duration) = (start, end - start)
  }
}

extension ListedClip {
  /// What lists call a column of names that may or may not be those of sounds, in small letters.
  static let identifierNames = [
    "id", "ids", "utt", "utt_id", "uttid", "utterance", "utterance_id", "key", "name", "clip_id",
    "audio_id", "recording", "recording_id", "segment", "segment_id", "basename", "stem", "wavs",
  ]

  /// Whether what stands where the name of a sound should is the name of its column.
  static func isHeader(_ sound: String) -> Bool {
    let name = sound.trimmed.lowercased()
    return Field.sound.names.contains(name) || identifierNames.contains(name)
  }

  /// What lists call the same thing, the first that is there being taken.
  enum Field: CaseIterable {
    case sound, text, speaker, offset, duration, end

    /// The names in small letters.
    var names: [String] {
      switch self {
      case .sound:
        [
          "audio_filepath", "wav_filename", "audio_filename", "path", "file", "file_name",
          "filename", "filepath", "file_path", "audio_path", "audio_file", "audio", "wav",
          "wav_path", "wav_file", "wavfile", "sound", "sound_file", "clip",
        ]
      case .text:
        [
          "sentence", "transcript", "text", "transcription", "normalized_text", "label",
          "utterance", "words", "txt",
        ]
      case .speaker: ["client_id", "speaker", "speaker_id", "spk", "spk_id"]
      case .offset: ["offset", "start", "start_time", "begin"]
      case .duration: ["duration"]
      case .end: ["end", "end_time"]
      }
    }
  }

  /// Makes a clip of what a list says in each field.
  ///
  /// - Throws: `LineFault` where there is no sound, or the part asked for is impossible.
  init(_ value: (Field) -> String?) throws(LineFault) {
    func given(_ field: Field) -> String? {
      value(field).map(\.trimmed).flatMap { $0.isEmpty ? nil : $0 }
    }
    func seconds(_ field: Field) throws(LineFault) -> Double? {
      guard let written = given(field) else { return nil }
      guard let number = Double(written), number >= 0, number.isFinite else {
        throw .number(field: field.names[0], found: written)
      }
      return number
    }
    guard let sound = given(.sound) else { throw .missing("sound file") }
    self.sound = sound
    text = value(.text)
    speaker = given(.speaker)
    let start = try seconds(.offset)
    offset = start ?? 0
    duration = try seconds(.duration)
    if duration == nil, start != nil, let end = try seconds(.end) {
      try cut(from: offset, to: end)
    }
  }
}
