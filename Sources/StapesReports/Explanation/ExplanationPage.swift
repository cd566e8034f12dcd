internal import StapesFiles
public import StapesRecognition
internal import StapesText
internal import StapesTranscript

/// An explanation as one page of HTML that needs nothing else: no script, and nothing is loaded.
///
/// It shows, over one axis of time, the sound, the energies of its mel bands, the probability of
/// each character at each time with the most probable path and the alignment of the text, and the
/// letters and words; below that each letter with what else it was taken for, and the hypotheses
/// with their scores. The page is well-formed XML too. An axis of more than a screen's width is
/// scrolled.
public struct ExplanationPage: Sendable {
  /// The page.
  public let html: String

  /// Makes the page.
  ///
  /// - Parameters:
  ///   - explanation: what it shows.
  ///   - path: how the clip is called.
  public init(_ explanation: Explanation, path: String) {
    let name = path.escapedForMarkup
    let title = explanation.text.isEmpty ? "no text" : explanation.text
    let seconds = explanation.transcript.seconds.formatted(decimals: 2)
    let tables = ExplanationTables(explanation: explanation)
    let body = """
      <header>
      <p class="file">\(name)</p>
      <h1 dir="auto">\(title.escapedForMarkup)</h1>
      <p class="facts">\(seconds) s of sound · ln P(text | sound) = \
      \(explanation.logProbability.formatted(decimals: 2))\(Self.note(explanation))</p>
      </header>
      <section>
      <h2>Text and probabilities over time</h2>
      \(ExplanationFigure(explanation).markup)
      \(Self.legend)
      </section>
      <section>
      <h2>Letter by letter</h2>
      <p>How probable each letter was when it was surest, and what else it may have been.</p>
      \(tables.letters)
      </section>
      <section>
      <h2>Readings</h2>
      \(tables.readings)
      </section>
      """
    html = HTMLPage(title: "\(path): \(title)", body: body).html
  }

  /// Writes the page to a file, whole or not at all.
  ///
  /// - Throws: `RecognitionError.file`.
  public func write(to path: String) throws(RecognitionError) {
    try rethrowing(FileSystem.write(html, to: path), as: RecognitionError.file)
  }

  /// What the model itself reads, where another text is explained.
  private static func note(_ explanation: Explanation) -> String {
    let best = explanation.transcript.text
    guard best != explanation.text else { return "" }
    return " · the model recognises: " + (best.isEmpty ? "no text" : best.escapedForMarkup)
  }

  private static let legend: String = {
    let scale = IndexedImage(
      width: 256, height: 1, palette: ColorScale.palette, pixels: (0...255).map { $0 })
    return """
      <div class="legend">
      <span>0 % <img class="scale" alt="from dark to bright" src="\(scale.dataAddress)"/> 100 %: \
      how probable a character is; for the mel bands from 70 dB below the loudest to the \
      loudest</span>
      <span><i class="line"></i> the most probable character at each time; blank stands for \
      none</span>
      <span><i class="frame"></i> where each letter of the text is written</span>
      </div>
      """
  }()
}
