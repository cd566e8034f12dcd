package import NIOCore

/// A body of `multipart/form-data` (RFC 7578), read from bytes in pieces of any size.
///
///     parser.append(bytes)
///     while let event = try parser.next() { … }
///
/// It holds no more than one piece and one line of a boundary, so that an upload may be of any length.
package struct MultipartParser {
  /// Something that was read.
  package enum Event: Equatable {
    /// A part begins.
    case part(Part)
    /// Bytes of the part that began last.
    case data(ByteBuffer)
    /// The part is complete.
    case endOfPart
    /// The body is complete; what follows it is skipped.
    case end
  }

  /// What the headers of a part say.
  package struct Part: Equatable {
    /// The name of the field.
    package let name: String
    /// The name of the file; nil for a field that is none.
    package let fileName: String?
  }

  /// Why a body cannot be read.
  package enum Fault: Error, Equatable {
    /// No boundary stands at its beginning.
    case noBoundary
    /// The headers of a part exceed `longestHeaders`, or do not end.
    case headersTooLong
    /// A part has no `Content-Disposition: form-data` with a name.
    case namelessPart
    /// A boundary is followed by something else than a line end.
    case malformedBoundary
  }

  /// How long the headers of a part may be, in bytes.
  package static let longestHeaders = 8192

  private enum State { case beginning, boundary, headers, content, end }

  private let delimiter: [UInt8]
  private var state = State.beginning
  private var buffer = ByteBuffer()

  /// Whether the last boundary was read.
  package var isComplete: Bool { state == .end }

  /// Begins a body.
  ///
  /// - Parameter boundary: as `Content-Type` names it.
  package init(boundary: String) {
    delimiter = Array("\r\n--\(boundary)".utf8)
    // The first boundary needs no line end before it.
    buffer.writeString("\r\n")
  }

  /// Takes the next bytes.
  package mutating func append(_ bytes: ByteBuffer) {
    guard state != .end else { return }
    buffer.discardReadBytes()
    buffer.writeImmutableBuffer(bytes)
  }

  /// What the bytes that were taken hold next; nil where more are needed.
  ///
  /// - Throws: `Fault`.
  package mutating func next() throws(Fault) -> Event? {
    switch state {
    case .beginning:
      guard buffer.readableBytes >= delimiter.count + 2 else { return nil }
      // Some clients write a line end of their own first.
      if buffer.readableBytesView.dropFirst(2).starts(with: [13, 10]) {
        buffer.moveReaderIndex(forwardBy: 2)
      }
      guard buffer.readableBytes >= delimiter.count else { return nil }
      guard buffer.readableBytesView.starts(with: delimiter) else { throw .noBoundary }
      buffer.moveReaderIndex(forwardBy: delimiter.count)
      state = .boundary
      return try next()
    case .boundary: return try afterBoundary()
    case .headers: return try headers()
    case .content: return content()
    case .end: return nil
    }
  }

  private mutating func afterBoundary() throws(Fault) -> Event? {
    while let byte = buffer.readableBytesView.first, byte == 32 || byte == 9 {
      buffer.moveReaderIndex(forwardBy: 1)
    }
    guard buffer.readableBytes >= 2 else { return nil }
    let next = Array(buffer.readableBytesView.prefix(2))
    buffer.moveReaderIndex(forwardBy: 2)
    switch next {
    case [45, 45]:
      state = .end
      buffer.clear()
      return .end
    case [13, 10]:
      state = .headers
      return try headers()
    default: throw .malformedBoundary
    }
  }

  private mutating func headers() throws(Fault) -> Event? {
    let end = Array("\r\n\r\n".utf8)
    let view = buffer.readableBytesView.prefix(Self.longestHeaders)
    guard let length = view.offset(of: end) else {
      if buffer.readableBytes >= Self.longestHeaders { throw .headersTooLong }
      return nil
    }
    let text = buffer.readString(length: length) ?? ""
    buffer.moveReaderIndex(forwardBy: end.count)
    guard let part = Part(headers: text) else { throw .namelessPart }
    // An empty part ends at once: its boundary begins with the line end that ended its headers.
    buffer.moveReaderIndex(to: buffer.readerIndex - 2)
    state = .content
    isFirstContent = true
    return .part(part)
  }

  /// Whether the line end that ended the headers still stands before the content.
  private var isFirstContent = false

  private mutating func content() -> Event? {
    if isFirstContent {
      guard buffer.readableBytes >= delimiter.count else { return nil }
      isFirstContent = false
      guard !buffer.readableBytesView.starts(with: delimiter) else { return endOfPart() }
      buffer.moveReaderIndex(forwardBy: 2)
    }
    let view = buffer.readableBytesView
    if let length = view.offset(of: delimiter) {
      if length == 0 { return endOfPart() }
      return buffer.readSlice(length: length).map { .data($0) }
    }
    // What could be the beginning of a boundary waits for the next bytes.
    let length = buffer.readableBytes - (delimiter.count - 1)
    guard length > 0 else { return nil }
    return buffer.readSlice(length: length).map { .data($0) }
  }

  private mutating func endOfPart() -> Event {
    buffer.moveReaderIndex(forwardBy: delimiter.count)
    state = .boundary
    return .endOfPart
  }
}

