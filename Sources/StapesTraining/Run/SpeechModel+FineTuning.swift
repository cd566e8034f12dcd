internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesText

extension SpeechModel {
  /// The model's characters and after them, in order, those that it lacks of some transcripts: the
  /// classes of the model stay what they are.
  func alphabet(extendedBy transcripts: [String]) throws(TextError) -> Alphabet {
    let own = alphabet
    // A letter with its signs may be a character of the model, though its signs are none.
    let lacking = transcripts.flatMap { text in
      text.composed.filter { (try? own.labels(of: String($0))) == nil }.map(String.init)
    }
    let known = Set(own.characters)
    let added = Alphabet(transcripts: Set(lacking), rules: textNormalization.rules).characters
      .filter { !known.contains($0) }
    return try Alphabet(characters: own.characters + added)
  }

  /// The network with further classes after its own.
  ///
  /// The rows of the output for its own classes stay as they are. Weights of the new ones are
  /// uniform in ±0.01, and their bias is the mean of those of all characters. Weights that are
  /// quantised are converted to 32-bit floats.
  func network(
    classCount: Int, using random: inout SplitMix64
  ) throws(NetworkError) -> Network {
    var configuration = network.configuration
    let oldCount = configuration.classCount
    configuration.classCount = classCount
    var tensors = zip(NetworkParameters.shapes(for: network.configuration), network.weights).map {
      NamedMatrix(name: $0.name, matrix: $1.matrix)
    }
    for index in tensors.indices {
      switch tensors[index].name {
      case "output.weights":
        for _ in oldCount..<classCount {
          tensors[index].matrix.appendRow(
            (0..<tensors[index].matrix.columnCount).map { _ in
              Float.random(in: -0.01...0.01, using: &random)
            })
        }
      case "output.bias":
        let biases = tensors[index].matrix.values
        let mean = biases.dropFirst().reduce(0, +) / Float(max(oldCount - 1, 1))
        let added = [Float](repeating: mean, count: classCount - oldCount)
        tensors[index].matrix = Matrix(
          rowCount: 1, columnCount: classCount, values: biases + added)
      default: break
      }
    }
    return try Network(
      configuration: configuration, parameters: NetworkParameters(tensors: tensors))
  }
}
