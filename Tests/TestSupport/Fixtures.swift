internal import FoundationEssentials

/// The path of a file or folder in the repository's `Fixtures` folder.
public func fixturePath(_ relativePath: String) -> String {
  let packageRoot = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
  return packageRoot.joined(separator: "/") + "/Fixtures/" + relativePath
}

/// The golden values of a JSON file in `Fixtures/golden`, given without its ending.
public func goldenValues<Values: Decodable>(_ name: String) throws -> Values {
  let path = fixturePath("golden/\(name).json")
  return try JSONDecoder().decode(Values.self, from: Data(contentsOf: URL(filePath: path)))
}

/// The folder of real clips that some tests use, as the environment's `STAPES_DATA` names it; nil
/// where there is none, and those tests are skipped.
public let speechDataPath: String? = ProcessInfo.processInfo.environment["STAPES_DATA"]

/// Runs the body with the path of a new, empty folder, and removes the folder afterwards.
public func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let path = try makeTemporaryFolder()
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try body(path)
}

/// Runs the body with the path of a new, empty folder, and removes the folder afterwards.
public func withTemporaryFolder<Result>(
  _ body: (String) async throws -> Result
) async throws -> Result {
  let path = try makeTemporaryFolder()
  defer { try? FileManager.default.removeItem(atPath: path) }
  return try await body(path)
}

private func makeTemporaryFolder() throws -> String {
  let name = "stapes-tests-" + UUID().uuidString
  let path = FileManager.default.temporaryDirectory.appending(path: name).path(
    percentEncoded: false)
  try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  return path
}
