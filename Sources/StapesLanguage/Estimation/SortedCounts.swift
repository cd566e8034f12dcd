/// Numbers that are counted and come back in order, however many there are: sorted runs that do not
/// fit into memory go to a temporary file and are merged.
struct SortedCounts: ~Copyable {
  /// A number and how often it was added.
  private struct Entry {
    var high: UInt64
    var low: UInt64
    var count: UInt64

    var key: UInt128 { UInt128(_low: low, _high: high) }

    func precedes(_ other: Entry) -> Bool { (high, low) < (other.high, other.low) }
  }

  /// The bytes that an entry takes.
  static let entrySize = MemoryLayout<Entry>.size

  /// How many entries are in memory at most.
  private let capacity: Int
  private var entries: [Entry] = []
  private var runs: [Range<Int>] = []
  private var file: SpillFile?

  /// Starts with nothing.
  ///
  /// - Parameter memory: how many bytes the entries may take; a sort takes half as much besides.
  init(memory: Int) {
    capacity = max(1 << 10, memory / Self.entrySize)
  }

  /// Adds a number so many times.
  ///
  /// - Throws: `LanguageError.file`.
  mutating func add(_ key: UInt128, count: UInt64) throws(LanguageError) {
    if entries.count == capacity {
      sortEntries()
      // Text repeats itself: as a rule much is free again.
      if entries.count > capacity / 4 * 3 { try spill() }
    }
    entries.append(Entry(high: key._high, low: key._low, count: count))
  }

  /// Visits all numbers in ascending order, each once, with how often it was added.
  ///
  /// - Throws: `LanguageError.file`, and what the body throws.
  consuming func forEach(
    _ body: (_ key: UInt128, _ count: UInt64) throws(LanguageError) -> Void
  ) throws(LanguageError) {
    sortEntries()
    guard file != nil else {
      for entry in entries { try body(entry.key, entry.count) }
      return
    }
    try spill()
    entries = []
    try merge(body)
  }

  /// Sorts the entries in memory and makes one of those with the same number.
  private mutating func sortEntries() {
    entries.sort { $0.precedes($1) }
    var last = -1
    for index in entries.indices {
      if last >= 0, entries[last].key == entries[index].key {
        entries[last].count += entries[index].count
      } else {
        last += 1
        entries[last] = entries[index]
      }
    }
    entries.removeLast(entries.count - last - 1)
  }

  private mutating func spill() throws(LanguageError) {
    if file == nil { file = try SpillFile() }
    let blockLength = 1 << 14
    let first = runs.last?.upperBound ?? 0
    for start in stride(from: 0, to: entries.count, by: blockLength) {
      let block = entries[start..<min(start + blockLength, entries.count)]
      try file?.append(block.flatMap { [$0.high, $0.low, $0.count] })
    }
    runs.append(first..<first + entries.count)
    entries.removeAll(keepingCapacity: true)
  }

  private mutating func merge(
    _ body: (_ key: UInt128, _ count: UInt64) throws(LanguageError) -> Void
  ) throws(LanguageError) {
    var cursors: [RunCursor] = []
    for run in runs where !run.isEmpty { cursors.append(RunCursor(run: run)) }
    var heap: [(entry: Entry, run: Int)] = []
    for run in cursors.indices {
      if let entry = try next(&cursors[run]) { push((entry, run), onto: &heap) }
    }
    var current: Entry?
    while let first = heap.first {
      if let sum = current, sum.key == first.entry.key {
        current?.count += first.entry.count
      } else {
        if let done = current { try body(done.key, done.count) }
        current = first.entry
      }
      if let entry = try next(&cursors[first.run]) {
        heap[0] = (entry, first.run)
      } else {
        heap[0] = heap[heap.count - 1]
        heap.removeLast()
      }
      sink(in: &heap)
    }
    if let done = current { try body(done.key, done.count) }
  }

  private mutating func next(_ cursor: inout RunCursor) throws(LanguageError) -> Entry? {
    if cursor.position == cursor.block.count {
      guard !cursor.run.isEmpty else { return nil }
      let count = min(1 << 13, cursor.run.count)
      cursor.block = try file?.read(3 * cursor.run.lowerBound, count: 3 * count) ?? []
      cursor.run = cursor.run.dropFirst(count)
      cursor.position = 0
    }
    defer { cursor.position += 3 }
    return Entry(
      high: cursor.block[cursor.position], low: cursor.block[cursor.position + 1],
      count: cursor.block[cursor.position + 2])
  }

  private func push(_ item: (entry: Entry, run: Int), onto heap: inout [(entry: Entry, run: Int)]) {
    heap.append(item)
    var child = heap.count - 1
    while child > 0, heap[child].entry.precedes(heap[(child - 1) / 2].entry) {
      heap.swapAt(child, (child - 1) / 2)
      child = (child - 1) / 2
    }
  }

  /// Brings the first item of the heap to its place.
  private func sink(in heap: inout [(entry: Entry, run: Int)]) {
    var parent = 0
    while 2 * parent + 1 < heap.count {
      var child = 2 * parent + 1
      if child + 1 < heap.count, heap[child + 1].entry.precedes(heap[child].entry) { child += 1 }
      guard heap[child].entry.precedes(heap[parent].entry) else { return }
      heap.swapAt(child, parent)
      parent = child
    }
  }
}

/// How far a sorted run has been read.
private struct RunCursor {
  /// The entries that are still on the disk.
  var run: Range<Int>
  var block: [UInt64] = []
  var position = 0
}
