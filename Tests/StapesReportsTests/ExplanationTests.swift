import Foundation
import FoundationXML
import Glibc
import StapesAudio
import StapesKernels
import StapesRecognition
import StapesReports
import StapesTranscript
import TestSupport
import Testing

@Suite struct ExplanationTests {
  /// Two letters in five outputs of 0.1 s from 0.05 s on: blank, a, blank, b twice.
  static let probabilities: [[Float]] = [
    [0.9, 0.06, 0.04], [0.2, 0.7, 0.1], [0.8, 0.1, 0.1], [0.1, 0.3, 0.6], [0.02, 0.08, 0.9],
  ]

  func planted(_ characters: [String] = ["a", "b"], text: String = "ab") -> Explanation {
    let words = [PlantedWords.word(text, 0.15, 0.55, confidence: 0.25)]
    let rows = Self.probabilities.map { $0.map { log($0) } }
    return Explanation(
      transcript: Transcript(
        hypotheses: [
          Transcript.Hypothesis(text: text, logProbability: -0.5, confidence: 0.25, words: words),
          Transcript.Hypothesis(text: "b", logProbability: -1.25, confidence: 0.125),
        ],
        seconds: 0.6),
      text: ExplainedText(
        text: text, logProbability: -0.5, words: words, labels: [1, 2],
        labelOutputs: [1..<2, 3..<5]
      ),
      samples: (0..<4800).map { Float(sin(Double($0) / 10)) },
      energies: TimedRows(Matrix(rows: [[0, -20], [-8, -4]]), start: 0, step: 0.3),
      posteriors: TimedRows(Matrix(rows: rows), start: 0.05, step: 0.1), characters: characters)
  }

  @Test func `a letter knows when it was surest, and its rivals best first`() {
    let letters = planted().letters
    #expect(letters.map(\.peak) == [1, 4])
    #expect(letters.map(\.outputs) == [1..<2, 3..<5])
    #expect(abs(letters[0].probability - 0.7) < 1e-6)
    #expect(letters.map { $0.rivals.map(\.label) } == [[0, 2], [1, 0]])
    #expect(abs(letters[1].rivals[0].probability - 0.08) < 1e-6)
  }

  @Test func `the heat map has each probability in its cell`() throws {
    let page = try Page(ExplanationPage(planted(), path: "a.wav").html)
    let image = try #require(page.elements.first { $0["class"] == "posteriors" })
    let picture = try Picture(dataAddress: #require(image["href"]))
    #expect(picture.width == 5 && picture.height == 3)
    for (output, row) in Self.probabilities.enumerated() {
      for (label, probability) in row.enumerated() {
        let index = picture.pixels[label * 5 + output]
        #expect(abs(Float(index) / 255 - probability) <= 0.5 / 255 + 1e-5)
      }
    }
    // Bands from the top: the higher one first; the loudest is brightest, 20 nepers below it dark.
    let bands = try #require(page.elements.first { $0["class"] == "energies" })
    let energies = try Picture(dataAddress: #require(bands["href"])).pixels
    #expect(energies[2] == 255 && energies[0] == 0)
    #expect(energies[3] < energies[1] && energies[1] < 255)
  }

  @Test func `tracks share one axis of time`() throws {
    let page = try Page(ExplanationPage(planted(), path: "a.wav").html)
    func numbers(_ name: String, _ keys: [String]) -> [[Double]] {
      page.elements.filter { $0["class"] == name }.map { element in
        keys.map { element[$0].flatMap(Double.init) ?? .nan }
      }
    }
    // 600 pixels a second: outputs from 0.05 s, of 0.1 s; rows of 16 pixels, blank first.
    #expect(numbers("posteriors", ["x", "width", "height"]) == [[30, 300, 48]])
    let top = numbers("posteriors", ["y"])[0][0]
    #expect(
      numbers("aligned", ["x", "y", "width"])
        == [[90, top + 16, 60], [210, top + 32, 120]])
    let best = try #require(page.elements.first { $0["class"] == "best" }?["d"])
    let (blank, a, b) = ("\(top + 8)", "\(top + 24)", "\(top + 40)")
    #expect(
      best == "M30.0,\(blank)H90.0V\(a)H150.0V\(blank)H210.0V\(b)H270.0V\(b)H330.0")
    #expect(numbers("box", ["x", "width"]).last == [90, 240])
  }

