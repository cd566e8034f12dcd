internal import StapesFeatures
internal import StapesKernels
package import StapesTranscript

/// In which order clips are best labelled: those first of which the model is uncertain and that stand
/// for many others of which it is uncertain too.
///
/// Each clip of which the model is uncertain is as far from being known as its nearest clip that is
/// labelled or taken. The next is the one that brings most of them nearest, all weighted by their
/// doubts, and the gain by its own (greedy facility location, Lin and Bilmes 2009, weighted by
/// uncertainty), for the time that it takes to label (Lin and Bilmes 2010: gain divided by cost).
/// Neither an odd clip nor one like those before gains much, and a copy nothing.
package struct LabellingOrder: Sendable {
  /// A clip that may be labelled.
  package struct Candidate: Sendable, Equatable {
    /// How uncertain the model is, in 0...1.
    package let doubt: Double
    /// How long it is.
    package let seconds: Double
    package let portrait: ClipPortrait

    package init(doubt: Double, seconds: Double, portrait: ClipPortrait) {
      (self.doubt, self.seconds, self.portrait) = (doubt, seconds, portrait)
    }
  }

  private let doubts: [Double]
  /// What labelling each clip costs: its length and what every clip takes, in seconds.
  private let costs: [Double]
  /// Some of the clips, evenly spread over the list: those that others are to stand for.
  private let represented: [Int]
  /// The distance of each clip from each of those, [clips × represented].
  private let distances: [[Float]]
  /// How far each of those is from its nearest clip that is labelled or taken.
  private var nearest: [Float]
  private var waiting: [Int]

  private static let largestRepresentedCount = 512
  /// How far all are at first: about twice as far as two clips from each other.
  private static let farthest: Float = 4
  /// What every clip takes, however short, in seconds.
  private static let leastCost = 1.0

  /// Prepares an order.
  ///
  /// - Parameters:
  ///   - candidates: the clips to choose from.
  ///   - labelled: those that are labelled already.
  package init(of candidates: [Candidate], besides labelled: [ClipPortrait] = []) {
    doubts = candidates.map(\.doubt)
    costs = candidates.map { $0.seconds + Self.leastCost }
    waiting = Array(candidates.indices)
    let step = max(1, candidates.count / Self.largestRepresentedCount)
    represented = Array(stride(from: 0, to: candidates.count, by: step))
    let portraits = candidates.map(\.portrait) + labelled
    let scales = (Self.scale(of: portraits.map(\.sound)), Self.scale(of: portraits.map(\.text)))
    let points = portraits.map { portrait in
      portrait.sound.map { $0 * scales.0 } + portrait.text.map { $0 * scales.1 }
    }
    let all = points.map { [represented] point in
      represented.map { Self.distance(point, points[$0]) }
    }
    distances = Array(all.prefix(candidates.count))
    nearest = Array(repeating: Self.farthest, count: represented.count)
    for distances in all.dropFirst(candidates.count) { take(distances) }
  }

  private static func distance(_ a: [Float], _ b: [Float]) -> Float {
    a.indices.reduce(Float(0)) { $0 + (a[$1] - b[$1]) * (a[$1] - b[$1]) }.squareRoot()
  }

  /// What makes 1 of the mean squared distance of points from their mean; 0 where they are all one.
  private static func scale(of points: [[Float]]) -> Float {
    let points = Matrix(rows: points)
    var statistics = FeatureStatistics(columnCount: points.columnCount)
    statistics.add(points)
    let spread = statistics.deviations.reduce(0) { $0 + $1 * $1 }
    return spread > 0 ? 1 / spread.squareRoot() : 0
  }

  /// Takes note of a clip that is labelled or taken.
  private mutating func take(_ distances: [Float]) {
    for index in nearest.indices { nearest[index] = min(nearest[index], distances[index]) }
  }

  /// What a clip gains, and how doubtful it is where others gain the same, both for its cost.
  private func worth(_ index: Int) -> (Double, Double) {
    let gain = represented.indices.reduce(0.0) { sum, other in
      let nearer = max(0, nearest[other] - distances[index][other])
      return sum + doubts[represented[other]] * Double(nearer)
    }
    let doubt = doubts[index] / costs[index]
    return (doubt * gain, doubt)
  }

  /// Takes the clip to label next.
  ///
  /// - Returns: its number, of equals the first; nil once all are taken.
  package mutating func next() -> Int? {
    let worths = waiting.map(worth)
    guard var place = worths.indices.first else { return nil }
    for other in worths.indices where worths[other] > worths[place] { place = other }
    let chosen = waiting.remove(at: place)
    take(distances[chosen])
    return chosen
  }
}

extension Transcript {
  /// The share of its words that is probably wrong, in 0...1.
  ///
  /// It is the mean of one less their confidences. Where no word was heard it is 1, or 0 where the
  /// sound holds no speech.
  package var doubt: Double {
    switch emptyReason {
    case .short, .silence, .noise: return 0
    default: break
    }
    let words = hypotheses[0].words
    return words.isEmpty ? 1 : words.reduce(0) { $0 + 1 - $1.confidence } / Double(words.count)
  }
}
