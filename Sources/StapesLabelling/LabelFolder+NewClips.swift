internal import Stapes
internal import StapesAudio
internal import StapesFiles
package import StapesProtocols

// Clips that the page makes: parts of another, and recordings.
extension LabelFolder {
  /// Splits a clip in two, each with its text; the clip itself stays, without its text, and is no
  /// longer listed.
  ///
  /// - Parameters:
  ///   - id: its number.
  ///   - seconds: where.
  ///   - texts: what is said before, and after.
  ///   - samples: the clip's sound, in -1...1, and its rate in hertz.
  /// - Returns: the number of the first part.
  /// - Throws: `APIError`: 400 where a part would be without sound or text.
  package func split(
    _ id: Int, at seconds: Double, texts: [String], samples: [Float], rate: Int
  ) throws(APIError) -> Int {
    let clip = try clip(id)
    let shortest = 0.1
    guard texts.count == 2, seconds >= shortest,
      seconds <= Double(samples.count) / Double(rate) - shortest
    else {
      throw APIError(400, "\(clip.name): a part would be without sound; choose another place")
    }
    let stem = clip.name.withoutPathExtension
    var parts: [LabelJournal.Part] = []
    for (number, text) in texts.enumerated() {
      let name = unusedName { stem + (number == 0 ? "-a" : "-b") + ($0 == 0 ? "" : "\($0)") }
      parts.append(.init(clip: name, text: try Self.tidied(text) + "\n"))
    }
    let middle = Int(seconds * Double(rate))
    let sounds = [samples[..<middle], samples[middle...]]
    let old = try label(of: clip)
    try APIError.wrapping { () throws(FileError) in
      try journal.append(.init(action: .split, clip: clip.name, old: old, parts: parts))
    }
    let first = clips.count
    do throws(FileError) {
      for (part, sound) in zip(parts, sounds) {
        try add(part, AudioFileWriter.wav(samples: sound, sampleRate: rate), sound.count, rate)
      }
      if old != nil { FileSystem.remove(clip.labelPath) }
    } catch {
      for number in first..<clips.count { removeAgain(number) }
      try? journal.append(.init(action: .undo, clip: clip.name))
      throw APIError(error, of: clip.name)
    }
    return first
  }

  /// Undoes a split: the parts are removed, and the clip has its text again.
  func undoSplit(of id: Int, _ record: LabelJournal.Record) throws(APIError) {
    let clip = clips[id]
    var numbers: [Int] = []
    for part in record.parts ?? [] {
      guard
        let number = clips.lastIndex(where: { $0.name.byteName == part.clip.byteName && !$0.isGone }
        ),
        try label(of: clips[number]) == part.text
      else {
        throw APIError(
          409, "\(part.clip): the label was changed elsewhere since; it is left as it is",
          code: "changed")
      }
      numbers.append(number)
    }
    try APIError.wrapping { () throws(FileError) in
      if let old = record.old, FileNode.isNothing(at: clip.labelPath) { try restore(old, of: clip) }
      try journal.append(.init(action: .undo, clip: clip.name, new: record.old))
    }
    for number in numbers { removeAgain(number) }
  }

  /// Saves a recording with its text as a new clip.
  ///
  /// - Parameters:
  ///   - samples: its sound, in -1...1.
  ///   - rate: its rate, in hertz.
  ///   - text: what is said in it.
  /// - Returns: its number.
  /// - Throws: `APIError`: 400 where it is too short or too long.
  package func addRecording(samples: [Float], rate: Int, text: String) throws(APIError) -> Int {
    let allowed = 0.3...60
    guard AudioOptions.allowedSampleRates.contains(rate),
      allowed.contains(Double(samples.count) / Double(rate))
    else { throw APIError(400, "the recording is shorter than 0.3 s or longer than a minute") }
    let name = unusedName { number in
      let digits = String(number + 1)
      return "recorded-" + String(repeating: "0", count: max(4 - digits.count, 0)) + digits
    }
    let part = LabelJournal.Part(clip: name, text: try Self.tidied(text) + "\n")
    do throws(FileError) {
      try journal.append(.init(action: .save, clip: name, old: nil, new: part.text))
      let sound = AudioFileWriter.wav(samples: samples, sampleRate: rate)
      try add(part, sound, samples.count, rate)
    } catch {
      try? journal.append(.init(action: .undo, clip: name))
      throw APIError(error, of: name)
    }
    return clips.count - 1
  }

  /// Writes a clip and its text, where nothing is.
  private func add(
    _ part: LabelJournal.Part, _ sound: [UInt8], _ sampleCount: Int, _ rate: Int
  ) throws(FileError) {
    let path = path.appendingPath(part.clip)
    let labelPath = path.withoutPathExtension + ".txt"
    try FileSystem.write(sound, to: path, role: "clip", replaces: false)
    do throws(FileError) {
      try FileSystem.write(part.text, to: labelPath, role: "label", replaces: false)
    } catch {
      FileSystem.remove(path)
      throw error
    }
    clips.append(
      Clip(
        name: part.clip, path: path, labelPath: labelPath,
        seconds: Double(sampleCount) / Double(rate)))
  }

  private func removeAgain(_ number: Int) {
    FileSystem.remove(clips[number].labelPath)
    FileSystem.remove(clips[number].path)
    clips[number].isGone = true
  }

  /// The first name that neither a clip nor a text has, of those that numbers from 0 give.
  private func unusedName(_ stem: (Int) -> String) -> String {
    var number = 0
    while true {
      let name = stem(number)
      let place = path.appendingPath(name)
      // A text of another clip would be taken for this one's.
      let isFree = ["wav", "txt", "wav.txt"].allSatisfy { FileNode.isNothing(at: "\(place).\($0)") }
      let isOther = clips.contains { $0.name.withoutPathExtension.byteName == name.byteName }
      if isFree, !isOther { return name + ".wav" }
      number += 1
    }
  }

  /// A clip that training can use: its path below the folder, and what is said in it.
  package struct Labelled: Sendable, Equatable {
    package let name: String
    package let text: String
  }

  /// Keeps other servers from the folder.
  ///
  /// - Throws: `APIError`: 409 where another has it.
  package func claim() throws(APIError) {
    try APIError.wrapping { () throws(FileError) in try journal.open() }
  }

  /// The clips with a label, but for those that were rejected, and those with foreign speech.
  package func labelled() -> [Labelled] {
    let last = journal.last
    return clips.compactMap { clip in
      guard !clip.isGone, last[clip.name.byteName] != .reject, last[clip.name.byteName] != .split,
        let text = try? label(of: clip)?.trimmed, !text.isEmpty, !text.contains(Self.foreignMark)
      else { return nil }
      return Labelled(name: clip.name, text: text)
    }
  }

  /// What stands in a text for words of another language.
  package static let foreignMark = "[foreign]"
}
