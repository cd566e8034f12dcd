internal import StapesKernels

extension NetworkArchitecture {
  /// Reads an architecture from a text such as `stack 3 stride 3, 3x320 lstm both, dropout 0.2`.
  ///
  /// Its items are parted by commas or line ends; `#` begins a comment. First the front, if any:
  ///
  /// - `conv 32 kernel 11x41 stride 3x2`: a convolution of 32 channels; sizes are frames x
  ///   frequencies; then `relu` (else), `tanh` or `clipped 20`, and `norm`. `conv2 stride 3` stands
  ///   for `Convolution2D.deepSpeech2(stride:)`.
  /// - `stack 3 stride 3`: frames that are joined, and the frames between two outputs.
  ///
  /// Then the layers, `3x320 lstm` for three of 320 units: `dense` or `elman` with `relu`, `tanh` or
  /// `clipped 20`; `lstm` with `peepholes` and `project 128`; `gru` with `reset-before`; each with
  /// `norm` and `residual`, and all but `dense` with `both` for both directions; `look-ahead 20`.
  ///
  /// And anywhere `dropout 0.2`, with `whole-clip` for masks that stay the same; `weight-noise
  /// 0.05`; `truncate 50`; `pool last` or `pool mean` for one output a clip; `init` with `orthogonal`, `glorot`, `he`, `identity` or `uniform 0.1`.
  ///
  /// - Throws: `NetworkError.unreadable`; `NetworkError.settingOutOfRange`.
  public init(_ text: String) throws(NetworkError) {
    var reader = ArchitectureReader(text)
    self = try reader.read()
    try validate()
  }
}

/// Reads the text form of an architecture, item by item.
private struct ArchitectureReader {
  private typealias Pooling = NetworkArchitecture.Pooling

  private var words: ArchitectureWords
  private var result = NetworkArchitecture(layers: [])
  private var seen: [String] = []
  /// The words that may still stand in an item.
  private var options = ""

  init(_ text: String) {
    words = ArchitectureWords(text)
  }

  mutating func read() throws(NetworkError) -> NetworkArchitecture {
    while words.skipSeparators() {
      options = ""
      if !(try readSetting()), !(try readFront()) { try readLayers() }
      guard words.isAtItemEnd else {
        throw words.error(allowed: options.isEmpty ? "a comma" : "a comma or one of \(options)")
      }
    }
    guard !result.layers.isEmpty else { throw words.error(allowed: "a layer such as 320 lstm") }
    return result
  }

  /// Takes a word that may stand once only.
  private mutating func takeOnce(_ word: String) throws(NetworkError) -> Bool {
    guard !seen.contains(word) || !words.isNext(word) else {
      throw words.error(allowed: "something that is not yet said")
    }
    guard words.take(word) else { return false }
    seen.append(word)
    return true
  }

  private mutating func readSetting() throws(NetworkError) -> Bool {
    if try takeOnce("dropout") {
      result.dropout = try words.number()
      result.dropsWholeClips = words.take("whole-clip")
      options = result.dropsWholeClips ? "" : "whole-clip"
    } else if try takeOnce("weight-noise") {
      result.weightNoise = try words.number()
    } else if try takeOnce("truncate") {
      result.truncation = try words.count()
    } else if try takeOnce("pool") {
      guard let pooling = Pooling.allCases.first(where: { words.take($0.rawValue) }) else {
        throw words.error(allowed: "last or mean")
      }
      result.pooling = pooling
    } else if try takeOnce("init") {
      result.initialization = try readInitialization()
    } else {
      return false
    }
    return true
  }

  private mutating func readInitialization() throws(NetworkError)
    -> NetworkArchitecture.Initialization
  {
    if words.take("orthogonal") { return .orthogonal }
    if words.take("glorot") { return .glorot }
    if words.take("he") { return .he }
    if words.take("identity") { return .identity }
    if words.take("uniform") { return .uniform(bound: try words.number()) }
    throw words.error(allowed: "orthogonal, glorot, he, identity or uniform")
  }

