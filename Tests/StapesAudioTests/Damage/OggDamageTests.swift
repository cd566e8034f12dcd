import CSndFile
import StapesAudio
import TestSupport
import Testing

/// Ogg with damaged or missing pages: what lies behind them is read, at its time.
@Suite struct OggDamageTests {
  static let formats = [
    SoundFormat(name: "Ogg Vorbis", code: SF_FORMAT_OGG | SF_FORMAT_VORBIS),
    SoundFormat(name: "Ogg Opus", code: SF_FORMAT_OGG | SF_FORMAT_OPUS),
  ]

  /// What happens to a page.
  enum Damage: CaseIterable {
    case overwritten, shortened, withoutHeader, missing

    func apply(to file: inout [UInt8], _ page: Range<Int>) {
      let middle = (page.lowerBound + page.upperBound) / 2
      switch self {
      case .overwritten: Self.overwrite(middle..<min(middle + 500, file.count), of: &file)
      case .shortened: file.removeSubrange(middle..<min(middle + 3_000, file.count))
      case .withoutHeader: Self.overwrite(page.lowerBound..<page.lowerBound + 40, of: &file)
      case .missing: file.removeSubrange(page)
      }
    }

    private static func overwrite(_ range: Range<Int>, of file: inout [UInt8]) {
      for index in range { file[index] = UInt8(truncatingIfNeeded: index &* index &+ 7) & 0x7F }
    }
  }

  private let rate = 16_000

  /// Eight seconds of a tone that becomes louder and softer, with some noise.
  private func encoded(_ format: SoundFormat) throws -> (file: [UInt8], samples: [Float]) {
    var state: UInt32 = 1
    let samples = sine(440, sampleRate: rate, count: 8 * rate).enumerated().map { index, value in
      state = state &* 1_664_525 &+ 1_013_904_223
      let noise = Float(state >> 8) / Float(1 << 24) - 0.5
      return value * (index / 4_000 % 2 == 0 ? 1 : 0.5) + noise * 0.02
    }
    return try withTemporaryFolder { folder in
      let path = "\(folder)/whole"
      try encode(samples, sampleRate: rate, as: format.code, to: path)
      return (try contents(of: path), try AudioClip(contentsOf: path).samples)
    }
  }

  /// Where the pages lie; the first two hold no sound.
  private func pages(of file: [UInt8]) -> [Range<Int>] {
    var pages: [Range<Int>] = []
    var position = 0
    while position + 27 < file.count {
      let content = position + 27 + Int(file[position + 26])
      let end = content + file[position + 27..<content].reduce(0) { $0 + Int($1) }
      pages.append(position..<end)
      position = end
    }
    return pages
  }

