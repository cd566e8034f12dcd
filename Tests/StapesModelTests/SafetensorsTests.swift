import FoundationEssentials
import StapesModel
import TestSupport
import Testing

@Suite struct SafetensorsTests {
  typealias Tensor = Safetensors.Tensor

  /// A file put together by hand from its header and the bytes after it.
  func file(header: String, values: [UInt8] = []) -> [UInt8] {
    var bytes = withEightBytes(header.utf8.count)
    bytes += header.utf8
    return bytes + values
  }

  func withEightBytes(_ number: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  func fault(of bytes: [UInt8]) -> ModelFault? {
    do throws(ModelFault) {
      _ = try Safetensors(bytes: bytes.span)
      return nil
    } catch {
      return error
    }
  }

  @Test func `reads what Hugging Face's own writer wrote`() throws {
    let path = fixturePath("golden/model/small.safetensors")
    let data = try Data(contentsOf: URL(filePath: path))
    let content = try Safetensors(bytes: data.span)
    #expect(content.metadata == ["note": "a \"quoted\" line\nand ünïcode", "version": "1"])
    let expected = [
      Tensor(name: "bias", shape: [2], values: [0.1, 16_777_216]),
      Tensor(name: "empty", shape: [0, 4], values: []),
      Tensor(name: "scalar", shape: [], values: [7]),
      Tensor(
        name: "weights", shape: [2, 3],
        values: [1.5, -2.25, 3, 0, -0.0, Float(bitPattern: 0x1_16C2)]),
    ]
    #expect(content.tensors == expected)
    #expect(content.tensors[3].values[4].sign == .minus)
  }

  @Test func `writes the bytes that the layout asks for`() {
    let content = Safetensors(
      metadata: ["b": "2/3", "a": "é"],
      tensors: [
        Tensor(name: "second", shape: [1, 2], values: [1, -2]),
        Tensor(name: "first", shape: [1], values: [0.5]),
      ])
    let header =
      #"{"__metadata__":{"a":"é","b":"2/3"},"#
      + #""first":{"data_offsets":[8,12],"dtype":"F32","shape":[1]},"#
      + #""second":{"data_offsets":[0,8],"dtype":"F32","shape":[1,2]}}"#
    let padded = header + String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    let values: [UInt8] = [0, 0, 0x80, 0x3F, 0, 0, 0, 0xC0, 0, 0, 0, 0x3F]
    #expect(content.serialized() == file(header: padded, values: values))
  }

  @Test func `gives back what was written, for every padding of the header`() throws {
    for length in 0..<9 {
      let content = Safetensors(
        metadata: ["note": String(repeating: "x", count: length)],
        tensors: (0..<length).map { size in
          let values = (0..<3 * size).map { Float($0) / 7 }
          return Tensor(name: "tensor \(size)", shape: [3, size], values: values)
        })
      let bytes = content.serialized()
      let headerLength = Int(bytes[0]) + Int(bytes[1]) << 8
      #expect(headerLength.isMultiple(of: 8))
      let back = try Safetensors(bytes: bytes.span)
      #expect(back.metadata == content.metadata)
      #expect(back.tensors.map(\.name).sorted() == content.tensors.map(\.name))
      #expect(Set(back.tensors.map(\.values)) == Set(content.tensors.map(\.values)))
    }
  }

  @Test func `refuses a file cut anywhere, or with bytes behind it`() {
    let tensor = Tensor(name: "w", shape: [2, 2], values: [1, 2, 3, 4])
    let bytes = Safetensors(metadata: ["key": "value"], tensors: [tensor]).serialized()
    for length in 0..<bytes.count {
      switch fault(of: Array(bytes[..<length])) {
      case .notSafetensors: #expect(length <= 8, "cut to \(length)")
      case .wrongLength(_, let found): #expect(found < bytes.count, "cut to \(length)")
      case let other: Issue.record("cut to \(length): \(String(describing: other))")
      }
    }
    #expect(fault(of: bytes + [0]) == .wrongLength(expected: 16, found: 17))
  }

  @Test(arguments: [
    (#"{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, 4),
    (#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#, 4),
    (#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8),
    (#"{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, 4),
    (#"{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,-4]}}"#, 4),
    (#"{"w":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#, 4),
    (#"{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,0]}}"#, 0),
    (
      #"{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 4
    ),
    (
      #"{"v":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#
        + #""w":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}"#, 12
    ),
  ])
  func `refuses a tensor whose place is not its own`(header: String, valueLength: Int) {
    let bytes = file(header: header, values: [UInt8](repeating: 0, count: valueLength))
    #expect(fault(of: bytes) == .misplacedTensor(tensor: "w"))
  }

  @Test func `names the type it cannot read`() {
    let header = #"{"w":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}"#
    let fault = fault(of: file(header: header, values: [0, 0, 0, 0]))
    #expect(fault == .unsupportedType(tensor: "w", type: "F16"))
  }

  @Test(arguments: [
    #"{"w":"#, #"{"w":3}"#, #"{"w":{"a":"table"}}"#, #"{"__metadata__":{"a":1}}"#,
    #"{"__metadata__":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#, "{\"\u{0}",
    #"{"w":{"dtype":"F32","shape":[1e300],"data_offsets":[0,4]}}"#,
    #"{"w":{"dtype":"F32","shape":[0.5],"data_offsets":[0,4]}}"#,
  ])
  func `refuses a header that is no header`(header: String) {
    guard case .malformedHeader = fault(of: file(header: header)) else {
      Issue.record("not refused: \(header.prefix(40))")
      return
    }
  }

  @Test func `refuses a header nested without end`() {
    let header = #"{"w":"# + String(repeating: "[", count: 100_000)
    #expect(fault(of: file(header: header)) == .malformedHeader(detail: "not proper JSON"))
  }

  @Test(arguments: [
    (Array("".utf8), "an empty file"),
    (Array("RIFF....WAVEfmt ".utf8), "a sound file"),
    (Array("seven eight nine\n".utf8), "text"),
    (Array("PK\u{3}\u{4}.........".utf8), "an archive (a PyTorch checkpoint?)"),
    ([0xCA, 0xFE, 0xBA, 0xBE, 0, 0, 0, 0, 0], "a file of another kind"),
    ([0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7B], "a file of another kind"),
  ])
  func `says what a file that is no model looks like`(bytes: [UInt8], kind: String) {
    #expect(fault(of: bytes) == .notSafetensors(resembles: kind))
  }
}
