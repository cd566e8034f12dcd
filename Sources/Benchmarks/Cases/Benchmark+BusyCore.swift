internal import Foundation

extension Benchmark {
  /// Training while another process keeps one core busy, against one thread on an idle machine.
  static let busyCore = [
    Benchmark(work: "lstm-busy", name: NetworkShape.largest.name, isOwn: true) { settings in
      let shared = try TrainingWork(.largest, threadCount: settings.threadCount)
      let alone = try TrainingWork(.largest, threadCount: 1)
      let times = try await alternated(
        alone.take,
        {
          let busyCore = try BusyCore()
          defer { busyCore.end() }
          return try await shared.take()
        }, seconds: settings.seconds)
      return [
        Measurement(quantity: "step, 1 thread, idle machine", value: times.first * 1e3, unit: "ms"),
        Measurement(quantity: "step, one core kept busy", value: times.second * 1e3, unit: "ms"),
        Measurement(quantity: "speed against 1 thread", value: times.ratio, unit: "x"),
      ]
    }
  ]
}

/// A process that keeps one core busy until it is ended, or whoever began it is.
struct BusyCore {
  private let process = Process()

  /// Begins it, on the first core that this process may use.
  init() throws {
    process.executableURL = URL(filePath: "/usr/bin/taskset")
    process.arguments = [
      "--cpu-list", try Self.firstCore(), ChildProcess.resolved(ChildProcess.ownPath), "--spin",
    ]
    try process.run()
  }

  /// Ends it.
  func end() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Computes for as long as the process that began this one is there.
  static func spin() {
    let parent = getppid()
    var number: UInt64 = 1
    while getppid() == parent, number != 0 {
      for _ in 0..<1_000_000 { number = number &* 6_364_136_223_846_793_005 | 1 }
    }
  }

  private static func firstCore() throws -> String {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix("Cpus_allowed_list:") } ?? ""
    return String(line.drop { !$0.isNumber }.prefix(while: \.isNumber))
  }
}
