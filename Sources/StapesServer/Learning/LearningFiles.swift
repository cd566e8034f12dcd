internal import FoundationEssentials
internal import Stapes
internal import StapesFiles
internal import StapesLabelling
internal import StapesText

/// What is trained, and how good it is; lies beside the model.
struct LearningFacts: Codable, Equatable {
  let name, origin: String
  let clipCount, heldOutCount: Int
  /// The error rates on the clips that were held out, of the model that it began with and the new.
  var before, after: ErrorRates?
}

/// Where the files of trainings lie: `.stapes-models/NAME` of a folder of clips, and `NAME.safetensors` in
/// it once a model is kept.
struct LearningFiles: Sendable {
  let folder: LabelFolder

  /// For the tool no path may begin as an option does.
  var runFolder: String {
    (folder.path.hasPrefix("/") ? "" : "./") + folder.path.appendingPath(".stapes-models")
  }
  func run(_ name: String) -> String { runFolder.appendingPath(name) }
  func modelPath(of name: String) -> String { run(name).appendingPath("model.safetensors") }
  func keptPath(of name: String) -> String { folder.path.appendingPath(name + ".safetensors") }
  func isKept(_ name: String) -> Bool { !FileNode.isNothing(at: keptPath(of: name)) }

  func facts(of name: String) -> LearningFacts? {
    (try? FileSystem.read(run(name).appendingPath("facts.json"))).flatMap {
      try? JSONDecoder().decode(LearningFacts.self, from: $0)
    }
  }

  func save(_ facts: LearningFacts) throws(FileError) {
    try FileSystem.write(jsonLine(facts), to: run(facts.name).appendingPath("facts.json"))
  }

  /// A name that no model has: that of the folder, and a number.
  func unusedName(except names: [String]) -> String {
    let kept = folder.name.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    let stem = String(kept).split(separator: "-").joined(separator: "-")
    var number = 1
    while true {
      let name = "\(stem.isEmpty ? "model" : stem)-\(number)"
      if !isKept(name), FileNode.isNothing(at: modelPath(of: name)), !names.contains(name) {
        return name
      }
      number += 1
    }
  }

  /// Writes a list of clips as training reads it.
  func write(
    _ clips: [LabelFolder.Labelled], to file: String, of name: String
  ) throws(FileError) {
    struct Line: Encodable {
      let path, text: String
      enum CodingKeys: String, CodingKey {
        case path = "audio_filepath"
        case text
      }
    }
    let lines = clips.map { jsonLine(Line(path: "../../\($0.name)", text: $0.text)) }
    try FileSystem.write(lines.joined(), to: run(name).appendingPath(file))
  }

  /// The lines of a training's log, with commas between.
  func events(of name: String) -> String {
    guard let log = try? FileSystem.read(run(name).appendingPath("log.jsonl")),
      // A line that is being written is not whole.
      let end = log.lastIndex(of: UInt8(ascii: "\n"))
    else { return "" }
    return String(decoding: log[..<end], as: UTF8.self)
      .split(separator: "\n").joined(separator: ",")
  }

  /// The last that a training said.
  func lastMessage(of name: String) -> String {
    let text = (try? FileSystem.read(run(name).appendingPath("messages.txt"))) ?? Data()
    let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
    return lines.last.map { String($0.trimmingPrefix("stapes: ")) } ?? "the training was ended"
  }
}
