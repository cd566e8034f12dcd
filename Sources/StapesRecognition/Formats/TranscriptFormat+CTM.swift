extension TranscriptFormat {
  /// The words of the best reading in NIST's format of time-marked words, which `sclite` reads.
  static func timeMarkedWords(_ transcript: Transcript, path: String) -> String {
    let file = name(ofClip: path)
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

  /// A clip's name without folder and ending, as a field that no white space divides and that
  /// does not begin a comment (`;;`): percent escapes stand for such characters and for `%`.
  private static func name(ofClip path: String) -> String {
    path.fileName.withoutPathExtension.unicodeScalars.reduce(into: "") { field, scalar in
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
