internal import Foundation

/// One line of the results: as a row of the table, and as JSON.
package struct ResultLine: Encodable, Sendable, Equatable {
  /// The work.
  package var work: String
  /// Its case.
  package var `case`: String
  /// The number of threads.
  package var threads: Int
  /// This project's time, in milliseconds.
  package var stapesMilliseconds: Double?
  /// The peer, with its version where it was measured.
  package var peer: String?
  /// The peer's time, in milliseconds.
  package var peerMilliseconds: Double?
  /// The median over the rounds of the peer's time in units of this project's.
  package var ratio: Double?
  /// What else is measured.
  package var quantity: String?
  /// How much of it there is.
  package var value: Double?
  /// What one of it is.
  package var unit: String?

  private enum CodingKeys: String, CodingKey {
    case work, `case`, threads
    case stapesMilliseconds = "stapes_ms"
    case peer
    case peerMilliseconds = "peer_ms"
    case ratio, quantity, value, unit
  }

  /// The lines for one case.
  ///
  /// - Parameters:
  ///   - work: the name of the work.
  ///   - name: the name of its case.
  ///   - threads: the number of threads.
  ///   - rounds: what each round measured: this project's figures, in one order, and the peers'
  ///     times, none where they did not run.
  package static func lines(
    work: String, case name: String, threads: Int,
    rounds: [(own: [Measurement], peers: [PeerTime])]
  ) -> [ResultLine] {
    guard let first = rounds.first else { return [] }
    return first.own.indices.flatMap { index -> [ResultLine] in
      let measurement = first.own[index]
      let values = rounds.map { $0.own[index].value }
      var line = ResultLine(work: work, case: name, threads: threads)
      if let quantity = measurement.quantity {
        line.quantity = quantity
        line.value = median(values).trimmed
        line.unit = measurement.unit
        return [line]
      }
      line.stapesMilliseconds = median(values).trimmed
      line.peer = measurement.peer
      let peers = first.peers.indices.filter {
        first.peers[$0].peer.hasPrefix(measurement.peer ?? "")
      }
      guard !peers.isEmpty else { return [line] }
      return peers.map { peer in
        let times = rounds.map { $0.peers[peer].milliseconds }
        line.peer = first.peers[peer].peer
        line.peerMilliseconds = median(times).trimmed
        line.ratio = median(zip(times, values).map { $0 / $1 }).trimmed
        return line
      }
    }
  }

  /// The head of the table.
  package static let tableHead = row([
    "work", "case", "threads", "Stapes", "peer", "peer's time", "ratio",
  ])

  /// The line as a row of the table.
  package var tableRow: String {
    if let quantity, let value, let unit {
      return Self.row([work, `case`, "\(threads)", Self.number(value) + " " + unit, quantity])
    }
    return Self.row([
      work, `case`, "\(threads)", stapesMilliseconds.map { Self.number($0) + " ms" } ?? "",
      peer ?? "", peerMilliseconds.map { Self.number($0) + " ms" } ?? "",
      ratio.map { Self.number($0) } ?? "",
    ])
  }

  /// The width of each column; figures stand at the right end of theirs.
  private static let columns: [(width: Int, isFigure: Bool)] = [
    (12, false), (22, false), (7, true), (20, true), (30, false), (12, true),
    (6, true),
  ]

  private static func row(_ cells: [String]) -> String {
    let padded = zip(cells, columns).map { cell, column in
      let space = String(repeating: " ", count: max(0, column.width - cell.count))
      return column.isFigure ? space + cell : cell + space
    }
    let row = padded.joined(separator: "  ")
    return String(row.reversed().drop { $0 == " " }.reversed())
  }

  /// A number with three significant digits, or all of its whole ones.
  private static func number(_ value: Double) -> String {
    let decimals = value == 0 ? 0 : min(max(2 - Int(log10(abs(value)).rounded(.down)), 0), 9)
    return String(format: "%.\(decimals)f", value)
  }
}

extension Double {
  /// The number without decimals beyond the sixth, which say nothing.
  fileprivate var trimmed: Double { (self * 1e6).rounded() / 1e6 }
}
