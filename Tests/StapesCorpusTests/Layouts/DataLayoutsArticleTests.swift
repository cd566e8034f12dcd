import FoundationEssentials
import StapesAudio
import StapesCorpus
import StapesLayouts
import TestSupport
import Testing

/// The examples of the article "Data layouts", made as the article shows them, and read.
@Suite struct DataLayoutsArticleTests {
  @Test func `every layout has an example`() throws {
    let sections = Set(try ArticleExample.all().map(\.section))
    #expect(sections == Set(CorpusLayout.allCases.map(\.name)))
  }

  @Test func `every example is read as the article says`() throws {
    for example in try ArticleExample.all() {
      try Tree.with { tree in
        for file in example.files {
          if let content = file.content {
            try tree.write(file.path, content)
          } else {
            try tree.sound(file.path, seconds: file.seconds)
          }
        }
        let corpus = try tree.corpus()
        #expect(corpus.layout?.name == example.section)
        #expect(corpus.skipped.isEmpty, "\(example.section): \(corpus.description)")
        #expect(
          corpus.clips.map { tree.line($0) }.sorted() == example.clips.sorted(),
          "\(example.section)")
      }
    }
  }
}

extension Tree {
  /// A clip as the article writes it.
  fileprivate func line(_ clip: LabelledClip) -> String {
    var line = String(clip.path.dropFirst(root.count + 1))
    let wholeSeconds = (try? AudioProperties(ofFileAt: clip.path).seconds) ?? 0
    if clip.offset != 0 || abs(clip.duration - wholeSeconds) > 1e-6 {
      line += " \(Self.decimal(clip.offset))-\(Self.decimal(clip.offset + clip.duration))"
    }
    return line + (clip.speaker.map { " " + $0 } ?? "") + ": " + clip.text
  }

  private static func decimal(_ seconds: Double) -> String {
    let rounded = (seconds * 1000).rounded() / 1000
    return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
  }
}

/// A block of the article: the files to make, and the clips that are read from them.
private struct ArticleExample {
  struct File {
    let path: String
    var seconds = 1.0
    /// The lines of a text file; nil for sound.
    var lines: [String]?

    var content: String? { lines.map { $0.map { $0 + "\n" }.joined() } }
  }

  let section: String
  var files: [File] = []
  var clips: [String] = []

  static func all() throws -> [ArticleExample] {
    let article = try String(
      contentsOf: URL(filePath: fixturePath("../Sources/Stapes/Stapes.docc/DataLayouts.md")),
      encoding: .utf8)
    var examples: [ArticleExample] = []
    var section = ""
    var block: [String]?
    for line in article.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("### ") { section = String(line.dropFirst(4)) }
      guard line == "```" else {
        block?.append(String(line).replacing("⇥", with: "\t"))
        continue
      }
      if let lines = block { examples.append(ArticleExample(section: section, lines)) }
      block = block == nil ? [] : nil
    }
    return examples
  }

  private init(section: String, _ lines: [String]) {
    self.section = section
    for line in lines {
      if line.hasPrefix("    ") || line.isEmpty {
        let inner = String(line.dropFirst(4))
        if files.last?.path == "clips" {
          clips.append(inner)
        } else {
          files[files.count - 1].lines?.append(inner)
        }
      } else if line.hasSuffix(":") {
        files.append(File(path: String(line.dropLast()), lines: []))
      } else {
        let parts = line.split(separator: " (")
        let seconds = parts.count > 1 ? Double(parts[1].dropLast(3)) : nil
        files.append(File(path: String(parts[0]), seconds: seconds ?? 1))
      }
    }
    files.removeLast()
  }
}
