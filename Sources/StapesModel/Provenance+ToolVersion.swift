extension Provenance {
  /// The version of Stapes that this code is.
  public static let currentToolVersion = "0.1.0"
}
