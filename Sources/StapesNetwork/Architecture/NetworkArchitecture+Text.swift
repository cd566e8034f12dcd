internal import StapesKernels

extension NetworkArchitecture: CustomStringConvertible {
  /// The text that `init(_:)` reads, always the same for the same architecture.
  public var description: String {
    var items = convolutions.map(\.text)
    if (stackCount, stackStride) != (1, 1) {
      items.append("stack \(stackCount) stride \(stackStride)")
    }
    var rest = layers[...]
    while let layer = rest.first {
      let count = rest.prefix { $0 == layer }.count
      if case .rowConvolution = layer.kind {
        items.append(layer.text)
        rest.removeFirst()
      } else {
        items.append((count == 1 ? "" : "\(count)x") + layer.text)
        rest.removeFirst(count)
      }
    }
    if let pooling { items.append("pool \(pooling.rawValue)") }
    if dropout > 0 || dropsWholeClips {
      items.append("dropout \(dropout.text)" + (dropsWholeClips ? " whole-clip" : ""))
    }
    if weightNoise > 0 { items.append("weight-noise \(weightNoise.text)") }
    if let truncation { items.append("truncate \(truncation)") }
    if initialization != .orthogonal { items.append("init \(initialization.text)") }
    return items.joined(separator: ", ")
  }
}

extension NetworkArchitecture: Codable {
  /// Reads the text form.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(NetworkError) {
      self = try NetworkArchitecture(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(error)")
    }
  }

  /// Writes the text form.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension NetworkArchitecture.Initialization {
  fileprivate var text: String {
    switch self {
    case .orthogonal: "orthogonal"
    case .glorot: "glorot"
    case .he: "he"
    case .identity: "identity"
    case .uniform(let bound): "uniform \(bound.text)"
    }
  }
}

extension Convolution2D {
  fileprivate var text: String {
    "conv \(channelCount) kernel \(kernel.time)x\(kernel.frequency) "
      + "stride \(stride.time)x\(stride.frequency) \(activation.text)"
      + (isNormalized ? " norm" : "")
  }
}

extension NetworkLayer {
  fileprivate var text: String {
    let (norm, residual) = (isNormalized ? " norm" : "", isResidual ? " residual" : "")
    return kind.text + (kind.isBidirectional ? " both" : "") + norm + residual
  }
}

extension NetworkLayer.Kind {
  fileprivate var text: String {
    switch self {
    case .feedForward(let layer): "\(layer.size) dense \(layer.activation.text)"
    case .elman(let layer): "\(layer.cell.size) elman \(layer.cell.activation.text)"
    case .lstm(let layer):
      "\(layer.cell.size) lstm" + (layer.cell.hasPeepholes ? " peepholes" : "")
        + (layer.cell.projectionSize.map { " project \($0)" } ?? "")
    case .gru(let layer):
      "\(layer.cell.size) gru" + (layer.cell.resetsBeforeProduct ? " reset-before" : "")
    case .rowConvolution(let layer): "look-ahead \(layer.lookAhead)"
    }
  }
}

extension Activation {
  fileprivate var text: String {
    switch self {
    case .tanh: "tanh"
    case .relu: "relu"
    case .clippedRelu(let ceiling): "clipped \(Double(ceiling).text)"
    }
  }
}

extension Double {
  /// The shortest text that stands for the number; without a point where it is whole.
  fileprivate var text: String { Int(exactly: self).map { "\($0)" } ?? "\(self)" }
}
