internal import FoundationEssentials
package import NIOCore

/// The events of the Wyoming protocol, read from bytes in pieces of any size.
///
/// An event is a line of JSON, then as many bytes of JSON and of sound as the line tells.
package struct WyomingParser {
  /// How long a line, its JSON and its sound may be, in bytes.
  package static let (longestLine, longestData, longestPayload) = (65_536, 1 << 20, 1 << 20)

  /// Why a stream cannot be read.
  package enum Fault: Error, Equatable {
    /// A line, or what follows it, is too long.
    case tooLong
    /// A line is no JSON object with a type, or its lengths are negative.
    case malformed
  }

  private struct Header: Decodable {
    let type: String
    let data: WyomingData?
    let dataLength: Int?
    let payloadLength: Int?

    enum CodingKeys: String, CodingKey {
      case type, data
      case dataLength = "data_length"
      case payloadLength = "payload_length"
    }
  }

  private var header: Header?

  /// Begins a stream.
  package init() {}

  /// The next event; nil where more bytes are needed.
  ///
  /// - Parameter buffer: what came and was not read; what is read is taken away.
  /// - Throws: `Fault`, after which the stream is of no use.
  package mutating func next(from buffer: inout ByteBuffer) throws(Fault) -> WyomingEvent? {
    if header == nil { header = try readHeader(&buffer) }
    guard let header else { return nil }
    let (dataLength, payloadLength) = (header.dataLength ?? 0, header.payloadLength ?? 0)
    guard buffer.readableBytes >= dataLength + payloadLength else { return nil }
    self.header = nil
    var data = header.data ?? WyomingData()
    if dataLength > 0 {
      let bytes = buffer.readBytes(length: dataLength) ?? []
      guard let more = try? JSONDecoder().decode(WyomingData.self, from: Data(bytes)) else {
        throw .malformed
      }
      data = data.merging(more)
    }
    let payload = buffer.readSlice(length: payloadLength) ?? ByteBuffer()
    return WyomingEvent(type: header.type, data: data, payload: payload)
  }

  private func readHeader(_ buffer: inout ByteBuffer) throws(Fault) -> Header? {
    guard let length = buffer.readableBytesView.prefix(Self.longestLine).offset(of: [10]) else {
      if buffer.readableBytes >= Self.longestLine { throw .tooLong }
      return nil
    }
    let line = buffer.readBytes(length: length) ?? []
    buffer.moveReaderIndex(forwardBy: 1)
    guard let header = try? JSONDecoder().decode(Header.self, from: Data(line)),
      (header.dataLength ?? 0) >= 0, (header.payloadLength ?? 0) >= 0
    else { throw .malformed }
    guard (header.dataLength ?? 0) <= Self.longestData,
      (header.payloadLength ?? 0) <= Self.longestPayload
    else { throw .tooLong }
    return header
  }
}

/// An event that a client sent.
package struct WyomingEvent: Equatable {
  /// Its kind, such as `audio-chunk`.
  package let type: String
  /// What it says.
  package let data: WyomingData
  /// The bytes that follow, such as samples.
  package let payload: ByteBuffer

  /// Makes an event.
  package init(type: String, data: WyomingData = WyomingData(), payload: ByteBuffer = ByteBuffer())
  {
    (self.type, self.data, self.payload) = (type, data, payload)
  }
}

/// What the events that Stapes reads may say.
package struct WyomingData: Codable, Equatable {
  /// Of sound: hertz, bytes a sample, channels.
  package var rate, width, channels: Int?
  /// Of what is asked for: a model, a language, and words to expect.
  package var name, language: String?
  package var names, terms: [String]?
  /// The wake words to detect.
  package var wakeWords: [String]?
  /// When a piece of sound begins, in milliseconds.
  package var timestamp: Int?
  /// What a ping says, and what its answer repeats.
  package var text: String?

  enum CodingKeys: String, CodingKey {
    case rate, width, channels, name, language, text, timestamp
    case wakeWords = "names"
    case names = "transcript_names"
    case terms = "transcript_terms"
  }

  /// Makes what says nothing.
  package init() {}

  /// The same, where others do not say more.
  func merging(_ other: WyomingData) -> WyomingData {
    var merged = other
    merged.rate = other.rate ?? rate
    merged.width = other.width ?? width
    merged.channels = other.channels ?? channels
    merged.name = other.name ?? name
    merged.language = other.language ?? language
    merged.names = other.names ?? names
    merged.terms = other.terms ?? terms
    merged.wakeWords = other.wakeWords ?? wakeWords
    merged.timestamp = other.timestamp ?? timestamp
    merged.text = other.text ?? text
    return merged
  }
}
