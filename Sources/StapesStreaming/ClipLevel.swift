internal import Glibc
internal import StapesFeatures
package import StapesKernels
package import StapesModel

/// How loud sound is beside that which a model was trained on, by its features.
///
/// Where the features are normalised by the statistics of the training clips, sound much fainter
/// than those looks like a pause. So it is brought up first. Sound that is not far from them is
/// left as it is, and so is that of models which normalise by the clip.
package struct ClipLevel {
  /// The columns whose mean rises with the log energy, and by how much it does.
  private let columns: Range<Int>
  private let slope: Float
  /// What loud frames of the training clips have.
  private let usual: Float

  /// Fainter sound than this is brought up: 15 dB, as a natural log of energy.
  private static let tolerance: Float = 3.45
  /// The share of frames that are not louder than what is compared.
  private static let share = 0.9
  /// The most that sound is brought up: 80 dB, beyond which there is nothing but rounding.
  private static let most: Float = 18.42

  /// Reads the statistics of a model; nil where its result is the same at any level, or where no
  /// feature tells the level.
  package init?(_ model: SpeechModel) {
    guard case .global(let means, let deviations) = model.normalization else { return nil }
    let features = model.features
    if let cepstrum = features.cepstrum {
      guard features.energy == nil else { return nil }
      let index = features.energyPosition == .first ? 0 : cepstrum.coefficientCount - 1
      columns = index..<index + 1
      let scale: Float = cepstrum.scaling == .orthonormal ? 1 : 2
      slope = (scale * Float(features.mel.bandCount)).squareRoot()
    } else {
      let first = features.energy != nil && features.energyPosition == .first ? 1 : 0
      columns = first..<first + features.mel.bandCount
      slope = 1
    }
    guard columns.upperBound <= means.count else { return nil }
    usual = (Self.mean(means[columns]) + Self.mean(deviations[columns])) / slope
  }

  /// What samples are multiplied by before their features are computed; nil where they are loud
  /// enough.
  ///
  /// Nothing is brought up beyond full scale: a click in silence stays one.
  ///
  /// - Parameters:
  ///   - samples: the samples.
  ///   - features: what they give as they are, not normalised, [frames × features].
  package func gain(for samples: [Float], _ features: Matrix) -> Float? {
    let peak = samples.reduce(0) { max($0, abs($1)) }
    return gain(sortedLevels: levels(of: features).sorted(), peak: peak)
  }

  /// The level of each frame, as the natural log of an energy.
  func levels(of features: Matrix) -> [Float] {
    (0..<features.rowCount).map { row in
      let start = row * features.columnCount
      return Self.mean(features.values[start + columns.lowerBound..<start + columns.upperBound])
        / slope
    }
  }

  /// The same as `gain(for:_:)`, from the levels of all frames, in order of size, and the peak of the
  /// samples.
  package func gain(sortedLevels levels: [Float], peak: Float) -> Float? {
    guard !levels.isEmpty else { return nil }
    let loud = levels[Int(Double(levels.count - 1) * Self.share)]
    let lack = min(usual - loud, Self.most, -2 * log(peak))
    return lack > Self.tolerance ? exp(lack / 2) : nil
  }

  private static func mean(_ values: ArraySlice<Float>) -> Float {
    values.reduce(0, +) / Float(max(values.count, 1))
  }
}
