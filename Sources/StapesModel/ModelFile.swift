internal import FoundationEssentials
internal import StapesFiles

/// Reading and writing of model files.
enum ModelFile {
  private static let role = "model"

  /// Reads a model from its file.
  ///
  /// - Throws: `ModelError.file`, or `.refused` with the fault that `parse` finds.
  static func read<Model>(
    _ path: String, _ parse: (Span<UInt8>) throws(ModelFault) -> Model
  ) throws(ModelError) -> Model {
    let data = try rethrowing(FileSystem.read(path, role: role), as: ModelError.file)
    return try rethrowing(parse(data.span), as: { ModelError.refused(path: path, fault: $0) })
  }

  /// Writes a model's bytes to a file, or leaves it as it was.
  ///
  /// - Throws: `ModelError.file`.
  static func write(
    _ bytes: [UInt8], to path: String, known: FileNode? = nil
  ) throws(ModelError) {
    try rethrowing(
      FileSystem.write(bytes, to: path, role: role, known: known), as: ModelError.file)
  }
}