  @Test func `readings and letters are there with their scores`() throws {
    let page = try Page(ExplanationPage(planted(), path: "a.wav").html)
    let text = page.text.joined(separator: "|")
    #expect(text.contains("1|ab|-0.50|25 %"))
    #expect(text.contains("2|b|-1.25|13 %"))
    #expect(text.contains("a|70 %|blank|20 %|b|10 %|0.20 s"))
    #expect(text.contains("b|90 %|a|8.0 %|blank|2.0 %|0.50 s"))
    #expect(page.text.contains("a.wav: ab"))
  }

  @Test func `hostile names and texts are shown as they are, and run nothing`() throws {
    let evil = "</title><script>alert('1')</script>&\"\u{1B}[2J\n"
    let explanation = planted(["<", "&"], text: "<&")
    let html = ExplanationPage(explanation, path: evil).html
    let page = try Page(html)
    #expect(!page.names.contains("script"))
    #expect(
      page.text.contains { $0.hasPrefix("</title><script>alert('1')</script>&\"\\x1b[2J\\n") })
    #expect(page.text.contains("<&"))
    #expect(html.unicodeScalars.allSatisfy { $0.value >= 0x20 || $0 == "\n" })
    // Nothing is loaded: what pictures there are stand in the page itself.
    let addresses = page.elements.flatMap { [$0["src"], $0["href"]] }.compactMap(\.self)
    #expect(addresses.count == 3 && addresses.allSatisfy { $0.hasPrefix("data:image/png;base64,") })
  }

  @Test func `a page of large pictures is sound too`() throws {
    let rows = (0..<3000).map { row in (0..<30).map { Float(-((row * 7 + $0) % 40)) } }
    let explanation = Explanation(
      transcript: PlantedWords.transcript([], seconds: 30),
      text: ExplainedText(text: "", logProbability: 0, words: [], labels: [], labelOutputs: []),
      samples: [], energies: TimedRows(Matrix(rows: rows), start: 0, step: 0.01),
      posteriors: TimedRows(Matrix(rowCount: 0, columnCount: 3), start: 0, step: 0.01),
      characters: ["a", "b"])
    let page = try Page(ExplanationPage(explanation, path: "a.wav").html)
    let image = try #require(page.elements.first { $0["class"] == "energies" })
    #expect(try Picture(dataAddress: #require(image["href"])).pixels.count == 90_000)
  }

  @Test func `explains what the model reads, or a text that is given`() throws {
    try withTemporaryFolder { folder in
      let recognizer = try Recognizer(
        model: .model(ToneLanguage.model()),
        options: RecognitionOptions(hypothesisCount: 3, wantsWords: true))
      let clip = folder + "/clip.wav"
      let samples = ToneLanguage.samples(saying: "ab c")
      try AudioFileWriter.writeWAV(samples: samples, sampleRate: 8000, to: clip)
      let read = try recognizer.explanation(contentsOf: clip)
      #expect(read.text == "ab c")
      #expect(read.words.map(\.text) == ["ab", "c"])
      #expect(read.letters.count == 4)
      let other = try recognizer.explanation(contentsOf: clip, text: " B! ")
      #expect(other.text == "b")
      #expect(other.transcript.text == "ab c")
      #expect(other.logProbability < read.logProbability)
      _ = try Page(ExplanationPage(other, path: clip).html)
      #expect(throws: RecognitionError.self) {
        try recognizer.explanation(contentsOf: clip, text: "xyz")
      }
      #expect(throws: RecognitionError.self) {
        try recognizer.explanation(
          contentsOf: clip, text: String(repeating: "ab", count: 500))
      }
    }
  }
}

/// A page as a strict reader of XML finds it.
private final class Page: NSObject, XMLParserDelegate {
  /// The attributes of each element, and the names.
  private(set) var elements: [[String: String]] = []
  private(set) var names: Set<String> = []
  /// The texts of elements that hold any, in order.
  private(set) var text: [String] = []
  private var current = ""

  init(_ html: String) throws {
    super.init()
    let parser = XMLParser(data: Data(html.utf8))
    parser.delegate = self
    try #require(parser.parse(), "not well-formed: \(String(describing: parser.parserError))")
  }

  func parser(
    _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
    qualifiedName: String?, attributes: [String: String] = [:]
  ) {
    flush()
    elements.append(attributes)
    names.insert(name)
  }

  func parser(
    _ parser: XMLParser, didEndElement name: String, namespaceURI: String?, qualifiedName: String?
  ) {
    flush()
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) { current += string }

  private func flush() {
    if !current.allSatisfy(\.isWhitespace) { text.append(current) }
    current = ""
  }
}
