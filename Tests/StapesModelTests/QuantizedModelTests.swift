import StapesKernels
import StapesModel
import StapesNetwork
import Testing

/// Models whose weights are quantised.
@Suite struct QuantizedModelTests {
  static let precisions = [WeightPrecision.bfloat16, .int8]

  @Test(arguments: precisions)
  func `is the same after writing and reading`(precision: WeightPrecision) throws {
    let model = try smallModel().quantized(to: precision)
    let bytes = model.serialized()
    let back = try SpeechModel(serialized: bytes)
    #expect(back.network == model.network)
    #expect(back.network.precision == precision)
    #expect(back.serialized() == bytes)
    let file = try Safetensors(bytes: bytes.span)
    #expect(file.metadata["stapes_format"] == "2")
    #expect(
      try Safetensors(bytes: smallModel().serialized().span).metadata["stapes_format"] == "1")
  }

  @Test func `stores integers within half a step of a row's scale, and biases as they are`() throws
  {
    let model = try smallModel()
    let exact = try model.network.network().parameters.tensors
    let file = try Safetensors(bytes: model.quantized(to: .int8).serialized().span)
    let stored = Dictionary(uniqueKeysWithValues: file.tensors.map { ($0.name, $0) })
    for tensor in exact {
      let found = try #require(stored[tensor.name])
      #expect(found.shape == [tensor.matrix.rowCount, tensor.matrix.columnCount])
      guard case .int8(let values) = found.content else {
        #expect(tensor.name.hasSuffix("bias") && found.values == tensor.matrix.values)
        continue
      }
      let scale = try #require(stored[tensor.name + ".scale"])
      #expect(scale.shape == [tensor.matrix.rowCount])
      for (index, value) in tensor.matrix.values.enumerated() {
        let step = scale.values[index / tensor.matrix.columnCount]
        #expect(abs(Float(values[index]) * step - value) <= 0.5001 * step)
      }
    }
    #expect(
      file.tensors.count == 2 * exact.count - exact.filter { $0.name.hasSuffix("bias") }.count)
  }

  @Test(arguments: precisions)
  func `each tensor begins at a multiple of its element's size`(precision: WeightPrecision) throws {
    let bytes = try smallModel().quantized(to: precision).serialized()
    var start = 0
    for tensor in try Safetensors(bytes: bytes.span).tensors {
      let size = tensor.content.type == "F32" ? 4 : tensor.content.type == "BF16" ? 2 : 1
      #expect(start.isMultiple(of: size), "\(tensor.name)")
      start += size * tensor.content.count
    }
  }

  @Test(arguments: precisions)
  func `a byte altered anywhere is refused`(precision: WeightPrecision) throws {
    var bytes = try smallModel().quantized(to: precision).serialized()
    let headerLength = Int(bytes[0]) + Int(bytes[1]) << 8
    let padding = bytes[..<(8 + headerLength)].reversed().prefix { $0 == 0x20 }.count
    for index in stride(from: 0, to: bytes.count, by: 5) {
      if (8 + headerLength - padding..<8 + headerLength).contains(index) { continue }
      bytes[index] ^= 2
      #expect(throws: ModelFault.self, "byte \(index)") { try SpeechModel(serialized: bytes) }
      bytes[index] ^= 2
    }
  }

  @Test func `says what differs`() throws {
    func fault(_ change: (inout Safetensors) -> Void) throws -> ModelFault? {
      var file = try Safetensors(bytes: smallModel().quantized(to: .int8).serialized().span)
      change(&file)
      file.metadata["checksum"] = file.checksum
      do throws(ModelFault) {
        _ = try SpeechModel(serialized: file.serialized())
        return nil
      } catch {
        return error
      }
    }
    #expect(try fault { _ in } == nil)
    let name = "layers.0.forward.input.scale"
    #expect(
      try fault { $0.tensors.removeAll { $0.name == name } }
        == .wrongTensor(name: name, expected: "[20]", found: "missing"))
    #expect(
      try fault { file in
        for index in file.tensors.indices where file.tensors[index].name == name {
          file.tensors[index].values[3] = .infinity
        }
      } == .notFinite(tensor: name))
    // One matrix of floats among those of integers, and integers in a file of the first format.
    for change: (inout Safetensors) -> Void in [
      { file in
        for index in file.tensors.indices where file.tensors[index].name == "output.weights" {
          let count = file.tensors[index].content.count
          file.tensors[index].values = [Float](repeating: 0, count: count)
        }
        file.tensors.removeAll { $0.name == "output.weights.scale" }
      },
      { $0.metadata["stapes_format"] = "1" },
    ] {
      guard case .unusableSetting = try fault(change) else {
        Issue.record("accepted")
        return
      }
    }
  }

  @Test func `bfloat16 must be finite`() throws {
    var file = try Safetensors(bytes: smallModel().quantized(to: .bfloat16).serialized().span)
    for index in file.tensors.indices where file.tensors[index].name == "output.weights" {
      let count = file.tensors[index].content.count
      file.tensors[index].content = .bfloat16([UInt16](repeating: 0x7F80, count: count))
    }
    file.metadata["checksum"] = file.checksum
    let bytes = file.serialized()
    #expect(throws: ModelFault.notFinite(tensor: "output.weights")) {
      try SpeechModel(serialized: bytes)
    }
  }

  @Test func `cannot be rounded or trained again`() throws {
    let model = try smallModel().quantized(to: .int8)
    #expect(throws: ModelFault.rounded(precision: "int8")) { try model.quantized(to: .bfloat16) }
    #expect(throws: NetworkError.notFloat32(found: .int8)) { try model.network.network() }
  }
}
