/// Divides words into subtitles: what is shown together, for how long, and on which lines.
///
/// The limits are those that broadcasters agree on: two lines of 42 characters, 1 to 7 seconds, at
/// most 17 characters a second where there is time, and a short gap between subtitles, so that a
/// change is seen. A pause of 1.5 seconds always ends a subtitle; elsewhere the division is the one
/// of least cost, where few subtitles, pauses and ends of sentences between them, and time to read
/// each are cheap.
struct SubtitleLayout {
  /// A subtitle.
  struct Cue: Equatable {
    /// When it is shown.
    let span: Span
    /// One or two lines.
    let lines: [String]
  }

  /// The subtitles, in order; none overlap.
  let cues: [Cue]

  /// The characters of each of the two lines at most.
  static let lineLength = 42
  /// How long a subtitle is shown, in milliseconds.
  static let shown = 1000...7000
  /// The least time between subtitles, in milliseconds: two frames of film.
  static let gap = 83

  /// A pause that always ends a subtitle, and one too short to leave the screen empty.
  private static let (longPause, shortPause) = (1500, 500)
  /// How long a character takes to be read, in milliseconds.
  private static let readingTime = 1000 / 17

  /// Divides the words of a hypothesis.
  init(_ words: [Transcript.Word]) {
    let pieces = SubtitlePiece.pieces(of: words)
    let ranges = Self.division(of: pieces)
    var cues: [Cue] = []
    var free = 0
    for (index, range) in ranges.enumerated() {
      let start = max(pieces[range.lowerBound].span.start, free)
      let next =
        index + 1 < ranges.count ? pieces[ranges[index + 1].lowerBound].span.start : Int.max
      let span = Span(start: start, end: Self.end(of: pieces[range], from: start, next: next))
      cues.append(Cue(span: span, lines: Self.lines(pieces[range])))
      free = span.end + Self.gap
    }
    self.cues = cues
  }

  /// When a subtitle leaves the screen: when its words are said and it can be read, and not just
  /// before the next one; but within its limits, which nothing overrules.
  private static func end(of pieces: ArraySlice<SubtitlePiece>, from start: Int, next: Int) -> Int {
    let said = pieces.last?.span.end ?? start
    var end = max(said, start + length(of: pieces) * readingTime)
    if next - shortPause < end { end = next - gap }
    return min(max(end, start + shown.lowerBound), start + shown.upperBound)
  }

  /// The division of least cost; found from the first piece on, each time with the best division
  /// of what is before.
  private static func division(of pieces: [SubtitlePiece]) -> [Range<Int>] {
    var costs = [0.0]
    var starts: [Int] = []
    for end in 0..<pieces.count {
      var best = (cost: Double.infinity, start: end)
      for start in (0...end).reversed() {
        let group = pieces[start...end]
        guard start == end || fits(group) else { break }
        let cost = costs[start] + self.cost(of: group, in: pieces)
        if cost < best.cost { best = (cost, start) }
      }
      costs.append(best.cost)
      starts.append(best.start)
    }
    var ranges: [Range<Int>] = []
    var end = pieces.count
    while end > 0 {
      ranges.append(starts[end - 1]..<end)
      end = starts[end - 1]
    }
    return ranges.reversed()
  }

  /// Whether pieces can be one subtitle; where they cannot, more of them cannot either.
  private static func fits(_ pieces: ArraySlice<SubtitlePiece>) -> Bool {
    guard let first = pieces.first, let last = pieces.last else { return true }
    let hasLongPause = zip(pieces, pieces.dropFirst()).contains {
      $1.span.start - $0.span.end >= longPause
    }
    return !hasLongPause && last.span.end - first.span.start <= shown.upperBound
      && fitsOnLines(pieces)
  }

  /// What a subtitle costs: 1; a little more the fuller it is, so that neighbours are about equally
  /// long; up to 1.5 where no pause, sentence or word ends with it; and 10 where it would be gone
  /// too soon.
  private static func cost(
    of pieces: ArraySlice<SubtitlePiece>, in all: [SubtitlePiece]
  ) -> Double {
    let fill = Double(length(of: pieces)) / Double(2 * lineLength)
    let cost = 1 + fill * fill / 4
    guard let first = pieces.first, let last = pieces.last, pieces.endIndex < all.count else {
      return cost
    }
    let next = all[pieces.endIndex].span.start
    let pause = Double(next - last.span.end) / 1000
    let isSentence = last.text.last.map { ".!?…。！？".contains($0) } ?? false
    let cut = all[pieces.endIndex].isAfterSpace ? max(0, 1 - pause) : 1.5
    let isShort = next - gap - first.span.start < shown.lowerBound
    return cost + (isSentence ? cut / 4 : cut) + (isShort ? 10 : 0)
  }

  private static func text(_ pieces: ArraySlice<SubtitlePiece>) -> String {
    let text = pieces.map { ($0.isAfterSpace ? " " : "") + $0.text }.joined()
    return String(text.trimmingPrefix(" "))
  }

  /// The characters of pieces on one line.
  private static func length(of pieces: ArraySlice<SubtitlePiece>) -> Int {
    let spaces = pieces.dropFirst().count { $0.isAfterSpace }
    return pieces.reduce(spaces) { $0 + $1.length }
  }

  /// Whether two lines are enough, each filled as far as it goes.
  private static func fitsOnLines(_ pieces: ArraySlice<SubtitlePiece>) -> Bool {
    var (lineCount, length) = (1, 0)
    for piece in pieces {
      let longer = length + piece.length + (length > 0 && piece.isAfterSpace ? 1 : 0)
      if longer > lineLength { lineCount += 1 }
      length = longer > lineLength ? piece.length : longer
    }
    return lineCount <= 2
  }

  /// The text on one line where it fits, else on the two whose longer one is shortest; of two
  /// equally good divisions the one with the shorter upper line.
  private static func lines(_ pieces: ArraySlice<SubtitlePiece>) -> [String] {
    guard length(of: pieces) > lineLength else { return [text(pieces)] }
    var best = (length: Int.max, border: pieces.startIndex)
    for border in pieces.indices.dropFirst() {
      let length = max(length(of: pieces[..<border]), length(of: pieces[border...]))
      if length < best.length { best = (length, border) }
    }
    return [text(pieces[..<best.border]), text(pieces[best.border...])]
  }
}
