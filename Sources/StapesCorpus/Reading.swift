internal import StapesText

/// What a source says about its clips, before their sound has been looked at.
struct Reading {
  /// A clip as its source tells of it.
  struct Draft {
    var identifier: String
    var path: String
    var text: String
    var speaker: String?
    var offset = 0.0
    /// The length in seconds; nil reaches to the end of the file.
    var duration: Double?
  }

  /// How the clips lie there.
  let layout: CorpusLayout
  /// The clips with a text.
  private(set) var drafts: [Draft] = []
  /// What is known to be of no use.
  private(set) var leftOut: [Corpus.LeftOut] = []
  private(set) var byteOrderMarkCount = 0
  private(set) var carriageReturnCount = 0

  init(layout: CorpusLayout) { self.layout = layout }

  /// Takes up a clip, unless its text is empty.
  mutating func add(_ draft: Draft) {
    guard !TextNormalization.untouched.normalized(draft.text).isEmpty else {
      return leaveOut(draft.path, .emptyText)
    }
    drafts.append(draft)
    drafts[drafts.count - 1].text = draft.text.trimmed
  }

  /// Notes what is not a clip, and why.
  mutating func leaveOut(_ path: String, _ reason: LeftOutReason) {
    leftOut.append(Corpus.LeftOut(path: path, reason: reason))
  }

  /// Reads a text file of the source, and counts what is peculiar about it.
  mutating func readText(at path: String) throws(CorpusError) -> TextFile {
    let file = try TextFile(path: path)
    byteOrderMarkCount += file.hasByteOrderMark ? 1 : 0
    carriageReturnCount += file.carriageReturnCount
    return file
  }
}

extension StringProtocol {
  /// The text without white space at its ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    guard let last = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
    return String(start[...last])
  }
}
