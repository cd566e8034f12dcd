internal import FoundationEssentials
internal import StapesConcurrency
internal import StapesKernels
internal import StapesText

/// A file of named tensors and a table of strings, in Hugging Face's safetensors layout:
/// the length of the header in 8 bytes (least significant first), the header in JSON, and the
/// tensors' values back to back.
///
/// 32-bit floats, bfloat16 and integers of 8 bits are read and written. The same content always gives the same bytes: the
/// header's keys are sorted, tensors keep their order, and spaces pad the header to a multiple of
/// 8 bytes.
package struct Safetensors: Sendable, Equatable {
  /// One named array of values.
  package struct Tensor: Sendable, Equatable {
    /// The name, unlike that of any other tensor of the file.
    package var name: String
    /// The length of each dimension; the values are stored with the last dimension innermost.
    package var shape: [Int]
    /// The values, as many as the product of `shape`.
    package var content: Content

    /// Makes a tensor.
    ///
    /// - Precondition: there are as many values as the shape says.
    package init(name: String, shape: [Int], content: Content) {
      precondition(
        shape.reduce(1, *) == content.count, "\(content.count) values for shape \(shape)")
      self.name = name
      self.shape = shape
      self.content = content
    }

    /// Makes a tensor of 32-bit floats.
    ///
    /// - Precondition: there are as many values as the shape says.
    package init(name: String, shape: [Int], values: [Float]) {
      self.init(name: name, shape: shape, content: .float32(values))
    }
  }

  /// The table of strings, `__metadata__` in the file.
  package var metadata: [String: String]
  /// The tensors, in the order of their values in the file.
  package var tensors: [Tensor]

  /// Makes the content of a file.
  package init(metadata: [String: String], tensors: [Tensor]) {
    self.metadata = metadata
    self.tensors = tensors
  }
}

/// The largest header that is read: far beyond any model's, far below what would strain a machine.
private let largestHeaderLength = 16 << 20
/// The bytes before the header.
private let prefixLength = 8
private let metadataKey = "__metadata__"

// MARK: - Reading

extension Safetensors {
  /// Reads the content of a file.
  ///
  /// - Throws: `notSafetensors`, `malformedHeader`, `unsupportedType`, `misplacedTensor` (shape and
  ///   place differ, tensors overlap or leave a gap) or `wrongLength`.
  package init(bytes: Span<UInt8>) throws(ModelFault) {
    let headerLength = try Self.headerLength(of: bytes)
    let header = try Self.header(bytes.extracting(prefixLength..<prefixLength + headerLength))
    let values = bytes.extracting((prefixLength + headerLength)...)

    metadata = [:]
    var entries: [(name: String, entry: TensorEntry)] = []
    for (name, content) in header {
      switch content {
      case .metadata(let table) where name == metadataKey: metadata = table
      case .tensor(let entry) where name != metadataKey: entries.append((name, entry))
      default: throw .malformedHeader(detail: "the entry `\(name)` is of the wrong kind")
      }
    }
    entries.sort {
      ($0.entry.start, $0.entry.end, $0.name) < ($1.entry.start, $1.entry.end, $1.name)
    }
    let contents = try Self.checkPlaces(of: entries, in: values.count)
    // Fresh memory takes longer than the copy, and each processor has its own share of it.
    tensors = Array(zip(entries, contents)).concurrentMap { named, content in
      let (name, entry) = named
      let bytes = values.extracting(entry.start..<entry.end)
      return Tensor(name: name, shape: entry.shape, content: content.reading(bytes))
    }
  }

  private static func headerLength(of bytes: Span<UInt8>) throws(ModelFault) -> Int {
    guard bytes.count > prefixLength, bytes[prefixLength] == UInt8(ascii: "{") else {
      throw .notSafetensors(resembles: FileKind(of: bytes).description)
    }
    var length: UInt64 = 0
    for index in (0..<prefixLength).reversed() { length = length << 8 | UInt64(bytes[index]) }
    guard length <= largestHeaderLength else {
      throw .notSafetensors(resembles: FileKind(of: bytes).description)
    }
    guard prefixLength + Int(length) <= bytes.count else {
      throw .wrongLength(expected: prefixLength + Int(length), found: bytes.count)
    }
    return Int(length)
  }

