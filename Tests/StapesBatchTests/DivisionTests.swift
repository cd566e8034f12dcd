import FoundationEssentials
import StapesAudio
import StapesBatch
import TestSupport
import Testing

/// How the parts of a batch share its sound.
@Suite struct DivisionTests {
  /// The smallest largest part that any division has.
  func best(_ lengths: [Int], among count: Int) -> Int {
    guard let first = lengths.first else { return 0 }
    var best = Int.max
    func divide(_ rest: ArraySlice<Int>, _ loads: [Int]) {
      guard let length = rest.first else {
        best = min(best, loads.max() ?? 0)
        return
      }
      for part in loads.indices {
        var loads = loads
        loads[part] += length
        divide(rest.dropFirst(), loads)
      }
    }
    var loads = Array(repeating: 0, count: count)
    loads[0] = first
    divide(lengths.dropFirst()[...], loads)
    return best
  }

  @Test func `no part is far above the best that there is`() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<60 {
      let count = Int.random(in: 1...4, using: &random)
      let lengths = (0..<Int.random(in: 0...7, using: &random)).map { _ in
        Int.random(in: 0...9, using: &random)
      }
      let division = Division(lengths: lengths, among: count)
      var loads = Array(repeating: 0, count: count)
      for (part, length) in zip(division.parts, lengths) { loads[part] += length }
      #expect(loads == division.loads)
      // The bound that Graham proved.
      let bound = Double(best(lengths, among: count)) * (4.0 / 3 - 1.0 / Double(3 * count))
      #expect(Double(loads.max() ?? 0) <= bound + 1e-9, "\(lengths) among \(count)")
    }
  }

  @Test func `files of one length take turns, and a very long one is alone`() {
    #expect(Division(lengths: [5, 5, 5, 5, 5], among: 2).parts == [0, 1, 0, 1, 0])
    let division = Division(lengths: [1, 1, 90, 1, 1], among: 3)
    #expect(division.parts[2] == 0)
    #expect(division.loads == [90, 2, 2])
    #expect(Division(lengths: [], among: 3).loads == [0, 0, 0])
  }

  @Test func `parts have about as much sound each, whatever the files are like`() async throws {
    try await BatchFiles.run { files in
      // Of one rate or another, so that sizes alone mislead; and some that cannot be read.
      var seconds: [String: Double] = [:]
      for number in 0..<60 {
        let name = "\(number % 3)/\(number).wav"
        seconds[name] = number % 20 == 0 ? 20 : 0.2 + Double(number % 7)
        let rate = number % 2 == 0 ? 8_000 : 16_000
        try files.write("", to: "in/\(name)")
        try AudioFileWriter.writeWAV(
          samples: [Float](repeating: 0, count: Int(Double(rate) * (seconds[name] ?? 0))),
          sampleRate: rate, to: "\(files.folder)/in/\(name)")
      }
      for number in 0..<30 { try files.write("", to: "in/empty\(number).wav") }
      try files.link("in/gone.wav", to: "/none/at/all")
      for count in [2, 5] {
        var (seen, loads, counts) = ([String](), [Double](), [Int]())
        for number in 1...count {
          let options = BatchOptions(shard: Shard(number: number, of: count))
          let items = try files.batch(["in"], to: "out", options).items.map(\.path)
          seen += items
          loads.append(items.reduce(0) { $0 + (seconds[$1] ?? 0) })
          counts.append(items.count { seconds[$0] == nil })
        }
        #expect(seen.count == 91)
        #expect(Set(seen).count == 91)
        let mean = loads.reduce(0, +) / Double(count)
        #expect((loads.max() ?? 0) < 1.02 * mean, "\(loads)")
        #expect((counts.max() ?? 0) < 31, "\(counts)")
      }
    }
  }

  @Test func `where names divide a batch, a file that comes moves no other`() async throws {
    try await BatchFiles.run { files in
      for number in 0..<40 { try files.write("no sound", to: "in/\(number).wav") }
      var options = BatchOptions(shard: Shard(number: 2, of: 3))
      options.dividesByName = true
      let before = try files.batch(["in"], to: "out", options).items.map(\.path)
      for number in 0..<40 { try files.write("none", to: "in/0\(number).wav") }
      let after = try files.batch(["in"], to: "out", options).items.map(\.path)
      #expect(!before.isEmpty)
      #expect(Set(before).isSubset(of: after))
    }
  }

  @Test func `a merge says where parts have not seen the same files`() async throws {
    try await BatchFiles.run { files in
      for number in 0..<6 { try files.say("a", in: "in/\(number).wav") }
      func part(_ number: Int) async throws {
        try await files.run(
          files.batch(["in"], to: "out", BatchOptions(shard: Shard(number: number, of: 2))))
      }
      for number in 1...2 { try await part(number) }
      let output = files.folder + "/out"
      #expect(try !BatchMerge(outputFolder: output).isDividedDifferently)
      try await part(1)
      try files.say("ab", in: "in/later.wav")
      try await part(2)
      #expect(try BatchMerge(outputFolder: output).isDividedDifferently)
      #expect(try !BatchMerge(outputFolder: output).isDividedDifferently)
    }
  }
}
