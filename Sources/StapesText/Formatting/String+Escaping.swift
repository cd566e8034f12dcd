extension String {
  /// The text as one line that is safe to show: control characters, which could move a terminal's
  /// cursor or end the line, are written `\t`, `\n`, `\r` or by their number, such as `\x1b`.
  package var escapedForTerminal: String { escapingForTerminal(except: []) }

  /// The text as lines that are safe to show: like `escapedForTerminal`, but tabs and line ends stay.
  package var escapedBetweenLines: String {
    // Only with a line feed after it does a carriage return do no more than to end the line.
    split(separator: "\r\n" as Character, omittingEmptySubsequences: false)
      .map { String($0).escapingForTerminal(except: ["\t", "\n"]) }.joined(separator: "\r\n")
  }

  private func escapingForTerminal(except kept: Set<Unicode.Scalar>) -> String {
    escaping { scalar in
      if kept.contains(scalar) { return String(scalar) }
      return switch scalar {
      case "\t": "\\t"
      case "\n": "\\n"
      case "\r": "\\r"
      default: "\\x" + hexadecimal(scalar, digitCount: 2)
      }
    }
  }

  /// The text as one field of a table of columns divided by tabs: like `escapedForTerminal`, and a
  /// backslash is doubled, so that the text can be told from the field.
  package var escapedForTable: String {
    replacing("\\", with: "\\\\").escapedForTerminal
  }

  /// The text of which this is `escapedForTable`; nil where it is not of any.
  package var unescapedFromTable: String? {
    guard utf8.contains(UInt8(ascii: "\\")) else { return self }
    var (text, rest) = ("", unicodeScalars[...])
    while let scalar = rest.popFirst() {
      guard scalar == "\\" else {
        text.unicodeScalars.append(scalar)
        continue
      }
      switch rest.popFirst() {
      case "\\": text += "\\"
      case "t": text += "\t"
      case "n": text += "\n"
      case "r": text += "\r"
      case "x":
        guard let number = UInt32(String(rest.prefix(2)), radix: 16), rest.count >= 2,
          let control = Unicode.Scalar(number)
        else { return nil }
        text.unicodeScalars.append(control)
        rest.removeFirst(2)
      default: return nil
      }
    }
    return text
  }

  /// The text as content of an element of HTML, XML or WebVTT: like `escapedForTerminal`, and what
  /// would be markup is written `&amp;`, `&lt;` and `&gt;`.
  package var escapedForMarkup: String {
    escapedForTerminal.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
      .replacing(">", with: "&gt;")
  }

  /// A JSON text without the control characters that JSON allows in strings (U+007F to U+009F); its
  /// line ends stay.
  package var escapedAsJSON: String {
    escaping { $0 == "\n" ? "\n" : "\\u" + hexadecimal($0, digitCount: 4) }
  }

  private func escaping(_ escaped: (Unicode.Scalar) -> String) -> String {
    guard unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
      return self
    }
    return unicodeScalars.reduce(into: "") { text, scalar in
      if scalar.properties.generalCategory == .control {
        text += escaped(scalar)
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
  }
}

private func hexadecimal(_ scalar: Unicode.Scalar, digitCount: Int) -> String {
  let digits = String(scalar.value, radix: 16)
  return String(repeating: "0", count: max(digitCount - digits.count, 0)) + digits
}
