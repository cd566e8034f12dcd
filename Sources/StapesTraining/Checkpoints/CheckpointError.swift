public import StapesFiles
internal import StapesRecipe

/// Why a run cannot go on from a checkpoint, or cannot write one.
public enum CheckpointError: Error, Equatable {
  /// The file cannot be read or written; where it cannot be written, the one before it is still
  /// there.
  case file(FileError)
  /// The file is no checkpoint, or one of another version of Stapes, or was altered.
  case unusable(path: String)
  /// A run that should begin anew would write over a checkpoint.
  case present(path: String)
  /// An option has another value; values are written as JSON.
  case otherOption(path: String, option: String, here: String, there: String)
  /// The clips, their texts or the model that was trained on are not those of the checkpoint.
  case otherClips(path: String)
}

extension CheckpointError: CustomStringConvertible {
  /// The file, the cause and the remedy in one sentence.
  public var description: String {
    switch self {
    case .file(let error) where error.operation == .read:
      "\(error.problem); omit --resume to start again"
    case .file(let error): "\(error.problem); the training continues without it"
    case .unusable(let path):
      """
      \(path): it is not a checkpoint of this version of Stapes, or is damaged; delete it and omit \
      --resume to start again
      """
    case .present(let path):
      """
      \(path): an interrupted training left this checkpoint; continue it with --resume, or start \
      again with --overwrite
      """
    case .otherOption(let path, let option, let here, let there):
      """
      \(path): the checkpoint has “\(option)” \(there), not \(here); give the same options as \
      before, or delete it to start again
      """
    case .otherClips(let path):
      """
      \(path): the checkpoint is of other clips or texts; give the same as before, or delete it to \
      start again
      """
    }
  }
}
