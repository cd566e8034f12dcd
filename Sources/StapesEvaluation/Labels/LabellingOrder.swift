package import StapesTranscript

/// In which order clips are best labelled: the least certain first, and each unlike those before it.
///
/// One clip after the other is taken, that of the largest product of its doubt and its distance from
/// the nearest clip that is labelled or taken already (a farthest-first traversal, Gonzalez 1985,
/// weighted by uncertainty). Of several clips alike one comes early and the others late, and a copy
/// of a clip comes last.
package struct LabellingOrder: Sendable {
  /// A clip that may be labelled.
  package struct Candidate: Sendable, Equatable {
    /// How uncertain the model is, in 0...1.
    package let doubt: Double
    package let portrait: ClipPortrait

    package init(doubt: Double, portrait: ClipPortrait) {
      (self.doubt, self.portrait) = (doubt, portrait)
    }
  }

  private let doubts: [Double]
  /// The clips as points, in which voices and texts count alike.
  private let points: [[Float]]
  /// The distance of each from the nearest one that is labelled or taken; infinite before the first.
  private var distances: [Float]
  private var waiting: [Int]

  /// Prepares an order.
  ///
  /// - Parameters:
  ///   - candidates: the clips to choose from.
  ///   - labelled: those that are labelled already.
  package init(of candidates: [Candidate], besides labelled: [ClipPortrait] = []) {
    doubts = candidates.map(\.doubt)
    let portraits = candidates.map(\.portrait) + labelled
    let scales = (Self.scale(of: portraits.map(\.sound)), Self.scale(of: portraits.map(\.text)))
    let all = portraits.map { portrait in
      portrait.sound.map { $0 * scales.0 } + portrait.text.map { $0 * scales.1 }
    }
    points = Array(all.prefix(candidates.count))
    waiting = Array(candidates.indices)
    distances = Array(repeating: .infinity, count: candidates.count)
    for point in all.dropFirst(candidates.count) { approach(point) }
  }

  /// What makes 1 of the mean squared distance of points from their mean; 0 where they are all one.
  private static func scale(of points: [[Float]]) -> Float {
    let count = Double(points.count)
    let spread = (points.first ?? []).indices.reduce(0.0) { sum, column in
      let values = points.map { Double($0[column]) }
      let mean = values.reduce(0, +) / count
      return sum + values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    }
    return spread > 0 ? Float(1 / spread.squareRoot()) : 0
  }

  /// Takes note of a clip that is labelled or taken.
  private mutating func approach(_ point: [Float]) {
    for index in waiting {
      let other = points[index]
      let square = point.indices.reduce(Float(0)) {
        $0 + (point[$1] - other[$1]) * (point[$1] - other[$1])
      }
      distances[index] = min(distances[index], square.squareRoot())
    }
  }

  /// The product; of copies, which are at no distance, the more doubtful first all the same.
  private func worth(_ index: Int) -> (Double, Double) {
    // Before the first, none is farther than another.
    let distance = distances[index].isFinite ? Double(distances[index]) : 1
    return (doubts[index] * distance, doubts[index])
  }

  /// Takes the clip to label next.
  ///
  /// - Returns: its number, of equals the first; nil once all are taken.
  package mutating func next() -> Int? {
    var place = 0
    for other in waiting.indices.dropFirst() where worth(waiting[other]) > worth(waiting[place]) {
      place = other
    }
    guard waiting.indices.contains(place) else { return nil }
    let chosen = waiting.remove(at: place)
    approach(points[chosen])
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
