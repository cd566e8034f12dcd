import Foundation
import Stapes
import TestSupport
import Testing

/// Every command that the README and the articles show is run, in their order, in a folder that holds
/// the files they name.
@Suite struct DocumentedCommandTests {
  @Test(arguments: DocumentedCommands.documents)
  func run(document: String) throws {
    let commands = try DocumentedCommands.commands(in: document)
    try withTemporaryFolder { folder in
      try DocumentedCommands.prepare(folder, for: commands)
      for command in commands {
        let run = try Tool.shell("set -o pipefail; cd '\(folder)'; \(command)")
        #expect(run.status == 0, "\(document): \(command)\n\(run.errors)")
      }
    }
  }

  @Test func everyDocumentWithCommandsIsRun() throws {
    let counts = try DocumentedCommands.documents.map {
      try DocumentedCommands.commands(in: $0).count
    }
    #expect(counts.reduce(0, +) >= 50)
    #expect(counts.first ?? 0 >= 6)
  }
}

/// The commands in the documents, and the files that they need.
enum DocumentedCommands {
  private static let articles = fixturePath("../Sources/Stapes/Stapes.docc")

  /// The paths of the README and of every article.
  static let documents: [String] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: articles)) ?? []
    return [fixturePath("../README.md")]
      + names.filter { $0.hasSuffix(".md") }.sorted().map { articles + "/" + $0 }
  }()

  /// The lines of the indented blocks that run the tool, without their comments.
  static func commands(in document: String) throws -> [String] {
    let text = try String(contentsOfFile: document, encoding: .utf8)
    return text.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("    "), !line.hasPrefix("     ") else { return nil }
      let command = String(line.prefix(while: { $0 != "#" })).trimmingCharacters(in: .whitespaces)
        .replacing("scripts/stapes ", with: "stapes ")
      let starts = ["stapes ", "find ", "arecord "]
      return starts.contains { command.hasPrefix($0) } ? wait(for: command) : nil
    }
  }

  /// A microphone that the test has not got plays a file instead, a training that is to be continued was
  /// begun before, and trainings end after two epochs.
  private static func wait(for documented: String) -> String {
    let isLong = documented.hasPrefix("stapes train ") && !documented.contains(" --epochs ")
    let command = documented + (isLong ? " --epochs 2" : "")
    if command.contains(" --resume") {
      let begun = command.replacing("--resume", with: "--keep-checkpoints 1")
      return "rm -f mine.*; \(begun) && \(command)"
    }
    // The server runs until it is told to end.
    if command.hasPrefix("stapes serve") {
      return "timeout --preserve-status 1 '\(Tool.path)' \(command.dropFirst(7)) --port 0"
    }
    return "arecord() { cat new.wav; }; \(command)"
  }

  /// Makes the files that the documents name.
  static func prepare(_ folder: String, for commands: [String]) throws {
    let tones = Tones(folder: folder)
    try FileManager.default.createSymbolicLink(
      atPath: folder + "/Fixtures", withDestinationPath: fixturePath(""))
    // A model that the document does not train itself.
    for (name, sureness) in [("mine", 40), ("new", 10), ("wake", 40)] as [(String, Float)]
    where !commands.contains(where: { $0.contains("--output \(name).safetensors") }) {
      try ToneLanguage.model(sureness: sureness).write(to: folder + "/\(name).safetensors")
    }
    let words = ["abba", "cab", "abc a", "bac", "cabba", "b acab"]
    for (index, word) in words.enumerated() {
      for speaker in ["anna", "ben"] {
        for part in ["clips", "more", "more-clips", "held-out"] {
          let name = "\(part)/\(speaker)/\(index)"
          try tones.say(word + (speaker == "ben" ? " a" : " c"), in: name + ".wav")
          try tones.write(Array((word + (speaker == "ben" ? " a" : " c")).utf8), to: name + ".txt")
        }
      }
    }
    for name in ["new", "talk", "one", "two", "door", "book", "clip", "calls/a/b"] {
      try tones.say(name == "door" ? "cab abba" : "abba cab", in: name + ".wav")
    }
    for name in ["call.wav", "calls/c.wav"] { try stereo(of: tones, to: name) }
    try tones.write(Array("abba\ncab\n".utf8), to: "book.txt")
    try tones.write(Array("computer\n".utf8), to: "words.txt")
    try tones.write(Array("abba cab\nbac\n".utf8), to: "commands.txt")
    try tones.write(Array("abba\ncab\t2\n".utf8), to: "names.txt")
    let sentences = ["abba cab", "bac abba a", "cab cab abc", "the abba", "a cab bac the cab"]
    let text = (sentences + sentences.reversed()).joined(separator: "\n") + "\n"
    try tones.write(Array(text.utf8), to: "books.txt")
    try tones.write(Array(sentences.joined(separator: "\n").utf8), to: "held-out.txt")
  }

  /// Writes a call of two channels that say different things, from two clips as long as each other.
  private static func stereo(of tones: Tones, to name: String) throws {
    func bytes(saying text: String) throws -> Data {
      try Data(contentsOf: URL(filePath: tones.say(text, in: "channel.wav")))
    }
    let channels = try [bytes(saying: "abba"), bytes(saying: "cabb")]
    var call = channels[0].prefix(44)
    func set(_ place: Int, to value: UInt32, length: Int = 4) {
      for byte in 0..<length { call[place + byte] = UInt8(truncatingIfNeeded: value >> (8 * byte)) }
    }
    let length = UInt32(2 * (channels[0].count - 44))
    set(4, to: length + 36)
    set(22, to: 2, length: 2)
    set(28, to: 8000 * 4)
    set(32, to: 4, length: 2)
    set(40, to: length)
    for sample in stride(from: 44, to: channels[0].count, by: 2) {
      for channel in channels { call.append(channel[sample..<sample + 2]) }
    }
    try tones.write(call, to: name)
  }
}