  private mutating func readFront() throws(NetworkError) -> Bool {
    let isLate = !result.layers.isEmpty || seen.contains("stack")
    for word in ["conv", "conv2"] where isLate && words.isNext(word) {
      throw words.error(allowed: "a layer (convolutions come first)")
    }
    if !result.layers.isEmpty, words.isNext("stack") {
      throw words.error(allowed: "a layer (the stack comes before)")
    }
    if words.take("conv2") {
      result.convolutions += Convolution2D.deepSpeech2(
        stride: words.take("stride") ? try words.count() : 2)
      options = "stride"
    } else if words.take("conv") {
      options = "kernel, stride, relu, tanh, clipped, norm"
      result.convolutions.append(try readConvolution())
    } else if try takeOnce("stack") {
      result.stackCount = try words.count()
      result.stackStride = words.take("stride") ? try words.count() : result.stackCount
      options = "stride"
    } else {
      return false
    }
    return true
  }

  private mutating func readConvolution() throws(NetworkError) -> Convolution2D {
    var convolution = Convolution2D(
      channelCount: try words.count(), kernel: Convolution2D.Extent(time: 3, frequency: 3))
    while true {
      if words.take("kernel") {
        convolution.kernel = try words.extent()
      } else if words.take("stride") {
        convolution.stride = try words.extent()
      } else if let activation = try readActivation() {
        convolution.activation = activation
      } else if words.take("norm") {
        convolution.isNormalized = true
      } else {
        return convolution
      }
    }
  }

  private mutating func readActivation() throws(NetworkError) -> Activation? {
    if words.take("relu") { return .relu }
    if words.take("tanh") { return .tanh }
    if words.take("clipped") { return .clippedRelu(ceiling: Float(try words.number())) }
    return nil
  }

  private mutating func readLayers() throws(NetworkError) {
    if words.take("look-ahead") {
      let layer = RowConvolution(lookAhead: try words.count())
      result.layers.append(
        NetworkLayer(.rowConvolution(layer), isNormalized: words.take("norm")))
      return
    }
    let (repeats, size) = try words.repeatedSize()
    let layer = try readLayer(size: size)
    result.layers += Array(repeating: layer, count: min(repeats, 1000))
  }

  private mutating func readLayer(size: Int) throws(NetworkError) -> NetworkLayer {
    var layer: NetworkLayer
    if words.take("dense") {
      layer = NetworkLayer(.feedForward(FeedForwardLayer(size: size)))
      options = "relu, tanh, clipped, norm, residual"
    } else if words.take("elman") {
      layer = NetworkLayer(.elman(ElmanLayer(ElmanCell(size: size))))
      options = "tanh, relu, clipped, both, norm, residual"
    } else if words.take("lstm") {
      layer = NetworkLayer(.lstm(LSTMLayer(LSTMCell(size: size))))
      options = "peepholes, project, both, norm, residual"
    } else if words.take("gru") {
      layer = NetworkLayer(.gru(GRULayer(GRUCell(size: size))))
      options = "reset-before, both, norm, residual"
    } else {
      throw words.error(allowed: "dense, elman, lstm or gru")
    }
    while try readOption(of: &layer) {}
    return layer
  }

  private mutating func readOption(of layer: inout NetworkLayer) throws(NetworkError) -> Bool {
    if words.take("norm") {
      layer.isNormalized = true
      return true
    }
    if words.take("residual") {
      layer.isResidual = true
      return true
    }
    switch layer.kind {
    case .feedForward(var dense):
      guard let activation = try readActivation() else { return false }
      dense.activation = activation
      layer.kind = .feedForward(dense)
    case .elman(var elman):
      if !takeBoth(for: &elman) {
        guard let activation = try readActivation() else { return false }
        elman.cell.activation = activation
      }
      layer.kind = .elman(elman)
    case .lstm(var lstm):
      if words.take("peepholes") {
        lstm.cell.hasPeepholes = true
      } else if words.take("project") {
        lstm.cell.projectionSize = try words.count()
      } else if !takeBoth(for: &lstm) {
        return false
      }
      layer.kind = .lstm(lstm)
    case .gru(var gru):
      if words.take("reset-before") {
        gru.cell.resetsBeforeProduct = true
      } else if !takeBoth(for: &gru) {
        return false
      }
      layer.kind = .gru(gru)
    case .rowConvolution: return false
    }
    return true
  }

  private mutating func takeBoth(for layer: inout RecurrentLayer<some RecurrentCell>) -> Bool {
    guard words.take("both") else { return false }
    layer.isBidirectional = true
    return true
  }
}
