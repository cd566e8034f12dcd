/// How weights are stored.
///
/// Products expand them and add up in 32-bit floats in every case.
public enum WeightPrecision: String, Sendable, Codable, CaseIterable {
  /// 32-bit floats, as training makes them.
  case float32
  /// The upper halves of 32-bit floats, rounded to nearest even: 8 significant bits.
  case bfloat16 = "bf16"
  /// Integers in -127...127 with one scale for each row of the matrix.
  case int8
}
