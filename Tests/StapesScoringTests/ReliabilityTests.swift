import StapesScoring
import Testing

@Suite struct ReliabilityTests {
  @Test func `counts bins by hand`() {
    let reliability = Reliability(
      of: [(0.05, false), (0.15, true), (0.19, false), (0.95, true), (1, true), (1, false)])
    #expect(reliability.count == 6)
    #expect(reliability.bins.map(\.count) == [1, 2, 0, 0, 0, 0, 0, 0, 0, 3])
    #expect(reliability.bins[1].rightShare == 0.5)
    #expect(abs(reliability.bins[1].meanConfidence - 0.17) < 1e-12)
    // |0.05 - 0| + |0.34 - 1| + |2.95 - 2|, of six.
    #expect(abs(reliability.expectedCalibrationError - (0.05 + 0.66 + 0.95) / 6) < 1e-12)
  }

  @Test func `nothing has no error`() {
    let reliability = Reliability(of: [])
    #expect(reliability.count == 0 && reliability.bins.count == 10)
    #expect(reliability.expectedCalibrationError == 0)
  }
}
