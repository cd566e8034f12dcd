internal import StapesAugmentation
internal import StapesFeatures
internal import StapesNetwork
internal import StapesScoring

/// One setting of a training with the value for it, as `--set` takes them:
/// `augmentation.masking.timeMaskCount=2`.
public struct TrainingSetting: Sendable, Equatable {
  /// The member of `TrainingOptions` in its JSON form, dotted.
  public let name: String
  /// The value as JSON; texts need no quotation marks.
  public let value: String

  /// Reads `name=value`.
  ///
  /// - Parameter text: the name, an equals sign and the value.
  /// - Returns: nil where there is no name or no equals sign.
  public init?(parsing text: String) {
    guard let equals = text.firstIndex(of: "="), equals > text.startIndex else { return nil }
    name = String(text[..<equals])
    value = String(text[text.index(after: equals)...])
  }
}

extension TrainingOptions {
  /// These options with settings replaced, all at once.
  ///
  /// Two groups of settings have values of their own: `features` is `log-mel` or `mfcc`, and
  /// `augmentation.masking` one of the policies of `Augmentation.Masking.Policy`.
  ///
  /// - Parameter settings: the settings; of two with one name the later counts.
  /// - Throws: as `applying(json:)`.
  public func applying(_ settings: [TrainingSetting]) throws(TrainingError) -> TrainingOptions {
    let before = try jsonValue
    var (options, patch) = (self, JSONValue.object([:]))
    for setting in settings where !options.setGroup(setting) {
      let isText = if case .string = before.member(at: setting.name) { true } else { false }
      let value = isText ? nil : JSONValue(parsing: setting.value)
      patch = patch.merging((value ?? .string(setting.value)).nested(at: setting.name))
    }
    return try options.applying(patch)
  }

  private mutating func setGroup(_ setting: TrainingSetting) -> Bool {
    switch (setting.name, setting.value) {
    case ("features", "log-mel"):
      features = FeatureConfiguration(sampleRate: features.sampleRate)
    case ("features", "mfcc"): features = .mfcc(sampleRate: features.sampleRate)
    case ("augmentation.masking", let name):
      guard let policy = Augmentation.Masking.Policy(rawValue: name) else { return false }
      augmentation.masking = Augmentation.Masking(policy)
    default: return false
    }
    return true
  }
}

/// What a user can know of a setting.
public struct TrainingSettingFacts: Codable, Sendable, Equatable {
  /// Its name, as `TrainingSetting.name`.
  public let name: String
  /// What it sets.
  public let summary: String
  /// Its value in some options, as JSON or plain text; empty for an optional one that is not set.
  public let value: String
  /// The values that it can have.
  public let allowed: String
}

extension TrainingOptions {
  /// All settings with their values here and what they can be.
  public var settings: [TrainingSettingFacts] {
    get throws(TrainingError) {
      let own = try jsonValue
      return TrainingSettingEntry.all.map { entry in
        let value = own.member(at: entry.name)
        return TrainingSettingFacts(
          name: entry.name, summary: entry.summary, value: value?.plainText ?? "",
          allowed: entry.allowed ?? allowed(entry.name, value))
      }
    }
  }

  /// The names of all settings.
  public static var settingNames: [String] { TrainingSettingEntry.all.map(\.name) }

  /// The range of a number, as `validate()` gives it when the number is far out of it.
  private func allowed(_ name: String, _ value: JSONValue?) -> String {
    let far = JSONValue.integer(1_000_000_007)
    func plain(_ range: String) -> String {
      String("\(range) ".replacing(".0 ", with: " ").dropLast())
    }
    func range(of value: JSONValue) -> String {
      do throws(TrainingError) {
        _ = try applying(value.nested(at: name))
      } catch {
        switch error {
        case .settingOutOfRange(_, _, let allowed),
          .augmentation(.settingOutOfRange(_, _, let allowed)):
          return plain(allowed)
        case .features(.outOfRange(_, _, let allowed)):
          return plain("\(allowed.lowerBound) to \(allowed.upperBound)")
        case .network(.settingOutOfRange(_, _, let allowed)): return allowed
        default: break
        }
      }
      return "a number"
    }
    switch value {
    case .bool: return "true or false"
    case .integer, .large, .number: return range(of: far)
    case .array: return "[from, to], each \(range(of: .array([far, far])))"
    default: return "text"
    }
  }

  /// The settings whose names are most like a name that does not exist, the most similar first.
  static func names(like name: String) -> [String] {
    func distance(_ a: some StringProtocol, _ b: some StringProtocol) -> Int {
      EditCounts(reference: Array(a.lowercased()), hypothesis: Array(b.lowercased())).errors
    }
    func last(_ name: String) -> Substring { name.split(separator: ".").last ?? "" }
    let ranked = TrainingSettingEntry.all.map { entry in
      (min(distance(name, entry.name), distance(last(name), last(entry.name))), entry.name)
    }
    return ranked.sorted(by: <).prefix(3).map(\.1)
  }
}
