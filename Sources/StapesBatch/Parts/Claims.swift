internal import Glibc
internal import StapesConcurrency
package import StapesFiles

/// What the parts of a batch that share an output folder have in hand, so that they may do each
/// other's files and each file is done once.
///
/// A claim is a file that is made where none is, named for the file that is claimed, with its owner's
/// name in it; the owner shows in another file, which grows, that it is alive. Where that has not
/// grown for long enough, by the clock of whoever waits, the owner is dead, and its claim is outdone
/// by another of the next generation. So nothing depends on the clocks of several machines, nor on
/// renaming or removing what another process may hold.
package final class Claims {
  /// How long an owner has shown no sign of life when it counts as dead, in seconds.
  package let patience: Double

  private let folder: String
  private let owner: String
  private let now: () -> ContinuousClock.Instant
  private var heartbeat: Task<Void, Never>?
  /// The generation of each claim that is held.
  private var held: [ByteName: Int] = [:]
  /// How much other owners had shown when that was seen to change last, and when that was.
  private var signs: [String: (size: Int, time: ContinuousClock.Instant)] = [:]

  /// Goes to where the claims of a batch are; those which an earlier process had for the same part
  /// are void, since the journal of a part is held by one process.
  ///
  /// - Parameters:
  ///   - folder: where they are, which is made.
  ///   - shard: the part that this process does.
  ///   - patience: how long others must have been silent, in seconds.
  ///   - now: the time.
  /// - Throws: `FileError`.
  package init(
    in folder: String, shard: Shard, patience: Double,
    now: @escaping () -> ContinuousClock.Instant = { .now }
  ) throws(FileError) {
    (self.folder, self.patience, self.now) = (folder, patience, now)
    owner = "\(shard.name).\(UInt64.random(in: 0...UInt64.max))"
    try FileSystem.makeFolder(folder)
    for name in try FileSystem.names(inFolder: folder) {
      let path = folder + "/" + name
      let itsOwner =
        name.hasPrefix(Self.signName) ? String(name.dropFirst(Self.signName.count)) : nil
      if (itsOwner ?? Self.owner(ofClaimAt: path))?.hasPrefix(shard.name + ".") == true {
        FileSystem.remove(path)
      }
    }
  }

  deinit { end() }

  /// Shows from now on that this process is alive, however busy it is.
  package func beginHeartbeat() {
    let (path, interval) = (signPath(of: owner), beatSeconds)
    heartbeat = Task(executorPreference: WorkThreads(name: "heartbeat")) {
      while !Task.isCancelled {
        try? FileSystem.append([UInt8(ascii: ".")], to: path)
        let begin = ContinuousClock.now
        // A task that slept would wait for a thread that computes.
        while !Task.isCancelled, ContinuousClock.now - begin < .seconds(interval) { usleep(50_000) }
      }
    }
  }

  /// How often an owner shows that it is alive, in seconds.
  package var beatSeconds: Double { min(10, patience / 5) }

  /// Claims a file.
  ///
  /// What is to be done about it is known only then: another process may have done it just before.
  ///
  /// - Returns: false where another process has it in hand.
  /// - Throws: `FileError`.
  package func take(_ file: ByteName) throws(FileError) -> Bool {
    let newest = newestGeneration(of: file)
    let dead = newest.flatMap { Self.owner(ofClaimAt: claimPath(of: file, $0)) }
    if newest != nil, !(dead.map(isDead) ?? false) { return false }
    let generation = (newest ?? -1) + 1
    guard try FileSystem.makeNew(Array(owner.utf8), at: claimPath(of: file, generation)) else {
      return false
    }
    // Whoever was dead may have come back, or another may have been faster.
    let isOutdone = newest.map { Self.owner(ofClaimAt: claimPath(of: file, $0)) != dead } ?? false
    guard !isOutdone, !isOverruled(file, generation) else {
      FileSystem.remove(claimPath(of: file, generation))
      return false
    }
    held[file] = generation
    return true
  }

  /// Whether this process still has a file in hand, rather than another that took it for dead.
  package func holds(_ file: ByteName) -> Bool {
    guard let generation = held[file] else { return false }
    return Self.owner(ofClaimAt: claimPath(of: file, generation)) == owner
      && !isOverruled(file, generation)
  }

  /// Gives a file out of hand, where it still has it; what was done must be on the disk.
  package func release(_ file: ByteName) {
    guard let generation = held.removeValue(forKey: file),
      Self.owner(ofClaimAt: claimPath(of: file, generation)) == owner
    else { return }
    for number in 0...generation { FileSystem.remove(claimPath(of: file, number)) }
  }

  /// Gives everything out of hand.
  package func end() {
    for file in held.keys.sorted() { release(file) }
    heartbeat?.cancel()
    heartbeat = nil
    FileSystem.remove(signPath(of: owner))
  }

  /// The last generation of a file's claims; nil where there is none.
  ///
  /// Of those before it some may be gone, since an owner that was taken for dead may have let go of
  /// its own.
  private func newestGeneration(of file: ByteName) -> Int? {
    var (newest, generation) = (Int?.none, 0)
    while generation <= (newest ?? -1) + Self.mostGone + 1 {
      if !FileNode.isNothing(at: claimPath(of: file, generation)) { newest = generation }
      generation += 1
    }
    return newest
  }

  /// Whether somebody has a claim of one of the next generations.
  private func isOverruled(_ file: ByteName, _ generation: Int) -> Bool {
    (1...Self.mostGone + 1).contains {
      !FileNode.isNothing(at: claimPath(of: file, generation + $0))
    }
  }

  /// So many generations that follow each other may be gone.
  private static let mostGone = 2

  /// Whether an owner has shown no sign of life for long, since this process first looked.
  private func isDead(_ itsOwner: String) -> Bool {
    // Opened, since network folders keep what they know of a file that is not.
    let size = (try? OpenFile(reading: signPath(of: itsOwner)))?.byteCount ?? -1
    if let sign = signs[itsOwner], sign.size == size {
      return now() - sign.time > .seconds(patience)
    }
    signs[itsOwner] = (size, now())
    return false
  }

  private func claimPath(of file: ByteName, _ generation: Int) -> String {
    var hash = ContentHash()
    hash.add(file.bytes)
    return "\(folder)/\(String(hash.value, radix: 16)).\(generation)"
  }

  private static let signName = "sign-"

  private func signPath(of owner: String) -> String { folder + "/" + Self.signName + owner }

  /// Who made a claim; nil where there is none.
  private static func owner(ofClaimAt path: String) -> String? {
    guard let bytes = try? OpenFile(reading: path).read(1 << 10) else { return nil }
    // Of a claim whose owner is not written yet, or never will be, the claim itself is the owner.
    return bytes.isEmpty ? path.fileName : String(decoding: bytes, as: UTF8.self)
  }
}