  /// Expects the whole sound, but for silence where one stretch is missing.
  private func expectRest(
    _ clip: AudioClip, _ whole: [Float], _ path: String, in stretch: ClosedRange<Double>,
    atMost longest: Double, tail: Int? = nil
  ) {
    #expect(abs(clip.samples.count - whole.count) <= 1)
    guard case .damaged(path, 1, let offset, let seconds)? = clip.warnings.first else {
      Issue.record("\(clip.warnings)")
      return
    }
    #expect(clip.warnings.count == 1)
    #expect(stretch.contains(offset) && (0.5...longest).contains(seconds))
    let start = Int((offset * Double(rate)).rounded())
    let end = start + Int((seconds * Double(rate)).rounded())
    #expect(largestDifference(Array(clip.samples[..<start]), Array(whole[..<start])) < 1e-4)
    #expect(clip.samples[start..<end].allSatisfy { $0 == 0 })
    // A decoder needs some time to become the same as one that read what was before.
    let rest = tail ?? whole.count - end - 4_000
    guard rest > 0 else { return }
    #expect(
      rootMeanSquareDifference(
        Array(clip.samples.suffix(rest)), Array(whole.suffix(rest))) < 1e-3)
  }

  @Test(arguments: formats, Damage.allCases) func pageInTheMiddle(
    format: SoundFormat, damage: Damage
  ) throws {
    let (file, whole) = try encoded(format)
    let pages = pages(of: file)
    try #require(pages.count > 8)
    for index in [3, pages.count / 2, pages.count - 4] {
      var damaged = file
      damage.apply(to: &damaged, pages[index])
      try withFile(damaged) { path in
        expectRest(
          try AudioClip(contentsOf: path), whole, path, in: 0.5...6,
          atMost: damage == .shortened ? 2.1 : 1.1)
      }
    }
  }

  @Test(arguments: formats) func firstPageOfSound(format: SoundFormat) throws {
    let (file, whole) = try encoded(format)
    let first = pages(of: file)[2]
    for damage in [Damage.overwritten, .shortened, .withoutHeader] {
      var damaged = file
      damage.apply(to: &damaged, first)
      try withFile(damaged) { path in
        expectRest(try AudioClip(contentsOf: path), whole, path, in: 0...0, atMost: 2.1)
      }
    }
    // A stream that was joined while it was sent is not missing anything.
    var joined = file
    joined.removeSubrange(first)
    try withFile(joined) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect((0.8...1.1).contains(8 - clip.duration))
      #expect(clip.warnings == [])
      let (end, wholeEnd) = (clip.samples.suffix(90_000), whole.suffix(90_000))
      #expect(rootMeanSquareDifference(Array(end), Array(wholeEnd)) < 1e-3)
    }
  }

  @Test(arguments: formats) func lastPages(format: SoundFormat) throws {
    let (file, whole) = try encoded(format)
    let pages = pages(of: file)
    for damage in [Damage.overwritten, .shortened] {
      var damaged = file
      damage.apply(to: &damaged, pages[pages.count - 1])
      try withFile(damaged) { path in
        let clip = try AudioClip(contentsOf: path)
        #expect((1...17_000).contains(whole.count - clip.samples.count))
        #expect(
          largestDifference(clip.samples, Array(whole.prefix(clip.samples.count))) < 1e-4)
        #expect(
          clip.warnings == [.truncated(path: path, read: clip.duration, promised: nil)])
      }
    }
    var damaged = file
    Damage.overwritten.apply(to: &damaged, pages[pages.count - 2])
    try withFile(damaged) { path in
      let clip = try AudioClip(contentsOf: path)
      expectRest(clip, whole, path, in: 5...7, atMost: 1.1, tail: 0)
      #expect(clip.samples.suffix(400).contains { $0 > 0.1 })
    }
  }

  @Test(arguments: formats) func severalPlaces(format: SoundFormat) throws {
    let (file, whole) = try encoded(format)
    let pages = pages(of: file)
    var damaged = file
    for index in [3, 6] { Damage.overwritten.apply(to: &damaged, pages[index]) }
    try withFile(damaged) { path in
      let clip = try AudioClip(contentsOf: path)
      #expect(clip.samples.count == whole.count)
      guard case .damaged(path, 2, _, let seconds)? = clip.warnings.first else {
        Issue.record("\(clip.warnings)")
        return
      }
      #expect((1.8...2.2).contains(seconds))
      // A segment behind the damage is the same.
      let segment = try AudioClip(contentsOf: path, offset: 6.5, duration: 0.4)
      #expect(
        rootMeanSquareDifference(segment.samples, Array(whole[104_000..<110_400])) < 1e-3)
    }
  }

  @Test(arguments: formats) func secondOfAChain(format: SoundFormat) throws {
    let (file, whole) = try encoded(format)
    var damaged = file
    Damage.overwritten.apply(to: &damaged, pages(of: file)[4])
    try withFile(file + damaged) { path in
      let clip = try AudioClip(contentsOf: path)
      expectRest(clip, whole + whole, path, in: 8.5...12, atMost: 1.1)
    }
    try withFile(damaged + file) { path in
      let clip = try AudioClip(contentsOf: path)
      expectRest(clip, whole + whole, path, in: 0.5...4, atMost: 1.1)
    }
  }
}
