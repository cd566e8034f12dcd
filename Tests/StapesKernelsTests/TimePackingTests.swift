import StapesKernels
import Testing

@Suite struct TimePackingTests {
  @Test func everyFrameHasOneRowAndNoRowIsPadding() {
    for lengths in [[], [0], [3], [2, 5, 5, 0, 1], [1, 1, 1], [4, 3, 2, 1]] {
      let packing = TimePacking(lengths: lengths)
      #expect(packing.rowCount == lengths.reduce(0, +))
      #expect(packing.stepCount == lengths.max() ?? 0)
      for step in 0..<packing.stepCount {
        let running = packing.order.prefix(packing.rowCount(ofStep: step))
        #expect(Set(running) == Set(lengths.indices.filter { lengths[$0] > step }))
      }
    }
  }

  @Test func equalLengthsKeepTheirOrder() {
    #expect(TimePacking(lengths: [2, 3, 2, 3]).order == [1, 3, 0, 2])
  }
}
