/// One thing to measure: a work, and the case of it.
///
/// The works are spread over files of their own, one a file; `Benchmark.all` lists them.
struct Benchmark: Sendable {
  /// How it is measured.
  struct Settings: Sendable {
    /// The number of threads.
    var threadCount: Int
    /// For about how long each body is repeated.
    var seconds: Double
  }

  /// The name of the work, which the peers share.
  let work: String
  /// The name of the case.
  let name: String
  /// The name that the case has among the peers, where it is another.
  var peerName: String?
  /// The beginning of the name of the one peer that does the same; nil for all that there are.
  var peer: String?
  /// Whether `scripts/reference/peers` times the peer, not the command in the peers' folder.
  var isPeerOfProject = false
  /// Whether one thread does it, whatever the settings.
  var isSerial = false
  /// Whether only this project does it.
  var isOwn = false
  /// Measures it.
  let measure: @Sendable (Settings) async throws -> [Measurement]

  /// The number of threads that a run with some settings uses.
  func threadCount(of asked: Int) -> Int { isSerial ? 1 : asked }

  /// All benchmarks: first those that the peers do too.
  static let all: [Benchmark] =
    lstmTrain + lstmVaried + lstmInfer + lstmStream + layersTrain + ctc + mfcc + decode
    + recipe + peakShare + busyCore + batch + training
}

extension Benchmark {
  /// A repetition of timed work: it returns how long it took, without what had to be laid ready.
  typealias Repetition = () async throws -> Duration

  /// A benchmark of one body, in milliseconds.
  ///
  /// - Parameters:
  ///   - work: the name of the work.
  ///   - name: the name of the case.
  ///   - peerName: the name that the case has among the peers, where it is another.
  ///   - peer: the beginning of the name of the one peer that does the same.
  ///   - isSerial: whether one thread does it, whatever the settings.
  ///   - prepare: makes what is repeated, for a number of threads.
  static func timed(
    _ work: String, _ name: String, peerName: String? = nil, peer: String? = nil,
    isSerial: Bool = false, prepare: @escaping @Sendable (_ threadCount: Int) throws -> Repetition
  ) -> Benchmark {
    Benchmark(work: work, name: name, peerName: peerName, peer: peer, isSerial: isSerial) {
      settings in
      let times = try await repeated(
        try prepare(settings.threadCount), seconds: settings.seconds)
      return [Measurement(peer: peer, value: median(times) * 1e3, unit: "ms")]
    }
  }
}
