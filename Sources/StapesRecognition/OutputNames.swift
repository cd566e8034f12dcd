/// Where the outputs for a tree of files go: to the same tree, under the same names with another
/// ending.
///
/// Files that differ only in their ending (`a.wav`, `a.flac`) keep it (`a.wav.txt`,
/// `a.flac.txt`), so that no two outputs have one name; where even that is taken, a number is
/// added.
struct OutputNames {
  /// The outputs, one for each file.
  let paths: [String]
  /// Whether the file's own ending was kept.
  let isRenamed: [Bool]

  /// Chooses the names.
  ///
  /// - Parameters:
  ///   - files: different paths.
  ///   - extension: the ending of the outputs, without the dot.
  ///   - reserved: paths that no output may have.
  init(of files: [String], extension ending: String, reserved: Set<String>) {
    let plain = files.map { "\($0.withoutPathExtension).\(ending)" }
    let uses = Dictionary(grouping: plain, by: \.self).mapValues(\.count)
    isRenamed = plain.map { uses[$0, default: 0] > 1 || reserved.contains($0) }
    var taken = reserved.union(zip(plain, isRenamed).filter { !$0.1 }.map(\.0))
    paths = zip(files, zip(plain, isRenamed)).map { file, choice in
      guard choice.1 else { return choice.0 }
      var path = "\(file).\(ending)"
      var number = 2
      while !taken.insert(path).inserted {
        path = "\(file).\(number).\(ending)"
        number += 1
      }
      return path
    }
  }
}
