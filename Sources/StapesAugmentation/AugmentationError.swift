internal import StapesText

/// What can keep clips from being varied.
public enum AugmentationError: Error, Equatable {
  /// A setting lies outside what is allowed.
  case settingOutOfRange(name: String, found: String, allowed: String)
  /// A folder of sounds to vary clips with has none that can be read.
  case noSounds(folder: String)
}

extension AugmentationError: SettingError {}

extension AugmentationError: CustomStringConvertible {
  /// What is wrong, why, and what helps.
  public var description: String {
    switch self {
    case .settingOutOfRange(let name, let found, let allowed):
      "the \(name) is \(found); give \(allowed)"
    case .noSounds(let folder):
      "\(folder): it contains no readable sound file; give a folder with WAV, FLAC or Ogg files"
    }
  }
}
