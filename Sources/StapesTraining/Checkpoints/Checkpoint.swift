internal import FoundationEssentials
internal import StapesFiles
internal import StapesKernels
internal import StapesModel
internal import StapesNetwork
internal import StapesRecipe
internal import StapesText

// A checkpoint is a safetensors file. Its tensors are, for each matrix X of the network,
// `weights/X`, `first/X`, `second/X` and `average/X`; the same after `safe.` for the weights to go
// back to, where they differ; and `best.N/X` for the best models. Numbers stand in its metadata as
// JSON, whose numbers are read as exactly the floats that were written.

/// What a training run had come to, with what it was run on.
struct Checkpoint: Sendable, Equatable {
  /// The options of the run.
  let options: TrainingOptions
  /// The fingerprint of the clips.
  let fingerprint: String
  /// What the run had come to.
  let state: TrainingState

  /// The version of the layout.
  private static let format = "2"
  private static let role = "checkpoint"

  private enum Key: String {
    case format = "stapes_checkpoint"
    case checksum, options, clips, steps, numbers, ranking
  }

  /// What is known of a best model besides its weights.
  private struct Rank: Codable {
    let epoch: Int
    let figures: ValidationFigures
  }

  /// Puts a checkpoint together.
  init(options: TrainingOptions, fingerprint: String, state: TrainingState) {
    self.options = options
    self.fingerprint = fingerprint
    self.state = state
  }

  /// Writes the checkpoint, through a temporary file beside it.
  ///
  /// - Throws: `CheckpointError.file`.
  func write(to path: String) throws(CheckpointError) {
    let ranking = state.best.map { Rank(epoch: $0.epoch, figures: $0.figures) }
    let metadata: [Key: String] = [
      .format: Self.format, .options: canonicalJSON(options), .clips: fingerprint,
      .numbers: canonicalJSON(state.numbers), .ranking: canonicalJSON(ranking),
      .steps: canonicalJSON([state.weights.stepCount, state.safe.stepCount]),
    ]
    var tensors = state.weights.stored(prefix: "")
    if state.safe.stepCount != state.weights.stepCount {
      tensors += state.safe.stored(prefix: "safe.")
    }
    for (number, model) in state.best.enumerated() {
      tensors += model.parameters.tensors.map { $0.matrix.stored(as: "best.\(number)/\($0.name)") }
    }
    var file = Safetensors(
      metadata: Dictionary(uniqueKeysWithValues: metadata.map { ($0.rawValue, $1) }),
      tensors: tensors)
    file.metadata[Key.checksum.rawValue] = file.checksum
    try rethrowing(
      FileSystem.write(file.serialized(), to: path, role: Self.role), as: CheckpointError.file)
  }

  /// Reads a checkpoint.
  ///
  /// - Throws: `CheckpointError.file` or `.unusable`.
  init(contentsOf path: String) throws(CheckpointError) {
    let data = try rethrowing(FileSystem.read(path, role: Self.role), as: CheckpointError.file)
    guard let file = try? Safetensors(bytes: data.span), let checkpoint = Self(file) else {
      throw .unusable(path: path)
    }
    self = checkpoint
  }

  private init?(_ file: Safetensors) {
    func value<Value: Decodable>(_ key: Key) -> Value? {
      let text = file.metadata[key.rawValue] ?? ""
      return try? JSONDecoder().decode(Value.self, from: Data(text.utf8))
    }
    guard file.metadata[Key.format.rawValue] == Self.format,
      file.metadata[Key.checksum.rawValue] == file.checksum,
      let options = try? TrainingOptions(writtenAs: file.metadata[Key.options.rawValue] ?? ""),
      let fingerprint = file.metadata[Key.clips.rawValue],
      let numbers: TrainingState.Numbers = value(.numbers),
      let ranking: [Rank] = value(.ranking),
      let stepCounts: [Int] = value(.steps), stepCounts.count == 2
    else { return nil }
    let stored = StoredMatrices(file)
    guard let weights = TrainedWeights(stored, prefix: "", stepCount: stepCounts[0]) else {
      return nil
    }
    var state = TrainingState(weights: weights)
    if stepCounts[0] != stepCounts[1] {
      guard let safe = TrainedWeights(stored, prefix: "safe.", stepCount: stepCounts[1]) else {
        return nil
      }
      state.safe = safe
    }
    for (number, rank) in ranking.enumerated() {
      guard let parameters = stored.parameters(prefix: "best.\(number)/") else { return nil }
      state.best.append(
        RankedModel(epoch: rank.epoch, figures: rank.figures, parameters: parameters))
    }
    state.numbers = numbers
    self.init(options: options, fingerprint: fingerprint, state: state)
  }

