internal import StapesKernels

/// One row for each clip, from the last layer's outputs over time.
struct ClipPooling: Sendable {
  let pooling: NetworkArchitecture.Pooling
  /// The columns of the forward direction; those behind are of the backward one.
  let forwardCount: Int

  /// The pooling of an architecture; nil where there is none.
  init?(_ architecture: NetworkArchitecture, outputCount: Int) {
    guard let pooling = architecture.pooling else { return nil }
    self.pooling = pooling
    let isBidirectional = architecture.layers.last?.kind.isBidirectional ?? false
    forwardCount = isBidirectional ? outputCount / 2 : outputCount
  }

  /// Pools clips.
  ///
  /// - Parameter clips: [T′ × n] each.
  /// - Returns: [1 × n] each, [0 × n] for a clip without outputs.
  func pooled(_ clips: [Matrix]) -> [Matrix] {
    clips.map { clip in
      guard clip.rowCount > 0 else { return clip }
      switch pooling {
      case .last:
        let values =
          clip.row(clip.rowCount - 1).prefix(forwardCount)
          + clip.row(0).dropFirst(forwardCount)
        return Matrix(rowCount: 1, columnCount: clip.columnCount, values: Array(values))
      case .mean:
        var mean = clip.columnSums()
        mean.scale(by: 1 / Float(clip.rowCount))
        return mean
      }
    }
  }

  /// Takes gradients backward through the pooling.
  ///
  /// - Parameters:
  ///   - gradients: those of what `pooled` returned.
  ///   - counts: T′ of each clip.
  /// - Returns: the gradients of the clips, [T′ × n] each.
  func backward(_ gradients: [Matrix], counts: [Int]) -> [Matrix] {
    zip(gradients, counts).map { gradient, count in
      guard count > 0 else { return gradient }
      switch pooling {
      case .last:
        var result = Matrix(rowCount: count, columnCount: gradient.columnCount)
        for column in 0..<gradient.columnCount {
          result[column < forwardCount ? count - 1 : 0, column] = gradient[0, column]
        }
        return result
      case .mean:
        var result = Matrix(repeatingRow: gradient, count: count)
        result.scale(by: 1 / Float(count))
        return result
      }
    }
  }
}
