public import ArgumentParser
public import Stapes

/// Any setting of a training by name, for those that have no flag of their own.
struct SettingOptions: ParsableArguments {
  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      """
      Set one setting by name, such as augmentation.masking.timeMaskCount=2; may be repeated. \
      `stapes train --list-settings` lists all settings with their defaults and ranges.
      """, valueName: "name=value"),
    completion: .list(TrainingOptions.settingNames.map { $0 + "=" }))
  var given: [TrainingSetting] = []

  /// The settings given that describe a network of equal LSTM layers.
  var shapes: [String] {
    let names = ["stackCount", "stride", "layerCount", "hiddenSize", "isBidirectional", "dropout"]
    return given.map(\.name).filter(names.contains)
  }

  /// Whether a setting is given.
  func names(_ name: String) -> Bool { given.contains { $0.name == name } }

  /// The options with what is set; frames are stacked as far apart as the outputs are.
  func apply(to options: TrainingOptions) throws -> TrainingOptions {
    var options = options
    let stride = given.last { $0.name == "stride" }.flatMap { Int($0.value) }
    if let stride, !names("stackCount") { options.stackCount = max(options.stackCount, stride) }
    return try options.applying(given)
  }

  /// All settings as a table of name, value, range and meaning.
  ///
  /// - Parameter options: the options whose values are shown.
  static func table(of options: TrainingOptions) throws -> String {
    try options.settings.map { facts in
      [facts.name, facts.value, facts.allowed, facts.summary].joined(separator: "\t") + "\n"
    }.joined()
  }
}

extension TrainingSetting: ExpressibleByArgument {
  /// Reads `name=value`.
  public init?(argument: String) { self.init(parsing: argument) }
}
