internal import StapesScoring
internal import StapesText
internal import StapesTraining

/// Some validation clips as HTML: texts, each character beside the one that was read for it, and
/// when each word was said and recognised.
struct ValidationClipList {
  /// What the model does.
  let task: TrainingOptions.Task

  /// The clips.
  func html(_ clips: [ValidationClip]) -> String {
    guard task == .transcribe else { return labels(of: clips) }
    return clips.map { clip in
      """
      <h3>\(clip.name.escapedForMarkup)</h3>
      \(pairs(of: clip))
      """ + (clip.said.isEmpty && clip.heard.isEmpty ? "" : "\n" + WordTimeline(clip: clip).svg)
    }.joined(separator: "\n")
  }

  private func labels(of clips: [ValidationClip]) -> String {
    HTMLPage.table(
      heads: ["clip", "said", "read", "loss"],
      rows: clips.map { clip in
        [
          clip.name.escapedForMarkup, clip.reference.escapedForMarkup,
          clip.hypothesis.escapedForMarkup,
          clip.loss?.formatted(decimals: 3) ?? "",
        ]
      })
  }

  /// What was said above what was read, character by character.
  private func pairs(of clip: ValidationClip) -> String {
    let alignment = EditAlignment(
      reference: Array(clip.reference), hypothesis: Array(clip.hypothesis))
    let cells = alignment.pairs.map { pair in
      let (said, read) = (cell(pair.reference), cell(pair.hypothesis))
      return
        "<span class=\"pair\(pair.isMatch ? "" : " wrong")\"><b>\(said)</b><i>\(read)</i></span>"
    }
    let counts = alignment.counts
    let loss = clip.loss.map { ", loss \($0.formatted(decimals: 3)) nats per character" } ?? ""
    return """
      <p>reference above, hypothesis below: \(counted(counts.errors, "error")) in \
      \(counted(counts.referenceLength, "character")) \
      (\(counted(counts.substitutions, "substitution")), \(counted(counts.deletions, "deletion")), \
      \(counted(counts.insertions, "insertion")))\(loss)</p>
      <div class="pairs" dir="auto">\(cells.joined())</div>
      """
  }

  private func cell(_ character: Character?) -> String {
    character.map { String($0).escapedForMarkup } ?? "·"
  }
}

/// The words of a clip over time: the reference above, the hypothesis below.
private struct WordTimeline {
  private let clip: ValidationClip
  /// How wide a second is, in pixels: short clips fill a page, long ones are scrolled.
  private let scale: Double

  private static let left = 40.0

  init(clip: ValidationClip) {
    self.clip = clip
    scale = max(160, 600 / max(clip.seconds, 0.1))
  }

  var svg: String {
    let spacing = scale > 600 ? 0.1 : 0.5
    let ticks = (0...Int(clip.seconds / spacing)).map { number in
      let x = place(Double(number) * spacing)
      let label = (Double(number) * spacing).formatted(decimals: 1)
      return "<path class=\"grid\" d=\"M\(x) 0V56\"/><text x=\"\(x)\" y=\"68\">\(label)</text>"
    }
    let words =
      clip.said.map { word($0, y: 2, style: "word") }
      + clip.heard.map { word($0, y: 30, style: "heard") }
    let width = Self.left + clip.seconds * scale + 20
    return """
      <div class="scroll"><svg width="\(width.inPicture)" height="72" role="img">
      <title>Word times of reference and hypothesis, in seconds</title>
      \(ticks.joined())
      <text x="0" y="17">said</text><text x="0" y="45">read</text>
      \(words.joined(separator: "\n"))
      </svg></div>
      """
  }

  private func word(_ word: ValidationClip.TimedWord, y: Double, style: String) -> String {
    let width = (word.end - word.start) * scale
    let text = word.text.escapedForMarkup
    let times = [word.start, word.end].map { $0.formatted(decimals: 2) }
    return """
      <g><title>\(text), \(times[0]) to \(times[1]) s</title>\
      <rect class="\(style)" x="\(place(word.start))" y="\(y.inPicture)" width="\(width.inPicture)" \
      height="22"/><text x="\(place(word.start))" y="\((y + 15).inPicture)">\(text)</text></g>
      """
  }

  private func place(_ seconds: Double) -> String {
    (Self.left + seconds * scale).inPicture
  }
}
