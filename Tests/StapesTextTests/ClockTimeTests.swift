import StapesText
import Testing

@Suite struct ClockTimeTests {
  @Test func durationsAreThoseOfAClock() {
    #expect(clockTime(0) == "0:00" && clockTime(-3) == "0:00")
    #expect(clockTime(245.4) == "4:05")
    #expect(clockTime(3723) == "1:02:03")
  }

  /// A training that goes on where only a validation is left does not know how long it will take.
  @Test(arguments: [Double.infinity, .nan, 1e300]) func whatIsNotKnownIsNoTime(seconds: Double) {
    #expect(clockTime(seconds) == "?:??")
  }
}
