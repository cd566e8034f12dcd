internal import StapesFiles
internal import StapesText

extension TranscriptFormat {
  /// The words of the best hypothesis in NIST's format of time-marked words, which `sclite` reads.
  static func timeMarkedWords(_ transcript: Transcript, name: String) -> String {
    let file = field(name)
    return transcript.tracks.map { channel, words in
      let channel = channel.map(letter) ?? "1"
      return zip(words, Span.inOrder(words)).map { word, span in
        let times = "\(secondsText(span.start)) \(secondsText(span.end - span.start))"
        let text = word.text.escapedForTerminal.split(whereSeparator: \.isWhitespace)
        let confidence = secondsText(milliseconds(min(max(word.confidence, 0), 1)))
        return "\(file) \(channel) \(times) \(text.joined(separator: "_")) \(confidence)\n"
      }.joined()
    }.joined()
  }

  /// A channel as NIST calls it: A for the first.
  private static func letter(ofChannel channel: Int) -> String {
    String(UnicodeScalar(UInt8(ascii: "A") + UInt8(channel - 1)))
  }

  /// What clips are called where one name stands for each: their names without folder and ending,
  /// of those that would share one with as many folders as tell them apart, and where only the
  /// ending does, with that.
  public static func clipNames(of paths: [String]) -> [String] {
    let parts = paths.map { path in
      path.withoutPathExtension.split(separator: "/").filter { $0 != "." }
    }
    var names = parts.map { String($0.last ?? "") }
    var shared = indices(sharing: names)
    for count in 2..<max(2, (parts.map(\.count).max() ?? 0) + 1) where !shared.isEmpty {
      for index in shared { names[index] = parts[index].suffix(count).joined(separator: "/") }
      shared = indices(sharing: names)
    }
    for index in shared { names[index] = paths[index] }
    return names
  }

  /// Which names another has too.
  private static func indices(sharing names: [String]) -> [Int] {
    let uses = Dictionary(grouping: names, by: \.byteName).mapValues(\.count)
    return names.indices.filter { uses[names[$0].byteName, default: 0] > 1 }
  }

  /// A name as a field that no white space divides and that does not begin a comment (`;;`):
  /// percent escapes stand for such characters and for `%`.
  private static func field(_ name: String) -> String {
    name.unicodeScalars.reduce(into: "") { field, scalar in
      if scalar.properties.isWhitespace || scalar.properties.generalCategory == .control
        || scalar == "%" || scalar == ";"
      {
        for byte in String(scalar).utf8 {
          field += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
      } else {
        field.unicodeScalars.append(scalar)
      }
    }
  }
}
