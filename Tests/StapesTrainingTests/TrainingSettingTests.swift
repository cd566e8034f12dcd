import Foundation
import StapesAugmentation
import StapesFeatures
import StapesTraining
import Testing

/// Settings of training by name.
@Suite struct TrainingSettingTests {
  @Test(arguments: [
    (
      "augmentation.masking.timeMaskCount=2",
      #"{"augmentation": {"masking": {"timeMaskCount": 2}}}"#
    ),
    ("augmentation.speed=[0.8, 1.2]", #"{"augmentation": {"speed": [0.8, 1.2]}}"#),
    ("isBidirectional=false", #"{"isBidirectional": false}"#),
    ("summary=42", #"{"summary": "42"}"#), ("licence=a = b", #"{"licence": "a = b"}"#),
    ("network=stack 3, 8 gru", #"{"network": "stack 3, 8 gru"}"#),
    ("fineTuning.frozen=2", #"{"fineTuning": {"frozen": "2"}}"#),
    ("text.language=tr", #"{"text": {"language": "tr"}}"#),
    (
      "features.deltas={\"order\": 1, \"window\": 2}",
      #"{"features": {"deltas": {"order": 1, "window": 2}}}"#
    ),
  ])
  func `a setting by name is a member of the JSON`(text: String, json: String) throws {
    let setting = try #require(TrainingSetting(parsing: text))
    let options = try TrainingOptions().applying([setting])
    #expect(try options == TrainingOptions().applying(json: json))
    #expect(options != TrainingOptions())
  }

  @Test func `settings are laid over the options together, the later over the earlier`() throws {
    let settings = ["stackCount=5", "stride=5", "stride=4"].compactMap(TrainingSetting.init)
    let options = try TrainingOptions().applying(settings)
    #expect(options.stackCount == 5 && options.stride == 4)
  }

  @Test func `groups of settings have names for all of their values`() throws {
    let settings = ["features=mfcc", "augmentation.masking=ld"].compactMap(TrainingSetting.init)
    let options = try TrainingOptions().applying(settings)
    #expect(options.features == .mfcc(sampleRate: 16_000))
    #expect(options.augmentation.masking == Augmentation.Masking(.libriSpeechDouble))
    let back = try options.applying([try #require(TrainingSetting(parsing: "features=log-mel"))])
    #expect(back.features == FeatureConfiguration(sampleRate: 16_000))
  }

  @Test(arguments: [
    ("timeMaskCount=2", "augmentation.masking.timeMaskCount"), ("learningrate=1", "learningRate."),
    ("augmentation.masks=ld", "augmentation.masking"), ("batchSecond=1", "batchSeconds"),
  ])
  func `a setting that does not exist is answered with similar ones`(text: String, part: String)
    throws
  {
    let setting = try #require(TrainingSetting(parsing: text))
    let error = #expect(throws: TrainingError.self) { try TrainingOptions().applying([setting]) }
    #expect(error == .unknownOption(path: setting.name))
    #expect(error?.description.contains(part) == true, "\(String(describing: error))")
  }

  /// Every member of the options is listed, and what is listed as the range is allowed.
  @Test func `the list of settings is complete and true`() throws {
    let facts = try TrainingOptions().settings
    let names = Set(facts.map(\.name))
    #expect(names.count == facts.count)
    let object = try JSONSerialization.jsonObject(with: Data(TrainingOptions().json.utf8))
    func leaves(of value: Any, at path: String) -> [String] {
      guard let members = value as? [String: Any] else { return [path] }
      return members.flatMap { leaves(of: $1, at: path.isEmpty ? $0 : "\(path).\($0)") }
    }
    #expect(Set(leaves(of: object, at: "")).subtracting(names).isEmpty)
    for fact in facts {
      let bounds = fact.allowed.components(separatedBy: " to ")
      guard bounds.count == 2, let lowest = Double(bounds[0]), let highest = Double(bounds[1])
      else {
        continue
      }
      func error(at value: Double) -> TrainingError? {
        let text = value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
        guard let setting = TrainingSetting(parsing: "\(fact.name)=\(text)") else { return nil }
        do throws(TrainingError) {
          _ = try TrainingOptions().applying([setting])
          return nil
        } catch {
          return error
        }
      }
      #expect(error(at: highest + 1) != nil, "\(fact.name)")
      #expect(error(at: lowest - 1) != nil, "\(fact.name)")
      #expect(error(at: lowest)?.description.contains(fact.allowed) != true, "\(fact.name)")
    }
  }
}
