import StapesKernels
import Testing

@Suite struct RowQueueTests {
  @Test func `rows keep their positions in the stream, whatever is discarded`() {
    var generator = SplitMix64(seed: 2)
    var (queue, count, kept) = (RowQueue(columnCount: 1), 0, 0)
    for _ in 0..<200 {
      let added = Int.random(in: 0...4, using: &generator)
      let rows = (count..<count + added).map { Float($0) }
      queue.append(Matrix(rowCount: added, columnCount: 1, values: rows))
      count += added
      let position = Int.random(in: -2...count + 2, using: &generator)
      queue.discard(before: position)
      kept = min(max(kept, position), count)
      #expect(queue.start == kept && queue.end == count)
      #expect(queue.rows.values == (kept..<count).map { Float($0) })
    }
    #expect(kept > 100, "something was discarded")
  }

  @Test func `a matrix without rows may have any columns`() {
    var queue = RowQueue(columnCount: 3)
    queue.append(Matrix(rowCount: 0, columnCount: 7))
    #expect(queue.end == 0 && queue.rows.columnCount == 3)
  }
}