  private static func header(_ bytes: Span<UInt8>) throws(ModelFault) -> [String: HeaderEntry] {
    var json = Data(capacity: bytes.count)
    for index in bytes.indices { json.append(bytes[index]) }
    do {
      return try JSONDecoder().decode([String: HeaderEntry].self, from: json)
    } catch {
      throw .malformedHeader(detail: JSONFault(error).description)
    }
  }

  /// Checks that the tensors fill the file from end to end, each as long as its shape says.
  ///
  /// - Returns: for each tensor no values yet, of its type.
  private static func checkPlaces(
    of entries: [(name: String, entry: TensorEntry)], in byteCount: Int
  ) throws(ModelFault) -> [Content] {
    var (contents, end) = ([Content](), 0)
    for (name, entry) in entries {
      guard let content = Content(type: entry.type) else {
        throw .unsupportedType(tensor: name, type: entry.type)
      }
      contents.append(content)
      guard entry.start == end, let length = entry.byteCount(of: content.elementSize),
        case (let next, false) = end.addingReportingOverflow(length), entry.end == next
      else { throw .misplacedTensor(tensor: name) }
      end = next
    }
    guard end == byteCount else { throw .wrongLength(expected: end, found: byteCount) }
    return contents
  }
}

// MARK: - Writing

extension Safetensors {
  /// The bytes of the file.
  package func serialized() -> [UInt8] {
    let header = serializedHeader()
    let byteCount = tensors.reduce(0) { $0 + $1.content.count * $1.content.elementSize }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(prefixLength + header.count + byteCount)
    for shift in 0..<prefixLength {
      bytes.append(UInt8(truncatingIfNeeded: header.count >> (8 * shift)))
    }
    bytes += header
    for tensor in tensors { tensor.content.appendBytes(to: &bytes) }
    return bytes
  }

  private func serializedHeader() -> [UInt8] {
    var header: [String: HeaderEntry] = [metadataKey: .metadata(metadata)]
    var start = 0
    for tensor in tensors {
      let end = start + tensor.content.count * tensor.content.elementSize
      precondition(header[tensor.name] == nil, "two tensors are named \(tensor.name)")
      header[tensor.name] = .tensor(
        TensorEntry(type: tensor.content.type, shape: tensor.shape, offsets: [start, end]))
      start = end
    }
    var json = canonicalJSON(header)
    let padding = (8 - json.utf8.count % 8) % 8
    json += String(repeating: " ", count: padding)
    return Array(json.utf8)
  }
}

// MARK: - The header

/// One entry of the header.
private enum HeaderEntry: Codable {
  case metadata([String: String])
  case tensor(TensorEntry)

  init(from decoder: any Decoder) throws {
    do {
      self = .tensor(try TensorEntry(from: decoder))
    } catch {
      self = .metadata(try [String: String](from: decoder))
    }
  }

  func encode(to encoder: any Encoder) throws {
    switch self {
    case .metadata(let table): try table.encode(to: encoder)
    case .tensor(let entry): try entry.encode(to: encoder)
    }
  }
}

/// Where a tensor's values are, counted from the end of the header, and how to read them.
private struct TensorEntry: Codable {
  let type: String
  let shape: [Int]
  let offsets: [Int]

  enum CodingKeys: String, CodingKey {
    case type = "dtype"
    case shape
    case offsets = "data_offsets"
  }

  var start: Int { offsets.first ?? -1 }
  var end: Int { offsets.count == 2 ? offsets[1] : -1 }

  /// The bytes that the shape asks for; nil where a dimension is negative or the product too large.
  func byteCount(of elementSize: Int) -> Int? {
    var count = elementSize
    for dimension in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
      guard dimension >= 0, !overflow else { return nil }
      count = product
    }
    return count
  }
}
