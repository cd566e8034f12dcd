internal import Stapes

// What is best labelled next.
extension LabelFolder {
  /// What comes first: open clips, those of which nothing is known behind the others.
  func rank(_ entry: LabelListing.Entry) -> (Int, Int, Int) {
    switch entry.state {
    case .open: (0, order.places[entry.id] ?? (entry.doubt == nil ? .max : clips.count), entry.id)
    case .labelled: (1, 0, entry.id)
    case .rejected, .split: (2, 0, entry.id)
    }
  }

  /// Puts open clips in order, where more have been recognised since it was done last, or fewer than
  /// are wanted have a place.
  func orderClips(_ entries: [LabelListing.Entry], count: Int) {
    let known = entries.filter { clips[$0.id].result?.hypothesis != nil }
    let open = known.filter { $0.state == .open }
    let placedCount = open.count { order.places[$0.id] != nil }
    guard known.count != order.recognizedCount || placedCount < min(count, open.count) else {
      return
    }
    func hypotheses(_ entries: [LabelListing.Entry]) -> [LabelHypothesis] {
      entries.compactMap { clips[$0.id].result?.hypothesis }
    }
    var labelling = LabellingOrder(
      of: hypotheses(open).map(\.candidate),
      besides: hypotheses(known.filter { $0.state != .open }).map(\.portrait))
    order = ([:], known.count)
    // More than are shown, so that it need not be done again for each clip that is labelled.
    while order.places.count < 2 * count, let next = labelling.next() {
      order.places[open[next].id] = order.places.count
    }
  }
}
