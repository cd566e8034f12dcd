package import StapesKernels
package import StapesModel
package import StapesNetwork
package import StapesText

extension SpeechModel {
  /// The model's characters and after them, in order, those that it lacks of some transcripts.
  ///
  /// Where none of its letters is in the transcripts, as with another script, they are dropped:
  /// they would only be in the way.
  ///
  /// - Parameters:
  ///   - transcripts: normalised texts.
  ///   - rules: what a character is in their language.
  package func alphabet(
    extendedBy transcripts: [String], rules: TextNormalization.Rules
  ) throws(TextError) -> Alphabet {
    let own = alphabet
    // A letter with its signs may be a character of the model, though its signs are none.
    let lacking = transcripts.flatMap { text in
      text.composed.filter { (try? own.labels(of: String($0))) == nil }.map(String.init)
    }
    let known = Set(own.characters)
    let added = Alphabet(transcripts: Set(lacking), rules: rules).characters
      .filter { !known.contains($0) }
    let used = Set(transcripts.joined().composed.map(String.init)).intersection(known)
    let isOfItsScript = used.contains { $0.contains(where: \.isLetter) } || added.isEmpty
    return try Alphabet(
      characters: own.characters.filter { isOfItsScript || used.contains($0) } + added)
  }

  /// The network with an output for each character of an alphabet, and as many units as asked for.
  ///
  /// The rows of the output for the blank and for the model's own characters stay as they are.
  /// Weights of new ones are uniform in ±0.01, and their bias is the mean of those of all characters.
  /// Weights that are quantised are converted to 32-bit floats. With further units it computes at
  /// first what it did without them.
  ///
  /// - Parameters:
  ///   - characters: the alphabet.
  ///   - hiddenSize: how many units each LSTM layer and direction shall have, where all are alike;
  ///     no fewer than it has, nil for as many.
  ///   - random: what new weights are drawn with.
  package func network(
    writing characters: [String], hiddenSize: Int? = nil, using random: inout SplitMix64
  ) throws(NetworkError) -> Network {
    var configuration = network.configuration
    configuration.classCount = characters.count + 1
    let classes = Dictionary(
      uniqueKeysWithValues: zip(alphabet.characters, 1..<alphabet.classCount))
    let sources = [0] + characters.map { classes[$0] }
    let tensors = zip(NetworkParameters.shapes(for: network.configuration), network.weights).map {
      let (name, old) = ($0.name, $1.matrix)
      switch name {
      case "output.weights":
        return NamedMatrix(
          name: name,
          matrix: Matrix(
            rows: sources.map { source in
              source.map { Array(old.row($0)) }
                ?? (0..<old.columnCount).map { _ in Float.random(in: -0.01...0.01, using: &random) }
            }))
      case "output.bias":
        let mean = old.values.dropFirst().reduce(0, +) / Float(max(old.values.count - 1, 1))
        let biases = sources.map { $0.map { old.values[$0] } ?? mean }
        return NamedMatrix(
          name: name,
          matrix: Matrix(rowCount: 1, columnCount: biases.count, values: biases))
      default: return NamedMatrix(name: name, matrix: old)
      }
    }
    let extended = try Network(
      configuration: configuration, parameters: NetworkParameters(tensors: tensors))
    guard let hiddenSize else { return extended }
    return try extended.widened(to: hiddenSize, using: &random)
  }
}

extension Network {
  /// The same function by a network of equal LSTM layers with more units in each.
  ///
  /// Further units have fresh weights, and what was there ignores them at first (Chen, Goodfellow
  /// and Shlens, "Net2Net: accelerating learning via knowledge transfer", 2016).
  fileprivate func widened(
    to size: Int, using random: inout SplitMix64
  ) throws(NetworkError) -> Network {
    guard var layer = configuration.equalLSTMLayer, case let former = layer.cell.size, size > former
    else { return self }
    layer.cell.size = size
    var wider = configuration
    wider.architecture.layers = wider.architecture.layers.map { _ in NetworkLayer(.lstm(layer)) }
    var parameters = try Network(configuration: wider, using: &random).parameters
    /// Where a row or column of a matrix lies in the wider one: each group of rows or columns, for
    /// a gate or a direction, has further ones at its end.
    func place(_ index: Int, of count: Int, in widerCount: Int) -> Int {
      count == widerCount ? index : index / former * size + index % former
    }
    let shapes = NetworkParameters.shapes(for: wider)
    for (index, (tensor, shape)) in zip(self.parameters.tensors, shapes).enumerated() {
      let old = tensor.matrix
      var new = parameters.tensors[index].matrix
      for row in 0..<old.rowCount {
        let newRow = place(row, of: old.rowCount, in: new.rowCount)
        if shape.isMultiplied {
          for column in 0..<new.columnCount { new[newRow, column] = 0 }
        }
        for column in 0..<old.columnCount {
          new[newRow, place(column, of: old.columnCount, in: new.columnCount)] = old[row, column]
        }
      }
      parameters.tensors[index].matrix = new
    }
    return try Network(configuration: wider, parameters: parameters)
  }
}
