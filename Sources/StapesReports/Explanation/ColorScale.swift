/// Colours for shares from 0 to 1, as the pictures of a page have them.
enum ColorScale {
  /// Dark blue, green, yellow: equal steps look equal, also without colour vision.
  ///
  /// It joins eight of the colours of viridis (van der Walt and Smith 2015) by straight lines.
  static let palette: [[UInt8]] = {
    let colors: [[Double]] = [
      [68, 1, 84], [70, 50, 127], [54, 92, 141], [39, 127, 142], [31, 161, 135], [74, 194, 109],
      [160, 218, 57], [253, 231, 37],
    ]
    return (0..<256).map { index in
      let place = Double(index) / 255 * Double(colors.count - 1)
      let lower = min(Int(place), colors.count - 2)
      let share = place - Double(lower)
      return zip(colors[lower], colors[lower + 1]).map { a, b in
        UInt8((a + (b - a) * share).rounded())
      }
    }
  }()

  /// The number of the colour for a share; 0 for what is no number.
  static func index(_ share: Float) -> UInt8 {
    share.isNaN ? 0 : UInt8((min(max(share, 0), 1) * 255).rounded())
  }
}
