internal import Dispatch

/// Sound that is read, as it comes, on a thread of its own.
///
/// So the one who listens can be told to stop while nothing comes. At most a few seconds are read
/// ahead.
package struct LiveSound: AsyncSequence {
  /// Some samples, and when they were there.
  package struct Piece: Sendable {
    package let samples: [Float]
    package let arrival: ContinuousClock.Instant
    /// What was found odd about the sound by then, and not told with an earlier piece.
    package let warnings: [AudioWarning]
  }

  /// How long a piece is, in seconds, and how many are read ahead.
  private static let (pieceSeconds, mostAhead) = (0.1, 50)

  private let pieces: AsyncThrowingStream<Piece, any Error>
  private let room: DispatchSemaphore

  /// Begins to read.
  ///
  /// - Parameters:
  ///   - path: the file, or "-" for standard input.
  ///   - audio: how it is read.
  ///   - rate: the rate of the samples, in hertz.
  package init(path: String, audio: AudioOptions, rate: Int) {
    var options = audio
    options.sampleRate = rate
    let (pieces, continuation) = AsyncThrowingStream.makeStream(of: Piece.self)
    let room = DispatchSemaphore(value: Self.mostAhead)
    (self.pieces, self.room) = (pieces, room)
    DispatchQueue(label: "sound").async { [options] in
      let error = Self.read(path, options) { piece in
        room.wait()
        continuation.yield(piece)
      }
      continuation.finish(throwing: error)
    }
  }

  /// Hands on a sound piece by piece.
  ///
  /// - Returns: why it ended early; nil when it was read to its end.
  private static func read(
    _ path: String, _ options: AudioOptions, handOn: (Piece) -> Void
  ) -> AudioError? {
    do throws(AudioError) {
      var sound = try SoundFile(contentsOf: path, options: options)
      let frameCount = Int(Double(sound.sampleRate) * pieceSeconds)
      var toldCount = 0
      while true {
        let samples = try sound.read(frameCount: frameCount)
        let warnings = Array(sound.warnings.dropFirst(toldCount))
        toldCount = sound.warnings.count
        handOn(Piece(samples: samples, arrival: .now, warnings: warnings))
        if samples.isEmpty { return nil }
      }
    } catch {
      return error
    }
  }

  package func makeAsyncIterator() -> Iterator {
    Iterator(pieces: pieces.makeAsyncIterator(), room: room)
  }

  /// Gives the pieces in turn, and makes room for others.
  package struct Iterator: AsyncIteratorProtocol {
    var pieces: AsyncThrowingStream<Piece, any Error>.Iterator
    let room: DispatchSemaphore

    package mutating func next() async throws -> Piece? {
      let piece = try await pieces.next()
      room.signal()
      return piece
    }
  }
}
