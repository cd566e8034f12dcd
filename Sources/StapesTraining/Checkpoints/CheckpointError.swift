/// Why a run cannot go on from a checkpoint, or cannot write one.
public enum CheckpointError: Error, Equatable {
  /// The file cannot be opened or read; `reason` is the system's.
  case unreadable(path: String, reason: String)
  /// The file cannot be written; `reason` is the system's. The one before it is still there.
  case unwritable(path: String, reason: String)
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
    case .unreadable(let path, let reason):
      "\(path): the checkpoint cannot be read: \(reason); leave out --resume to begin anew"
    case .unwritable(let path, let reason):
      "\(path): the checkpoint cannot be written: \(reason); the training goes on without it"
    case .unusable(let path):
      """
      \(path): not a checkpoint of this version of Stapes, or damaged; delete it and leave out \
      --resume to begin anew
      """
    case .present(let path):
      """
      \(path): a checkpoint of a training that was not ended; go on with it by --resume, or begin \
      anew by --overwrite
      """
    case .otherOption(let path, let option, let here, let there):
      """
      \(path): the checkpoint has “\(option)” \(there), not \(here); give the same options as \
      before, or delete it to begin anew
      """
    case .otherClips(let path):
      """
      \(path): the checkpoint is of other clips or texts; give the same as before, or delete it to \
      begin anew
      """
    }
  }
}
