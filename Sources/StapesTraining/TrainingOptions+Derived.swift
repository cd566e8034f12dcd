internal import StapesCTC
internal import StapesFeatures

extension TrainingOptions {
  /// Whether a text can be read from a clip: CTC needs an output for each character, and one more
  /// between equal neighbours.
  func fits(_ labels: [Int], frameCount: Int) -> Bool {
    CTC.requiredFrameCount(labels: labels) <= outputCount(forFrames: frameCount)
  }

  /// The number of the network's outputs for a clip.
  func outputCount(forFrames frameCount: Int) -> Int {
    (frameCount + outputStride - 1) / outputStride
  }

  /// The number of mel bands, where each column of the features is one of them or its slope.
  var maskableBandCount: Int? {
    features.cepstrum == nil && features.energy == nil ? features.mel.bandCount : nil
  }
}
