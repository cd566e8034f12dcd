internal import Foundation

/// A folder of labelled clips: links to those of the Free Spoken Digit Dataset where there is one,
/// else to the clips that come with the project, each as often as it takes.
struct ClipFolder {
  /// Where the links lie.
  var path: String { folder.path }

  private let folder: TemporaryFolder

  /// Links to clips, chosen evenly over their names.
  init(count: Int) throws {
    folder = try TemporaryFolder()
    let source = Self.source
    let names = try FileManager.default.contentsOfDirectory(atPath: source).sorted()
    let clips = names.filter { $0.hasSuffix(".wav") }
    for index in 0..<count {
      let clip = clips[clips.count > count ? index * clips.count / count : index % clips.count]
      let copy = index / max(clips.count, 1)
      let stem = clip.dropLast(4)
      for name in [clip, stem + ".txt"] where names.contains(name) {
        try FileManager.default.createSymbolicLink(
          atPath: path + "/" + (copy == 0 ? name : "\(copy)-\(name)"),
          withDestinationPath: source + "/" + name)
      }
    }
  }

  /// Removes the links.
  func remove() {
    folder.remove()
  }

  private static var source: String {
    if let data = ProcessInfo.processInfo.environment["STAPES_DATA"] {
      let digits = data + "/fsdd"
      if FileManager.default.fileExists(atPath: digits) { return digits }
    }
    return projectFolder + "/Fixtures/clips/digits"
  }
}

/// The folder that holds the project, scripts and fixtures among it.
let projectFolder = #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3)
  .joined(separator: "/")
