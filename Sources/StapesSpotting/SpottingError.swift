internal import StapesFiles
public import StapesRecognition

/// Why phrases cannot be spotted.
public enum SpottingError: Error, Equatable {
  /// The model, the sound or a list cannot be used.
  case recognition(RecognitionError)
  /// A grammar is wrong; line and column count from 1.
  case grammar(path: String, line: Int, column: Int, fault: String)
  /// No phrases were given, and the model brings none.
  case noPhrases
  /// Nothing of the phrases can be written by the model.
  case unwritablePhrases(String)
  /// A setting lies outside what is allowed.
  case settingOutOfRange(name: String, found: Double, allowed: ClosedRange<Double>)
  /// Live sound needs a network of one direction.
  case needsOneDirection
}

extension SpottingError: CustomStringConvertible {
  /// What is wrong, why, and what helps.
  public var description: String {
    switch self {
    case .recognition(let error): error.description
    case .grammar(let path, let line, let column, let fault):
      "\(path), line \(line), column \(column): \(fault)"
    case .noPhrases:
      "the model brings no phrases; give --phrases or --grammar, or a model of `stapes train "
        + "--task spot`"
    case .unwritablePhrases(let texts): texts
    case .settingOutOfRange(let name, let found, let allowed):
      "the \(name) is \(found); give \(allowed.lowerBound) to \(allowed.upperBound)"
    case .needsOneDirection:
      "the model is bidirectional, or normalises whole clips, so it cannot spot phrases in live "
        + "sound; give a unidirectional one, such as english-streaming"
    }
  }
}
