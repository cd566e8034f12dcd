/// Where the outputs for a tree of files go: to the same tree, under the same names with other
/// endings.
///
/// Files that differ only in their ending (`a.wav`, `a.flac`) keep it (`a.wav.txt`,
/// `a.flac.txt`), so that no two outputs have one name; where even that is taken, a number is
/// added. All outputs of a file differ in their ending alone.
package struct OutputNames {
  /// The outputs of each file, one for each ending.
  package let paths: [[String]]
  /// Whether the file's own ending was kept.
  package let isRenamed: [Bool]

  /// Chooses the names.
  ///
  /// - Parameters:
  ///   - files: paths.
  ///   - endings: the different endings of the outputs of each file, without the dot.
  ///   - reserved: paths that no output may have.
  package init(of files: [String], endings: [String], reserved: Set<String> = []) {
    func outputs(_ stem: String) -> [String] { endings.map { "\(stem).\($0)" } }
    let plain = files.map { outputs($0.withoutPathExtension) }
    let uses = Dictionary(grouping: plain.joined(), by: \.byteName).mapValues(\.count)
    let reserved = Set(reserved.map(\.byteName))
    let isRenamed = plain.map { names in
      names.contains { uses[$0.byteName, default: 0] > 1 || reserved.contains($0.byteName) }
    }
    let kept = zip(plain, isRenamed).filter { !$0.1 }.flatMap(\.0)
    var taken = reserved.union(kept.map(\.byteName))
    paths = zip(files, zip(plain, isRenamed)).map { file, choice in
      guard choice.1 else { return choice.0 }
      var names = outputs(file)
      var number = 2
      while !taken.isDisjoint(with: names.map(\.byteName)) {
        names = outputs("\(file).\(number)")
        number += 1
      }
      taken.formUnion(names.map(\.byteName))
      return names
    }
    self.isRenamed = isRenamed
  }
}
