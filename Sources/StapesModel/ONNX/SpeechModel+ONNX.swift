internal import StapesFeatures
package import StapesKernels
internal import StapesNetwork
internal import StapesText

// The graph takes the features of one clip as the front end gives them, normalises them, and gives
// log-probabilities. What a program needs besides, to make the features and to read the outputs,
// stands in the metadata.

extension SpeechModel {
  /// Writes the network as a file of ONNX, for other programs; quantised weights are converted to
  /// floats.
  ///
  /// Its input `features`, [frames × features], is one clip as the front end gives it, before it is
  /// normalised; its output `log_probabilities`, [outputs × classes], holds natural logarithms. As
  /// with `write(to:)` the path holds the whole file, or what was there before.
  ///
  /// - Throws: `ModelError.file`; `ModelError.refused` with `ModelFault.tooLarge`.
  public func writeONNX(to path: String) throws(ModelError) {
    // The most that a message of Protocol Buffers may hold.
    let (bytes, largest) = (serializedONNX, Int(Int32.max))
    guard bytes.count <= largest else {
      throw .refused(path: path, fault: .tooLarge(byteCount: bytes.count, largest: largest))
    }
    try ModelFile.write(bytes, to: path)
  }

  /// The bytes of the file that `writeONNX(to:)` writes; the same model always gives the same
  /// bytes.
  package var serializedONNX: [UInt8] {
    var metadata = [
      ("alphabet", canonicalJSON(alphabet.characters)),
      ("features", canonicalJSON(features)),
      ("frame_length", "\(features.frameLength)"),
      ("hop_length", "\(features.hopLength)"),
      ("licence", provenance.licence),
      ("network", network.configuration.architecture.description),
      ("sample_rate", "\(features.sampleRate)"),
      ("stride", "\(network.configuration.stride)"),
      ("text", canonicalJSON(textNormalization)),
    ]
    if let labels = outputs.labels { metadata.append(("classes", canonicalJSON(labels))) }
    if let vocabulary { metadata.append(("vocabulary", canonicalJSON(vocabulary))) }
    return ONNXModel(
      graph: NetworkGraph(network, normalization: normalization).graph,
      producerVersion: Provenance.currentToolVersion, explanation: provenance.summary,
      metadata: metadata
    ).serialized
  }

  /// Writes what the network is given of a clip, and what it gives, as tensors of ONNX's, with
  /// which other programs can compare theirs.
  ///
  /// - Parameters:
  ///   - features: as the front end gives them, [frames × features].
  ///   - inputPath: the file for them.
  ///   - logProbabilities: [outputs × classes]
  ///   - outputPath: the file for them.
  /// - Throws: `ModelError.file`.
  package static func writeONNXExample(
    features: Matrix, to inputPath: String, logProbabilities: Matrix, to outputPath: String
  ) throws(ModelError) {
    for (matrix, name, path) in [
      (features, NetworkGraph.inputName, inputPath),
      (logProbabilities, NetworkGraph.outputName, outputPath),
    ] {
      let tensor = ONNXGraph.Tensor(
        name: name, shape: [matrix.rowCount, matrix.columnCount],
        elements: .numbers(matrix.values))
      try ModelFile.write(tensor.message.bytes, to: path)
    }
  }
}
