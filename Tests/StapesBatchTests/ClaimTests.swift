import FoundationEssentials
import StapesBatch
import StapesFiles
import TestSupport
import Testing

/// Parts of a batch that do each other's files.
@Suite struct ClaimTests {
  /// A clock that goes when it is told to.
  final class Clock {
    var time = ContinuousClock.now
  }

  func claims(_ folder: String, _ number: Int, _ clock: Clock = Clock()) throws -> Claims {
    try Claims(
      in: folder + "/claims", shard: Shard(number: number, of: 9), patience: 60,
      now: { clock.time })
  }

  func sign(_ folder: String, of number: Int) throws {
    let names = try FileSystem.names(inFolder: folder + "/claims")
    let claim = try #require(
      names.first { name in
        (try? OpenFile(reading: "\(folder)/claims/\(name)").read(7))
          == Array("\(number)-of-9.".utf8)
      })
    let owner = try OpenFile(reading: "\(folder)/claims/\(claim)").readRest()
    try FileSystem.append(
      [1], to: "\(folder)/claims/sign-" + String(decoding: owner, as: UTF8.self))
  }

  @Test func `one of many has a claim, until it lets go of it`() throws {
    try withTemporaryFolder { folder in
      let all = try (1...5).map { try claims(folder, $0) }
      for file in ["a", "b", "é", "e\u{301}"].map(\.byteName) {
        let taken = try all.map { try $0.take(file) }
        #expect(taken == [true, false, false, false, false])
        #expect(all.map { $0.holds(file) } == taken)
        all[0].release(file)
        #expect(try all[3].take(file))
        #expect(try !all[0].take(file))
        #expect(!all[0].holds(file))
      }
      all[3].end()
      #expect(try all[1].take("a".byteName))
    }
  }

  @Test func `who shows no sign of life for long enough loses its claims`() throws {
    try withTemporaryFolder { folder in
      let clock = Clock()
      let (dead, alive) = (try claims(folder, 1), try claims(folder, 2))
      let others = try (3...5).map { try claims(folder, $0, clock) }
      let (a, b) = ("a".byteName, "b".byteName)
      #expect(try dead.take(a))
      #expect(try alive.take(b))
      // However old a claim is, whoever comes looks for as long before it takes it.
      for _ in 0..<7 {
        for other in others {
          #expect(try !other.take(a))
          #expect(try !other.take(b))
        }
        clock.time += .seconds(10)
        try sign(folder, of: 2)
      }
      #expect(try others.map { try $0.take(a) } == [true, false, false])
      #expect(try others.map { try $0.take(b) } == [false, false, false])
      // It was not dead after all: what it has done meanwhile is not to be used.
      #expect(!dead.holds(a))
      #expect(others[0].holds(a))
      dead.release(a)
      #expect(try !others[1].take(a))
      #expect(others[0].holds(a))
      // The second who has it dies as well.
      #expect(try !others[2].take(a))
      clock.time += .seconds(61)
      #expect(try others[2].take(a))
      #expect(!others[0].holds(a))
      others[2].release(a)
      let left = try FileSystem.names(inFolder: folder + "/claims")
      #expect(left.count == 2, "\(left)")
    }
  }

  @Test func `a claim without an owner's name yet is nobody's only after a while`() throws {
    try withTemporaryFolder { folder in
      let clock = Clock()
      let (first, second) = (try claims(folder, 1), try claims(folder, 2, clock))
      #expect(try first.take("a".byteName))
      let name = try #require(try FileSystem.names(inFolder: folder + "/claims").first)
      try Data().write(to: URL(filePath: folder + "/claims/" + name))
      #expect(try !second.take("a".byteName))
      clock.time += .seconds(59)
      #expect(try !second.take("a".byteName))
      clock.time += .seconds(2)
      #expect(try second.take("a".byteName))
    }
  }

  @Test func `a part that begins again has no claims from before`() throws {
    try withTemporaryFolder { folder in
      let (first, other) = (try claims(folder, 1), try claims(folder, 2))
      #expect(try first.take("a".byteName))
      #expect(try other.take("b".byteName))
      let again = try claims(folder, 1)
      #expect(try again.take("a".byteName))
      #expect(try !again.take("b".byteName))
      #expect(!first.holds("a".byteName))
    }
  }

  func options(_ number: Int, all: Bool) -> BatchOptions {
    var options = BatchOptions(shard: Shard(number: number, of: 3))
    options.claimPatience = 60
    options.takesAllParts = all
    return options
  }

  @Test func `each file is done once, by whichever part comes first`() async throws {
    try await BatchFiles.run { files in
      for number in 0..<60 { try files.say("ab", in: "in/\(number % 5)/\(number).wav") }
      for number in 0..<5 { try files.write("no sound", to: "in/bad\(number).wav") }
      // All have looked at the files before any of them begins.
      let own = try (1...3).map { try files.batch(["in"], to: "out", options($0, all: false)) }
      let all = try (1...3).map { try files.batch(["in"], to: "out", options($0, all: true)) }
      #expect(own.reduce(0) { $0 + $1.items.count } == 65)
      #expect(all.allSatisfy { $0.items.count == 65 })
      var done = try await files.run(own[0]).done
      #expect(done.count == own[0].items.count)
      async let second = files.run(all[1])
      async let third = files.run(all[2])
      let (b, c) = try await (second.done, third.done)
      done += b + c
      #expect(done.count == 65)
      #expect(Set(done).count == 65)
      #expect(try await files.run(all[0]).done.isEmpty)
      #expect(try files.read("out/errors.tsv").split(separator: "\n").count == 6)
      #expect(try BatchMerge(outputFolder: files.folder + "/out").doneCount == 60)
      #expect(
        try FileManager.default.contentsOfDirectory(atPath: files.folder + "/out/.stapes/claims")
          .isEmpty)
    }
  }

  @Test func `what is in the way is the failure of one file, and stays`() async throws {
    try await BatchFiles.run { files in
      for name in ["a", "b", "c"] { try files.say("ab", in: "in/\(name).wav") }
      try files.write("a stranger's", to: "out/b.txt")
      let ended = try await files.run(files.batch(["in"], to: "out", options(1, all: true)))
      #expect(ended.done == ["a.wav", "c.wav"])
      #expect(ended.failed == ["b.wav"])
      #expect(try files.read("out/b.txt") == "a stranger's")
    }
  }
}
