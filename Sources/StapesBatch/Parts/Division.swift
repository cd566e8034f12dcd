internal import StapesAudio
internal import StapesFiles

/// Which part of a batch each file is in, so that all parts have about as much sound.
///
/// Every part computes it by itself, from the names, sizes and headers of all files, and finds the
/// same. From the longest on, each file goes to the part that has least so far (LPT, Graham 1969);
/// the largest part then has at most the mean and one file more.
package struct Division: Equatable {
  /// The part of each file, from 0.
  package let parts: [Int]
  /// How much each part has, in milliseconds.
  package let loads: [Int]

  /// Divides files.
  ///
  /// - Parameters:
  ///   - lengths: how much work each file is, in milliseconds; of two with the same, the first goes
  ///     first.
  ///   - count: the number of parts, at least 1.
  package init(lengths: [Int], among count: Int) {
    var parts = [Int](repeating: 0, count: lengths.count)
    var heap = LoadHeap(count: count)
    let order = lengths.indices.sorted { (lengths[$1], $0) < (lengths[$0], $1) }
    for index in order { parts[index] = heap.addToLeast(lengths[index]) }
    (self.parts, loads) = (parts, heap.loads)
  }

  /// Divides the files of a batch.
  ///
  /// - Parameters:
  ///   - tree: all of them.
  ///   - count: the number of parts.
  ///   - rawFormat: what files without a header hold.
  ///   - mostHeaders: of how many files about the header is read, at least 1; of the others the size
  ///     counts, at the rate of the file before that has the same ending.
  init(
    of tree: SoundTree, among count: Int, rawFormat: RawFormat?, mostHeaders: Int = 10_000
  ) {
    let step = max(1, (tree.files.count + mostHeaders - 1) / mostHeaders)
    var rates: [String: (bytesPerSecond: Double, count: Int)] = [:]
    var lengths: [Int?] = []
    lengths.reserveCapacity(tree.files.count)
    for file in tree.files {
      guard file.address == nil else {
        lengths.append(nil)
        continue
      }
      let node = FileNode(at: file.path, followsLinks: true)
      guard let node, node.kind == .file else {
        lengths.append(Self.opening)
        continue
      }
      let ending = file.name.pathExtension
      // 64,000 bits a second, where the header does not tell.
      var rate = rates[ending] ?? (8_000, 0)
      if rate.count % step == 0, node.size > 0,
        let seconds = AudioProperties.statedSeconds(ofFileAt: file.path, rawFormat: rawFormat)
      {
        rate.bytesPerSecond = Double(node.size) / seconds
      }
      rate.count += 1
      rates[ending] = rate
      lengths.append(Self.opening + Int(1000 * Double(node.size) / rate.bytesPerSecond))
    }
    // What lies on a server counts as the mean of what is here.
    let known = lengths.compactMap(\.self)
    let mean = known.isEmpty ? Self.opening : known.reduce(0, +) / known.count
    self.init(lengths: lengths.map { $0 ?? mean }, among: count)
  }

  /// What any file costs, however short it is, so that many empty ones are shared out too.
  private static let opening = 100

  /// A number by which parts see whether they have divided the same files.
  func signature(of tree: SoundTree) -> UInt64 {
    var hash = ContentHash()
    for (file, part) in zip(tree.files, parts) {
      hash.add(file.name)
      hash.add("\(part)")
    }
    return hash.value
  }
}

/// The parts of a batch, of which the one that has least is at hand.
private struct LoadHeap {
  private(set) var loads: [Int]
  /// The parts, each before those at twice its place and one or two further (a binary heap).
  private var heap: [Int]

  init(count: Int) { (loads, heap) = (Array(repeating: 0, count: count), Array(0..<count)) }

  /// Adds to the part that has least, the first of several.
  ///
  /// - Returns: the part.
  mutating func addToLeast(_ load: Int) -> Int {
    let part = heap[0]
    loads[part] += load
    var place = 0
    while true {
      let children = [2 * place + 1, 2 * place + 2].filter { $0 < heap.count }
      guard let least = children.min(by: { isBefore(heap[$0], heap[$1]) }),
        isBefore(heap[least], heap[place])
      else { return part }
      heap.swapAt(least, place)
      place = least
    }
  }

  private func isBefore(_ a: Int, _ b: Int) -> Bool { (loads[a], a) < (loads[b], b) }
}
