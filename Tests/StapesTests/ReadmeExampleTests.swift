import FoundationEssentials
import Stapes
import TestSupport
import Testing

/// The README's example is the file `ReadmeExample.swift`, letter by letter; it is run here.
@Suite struct ReadmeExampleTests {
  @Test func isWhatTheReadmeShows() throws {
    let readme = try String(contentsOfFile: fixturePath("../README.md"), encoding: .utf8)
    let example = try String(
      contentsOfFile: fixturePath("../Tests/StapesTests/ReadmeExample.swift"), encoding: .utf8)
    let blocks = readme.split(separator: "```swift\n").dropFirst()
      .compactMap { $0.split(separator: "```").first }
    #expect(blocks.map(String.init) == [example])
  }

  @Test(
    arguments: [
      "agent", "answer", "countdown", "euler", "golden-ratio", "pi", "root-three", "seventh",
    ])
  func readsDigits(clip: String) async throws {
    let text = try String(contentsOfFile: fixturePath("clips/digits/\(clip).txt"), encoding: .utf8)
    #expect(try await digits(in: fixturePath("clips/digits/\(clip).wav")) + "\n" == text)
  }

  @Test func trains() async throws {
    try await withTemporaryFolder { folder in
      let path = folder + "/model.safetensors"
      try await train(on: fixturePath("clips/digits"), epochCount: 2, writingTo: path)
      let model = try Recognizer(model: .file(path)).model
      #expect(model.alphabet.characters.contains("z"))
    }
  }
}
