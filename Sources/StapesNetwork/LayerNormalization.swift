internal import StapesKernels

/// Layer normalisation: each row of outputs is brought to mean 0 and variance 1, then scaled by a
/// gain and shifted by a bias for each unit (Ba, Kiros and Hinton 2016).
enum LayerNormalization {
  /// The gain, ones at first, and the bias.
  static func shapes(count: Int) -> [TensorShape] {
    [TensorShape("norm.gain", count, constant: 1), TensorShape("norm.bias", count)]
  }

  /// Turns the gradient of normalised rows into that of what was normalised, and adds to those of
  /// the gain, at a position, and of the bias behind it.
  static func goBack(
    _ rows: inout Matrix, through normalized: NormalizedRows, gain: Matrix,
    into gradient: inout NetworkParameters, at position: Int
  ) {
    var (gainGradient, biasGradient) = (
      gradient.tensors[position].matrix, gradient.tensors[position + 1].matrix
    )
    rows.goBack(
      through: normalized, gain: gain, gainGradient: &gainGradient, biasGradient: &biasGradient)
    gradient.tensors[position].matrix = gainGradient
    gradient.tensors[position + 1].matrix = biasGradient
  }
}