extension MultipartParser.Part {
  /// Reads the lines of headers; nil where no `Content-Disposition: form-data` has a name.
  init?(headers: String) {
    for line in headers.split(separator: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0].lowercased() == "content-disposition" else { continue }
      let parameters = HeaderParameters(String(parts[1]))
      guard parameters.value == "form-data", let name = parameters["name"] else { return nil }
      self.init(name: name, fileName: parameters["filename"])
      return
    }
    return nil
  }
}

/// A header's value with its parameters, such as `form-data; name="file"`.
package struct HeaderParameters {
  /// The value before the first semicolon, in small letters.
  package let value: String
  private var parameters: [String: String] = [:]

  /// Reads a value.
  package init(_ text: String) {
    var rest = Substring(text)
    value = rest.upToSemicolon().lowercased()
    while !rest.isEmpty {
      let parameter = rest.upToSemicolon()
      guard let equals = parameter.firstIndex(of: "=") else { continue }
      let name = parameter[..<equals].filter { $0 != " " }.lowercased()
      parameters[name] = parameter[parameter.index(after: equals)...].unquoted
    }
  }

  /// The value of a parameter; nil where it has none.
  package subscript(name: String) -> String? { parameters[name] }
}

extension Substring {
  /// Takes what stands before the next semicolon outside of quotes, without blanks around it.
  fileprivate mutating func upToSemicolon() -> Substring {
    var isQuoted = false
    var isEscaped = false
    var end = endIndex
    for index in indices {
      let character = self[index]
      if isEscaped {
        isEscaped = false
      } else if character == "\\", isQuoted {
        isEscaped = true
      } else if character == "\"" {
        isQuoted.toggle()
      } else if character == ";", !isQuoted {
        end = index
        break
      }
    }
    let taken = self[..<end]
    self = end == endIndex ? self[endIndex...] : self[index(after: end)...]
    return taken.drop { $0 == " " || $0 == "\t" }.trimmingEnd
  }

  private var trimmingEnd: Substring {
    var text = self
    while let last = text.last, last == " " || last == "\t" { text.removeLast() }
    return text
  }

  /// Without the quotes around it, and without the backslashes before quotes.
  fileprivate var unquoted: String {
    guard count > 1, first == "\"", last == "\"" else { return String(self) }
    var text = ""
    var isEscaped = false
    for character in dropFirst().dropLast() {
      if character == "\\", !isEscaped {
        isEscaped = true
        continue
      }
      if isEscaped, character != "\"", character != "\\" { text.append("\\") }
      text.append(character)
      isEscaped = false
    }
    return text
  }
}

extension Collection<UInt8> {
  /// How many bytes stand before the first occurrence of others; nil where there is none.
  func offset(of pattern: [UInt8]) -> Int? {
    var start = startIndex
    while let found = self[start...].firstIndex(of: pattern[0]) {
      if self[found...].starts(with: pattern) { return distance(from: startIndex, to: found) }
      start = index(after: found)
    }
    return nil
  }
}
