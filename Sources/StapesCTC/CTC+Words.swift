public import StapesKernels

/// The words of some labels, each with the frames that emit it.
public struct CTCWordAlignment: Sendable, Equatable {
  /// One word.
  public struct Word: Sendable, Equatable {
    /// Its labels, as positions in all labels.
    public let labels: Range<Int>
    /// The frames from its first label's first to its last label's last.
    public let frames: Range<Int>
    /// The natural log-probability that its stretch of the frames holds this word: the CTC
    /// probability of its labels, with the separators around them, from the first frame of the
    /// separator before to the last of the one after.
    public let logProbability: Double
  }

  /// The words in order.
  public let words: [Word]
  /// The labels.
  public let labels: [Int]
  /// For each label, the frames that emit it.
  public let labelFrames: [Range<Int>]
  /// The natural log-probability that the frames hold the labels, over all alignments.
  public let logProbability: Double
}

extension CTC {
  /// Finds the most probable alignment of some labels, and how probable each of their words is.
  ///
  /// - Parameters:
  ///   - logProbabilities: natural logs of distributions, [frames × classes].
  ///   - labels: classes other than blank, 1 ..< classes.
  ///   - separator: the label that parts words; nil where all labels are one word.
  /// - Returns: nil when no alignment has a probability above zero; see
  ///   `alignment(logProbabilities:labels:)`.
  public static func words(
    logProbabilities: Matrix, labels: [Int], separator: Int?
  ) -> CTCWordAlignment? {
    guard let alignment = alignment(logProbabilities: logProbabilities, labels: labels) else {
      return nil
    }
    let frames = alignment.labelFrames
    let words = labels.indices.split { labels[$0] == separator }.map { word in
      let (first, end) = (word.startIndex, word.endIndex)
      let begin = first > 0 ? frames[first - 1].lowerBound : 0
      let after = end < labels.count ? frames[end].upperBound : logProbabilities.rowCount
      let stretchLabels = Array(labels[max(first - 1, 0)..<min(end + 1, labels.count)])
      return CTCWordAlignment.Word(
        labels: first..<end, frames: frames[first].lowerBound..<frames[end - 1].upperBound,
        logProbability: -loss(
          logits: logProbabilities.rows(begin..<after), labels: stretchLabels
        ).loss)
    }
    return CTCWordAlignment(
      words: words, labels: labels, labelFrames: frames,
      logProbability: -loss(logits: logProbabilities, labels: labels).loss)
  }
}