  /// Makes sure that the options are those of the checkpoint.
  ///
  /// - Throws: `CheckpointError.otherOption` for the first by name that is not.
  func check(_ here: TrainingOptions, path: String) throws(CheckpointError) {
    guard here != options else { return }
    guard let own = try? here.jsonValue, let stored = try? options.jsonValue,
      let (option, here, there) = own.firstDifference(from: stored)
    else { return }
    throw .otherOption(
      path: path, option: option, here: canonicalJSON(here), there: canonicalJSON(there))
  }
}

/// The matrices of a file by their names.
private struct StoredMatrices {
  private let matrices: [String: Matrix]
  /// The names of the network's matrices, in order.
  let names: [String]

  init(_ file: Safetensors) {
    var matrices: [String: Matrix] = [:]
    for tensor in file.tensors {
      guard case .float32(let values) = tensor.content, tensor.shape.count == 2 else { continue }
      matrices[tensor.name] = Matrix(
        rowCount: tensor.shape[0], columnCount: tensor.shape[1], values: values)
    }
    self.matrices = matrices
    names = file.tensors.compactMap { tensor in
      tensor.name.hasPrefix("weights/") ? String(tensor.name.dropFirst("weights/".count)) : nil
    }
  }

  /// The matrices whose names begin in one way; nil when one of the network's is not there.
  func parameters(prefix: String) -> NetworkParameters? {
    let tensors = names.compactMap { name in
      matrices[prefix + name].map { NamedMatrix(name: name, matrix: $0) }
    }
    return tensors.count == names.count ? NetworkParameters(tensors: tensors) : nil
  }
}

extension TrainedWeights {
  /// The matrices as they lie in a file, each under one of four names.
  fileprivate func stored(prefix: String) -> [Safetensors.Tensor] {
    tensors.flatMap { tensor in
      [
        tensor.weights.stored(as: "\(prefix)weights/\(tensor.name)"),
        tensor.first.stored(as: "\(prefix)first/\(tensor.name)"),
        tensor.second.stored(as: "\(prefix)second/\(tensor.name)"),
        tensor.average.stored(as: "\(prefix)average/\(tensor.name)"),
      ]
    }
  }

  /// Takes the matrices out of a file; nil when one is not there.
  fileprivate init?(_ stored: StoredMatrices, prefix: String, stepCount: Int) {
    guard let weights = stored.parameters(prefix: "\(prefix)weights/"),
      let first = stored.parameters(prefix: "\(prefix)first/"),
      let second = stored.parameters(prefix: "\(prefix)second/"),
      let average = stored.parameters(prefix: "\(prefix)average/")
    else { return nil }
    let tensors = weights.tensors.indices.map { index in
      TrainedTensor(
        name: weights.tensors[index].name, weights: weights.tensors[index].matrix,
        first: first.tensors[index].matrix, second: second.tensors[index].matrix,
        average: average.tensors[index].matrix)
    }
    self.init(tensors: tensors, stepCount: stepCount)
  }
}

extension Matrix {
  /// The matrix as it lies in a file.
  fileprivate func stored(as name: String) -> Safetensors.Tensor {
    Safetensors.Tensor(name: name, shape: [rowCount, columnCount], values: values)
  }
}

/// Writes a run's checkpoints.
struct CheckpointWriter: Sendable {
  private let settings: CheckpointOptions
  /// The options of the run.
  var options: TrainingOptions
  private let fingerprint: String
  private var lastWritten = ContinuousClock.now

  /// Makes a writer for a run.
  ///
  /// - Parameters:
  ///   - settings: where checkpoints lie, and how often they are written.
  ///   - options: of the run.
  ///   - fingerprint: of its clips.
  init(_ settings: CheckpointOptions, options: TrainingOptions, fingerprint: String) {
    self.settings = settings
    self.options = options
    self.fingerprint = fingerprint
  }

  /// Whether the last checkpoint is as old as it may be.
  var isDue: Bool {
    lastWritten.duration(to: .now) / .seconds(1) >= settings.secondsBetween
  }

  /// Writes a checkpoint.
  mutating func write(_ state: TrainingState) throws(CheckpointError) {
    lastWritten = .now
    settings.ageCheckpoints()
    try Checkpoint(options: options, fingerprint: fingerprint, state: state)
      .write(to: settings.path)
  }
}
