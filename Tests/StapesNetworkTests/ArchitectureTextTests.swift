import FoundationEssentials
import StapesNetwork
import StapesKernels
import Testing

/// The text form of a network.
@Suite struct ArchitectureTextTests {
  /// An architecture at random; it may be one that does not fit together.
  func random(_ generator: inout SplitMix64) -> NetworkArchitecture {
    func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    func activation() -> Activation {
      [.tanh, .relu, .clippedRelu(ceiling: Float(number(1...40)) / 2)][number(0...2)]
    }
    func convolution() -> Convolution2D {
      Convolution2D(
        channelCount: number(1...40),
        kernel: Convolution2D.Extent(time: number(1...12), frequency: number(1...12)),
        stride: Convolution2D.Extent(time: number(1...3), frequency: number(1...3)),
        activation: activation(), isNormalized: Bool.random(using: &generator))
    }
    func layer() -> NetworkLayer {
      let (size, flag) = (number(1...500), Bool.random(using: &generator))
      let (both, norm) = (Bool.random(using: &generator), Bool.random(using: &generator))
      let kinds: [NetworkLayer.Kind] = [
        .feedForward(FeedForwardLayer(size: size, activation: activation())),
        .elman(
          ElmanLayer(ElmanCell(size: size, activation: activation()), isBidirectional: both)),
        .lstm(
          LSTMLayer(
            LSTMCell(
              size: size, hasPeepholes: flag, projectionSize: norm ? number(1...size) : nil),
            isBidirectional: both)),
        .gru(GRULayer(GRUCell(size: size, resetsBeforeProduct: flag), isBidirectional: both)),
        .rowConvolution(RowConvolution(lookAhead: number(1...30))),
      ]
      let kind = kinds[number(0...4)]
      guard case .rowConvolution = kind else {
        return NetworkLayer(kind, isNormalized: norm, isResidual: flag)
      }
      return NetworkLayer(kind, isNormalized: norm)
    }
    let stack = number(1...4)
    var layers: [NetworkLayer] = []
    for _ in 0..<number(1...4) {
      layers += Array(repeating: layer(), count: number(1...3))
    }
    return NetworkArchitecture(
      convolutions: (0..<number(0...2)).map { _ in convolution() }, stackCount: stack,
      stackStride: number(1...stack), layers: layers, dropout: Double(number(0...9)) / 10,
      dropsWholeClips: Bool.random(using: &generator),
      weightNoise: Double(number(0...3)) / 64,
      truncation: number(0...1) == 0 ? nil : number(1...99),
      initialization: [.orthogonal, .glorot, .he, .identity, .uniform(bound: 0.08)][number(0...4)],
      pooling: [nil, .last, .mean][number(0...2)])
  }

  @Test func `what is written is read again`() throws {
    var generator = SplitMix64(seed: 1)
    for _ in 0..<500 {
      let architecture = random(&generator)
      #expect(try NetworkArchitecture(architecture.description) == architecture)
      let json = try JSONEncoder().encode([architecture])
      #expect(try JSONDecoder().decode([NetworkArchitecture].self, from: json) == [architecture])
    }
  }

  @Test(arguments: [
    ("stack 3, 3x320 LSTM both, dropout 0.2", "stack 3 stride 3, 3x320 lstm both, dropout 0.2"),
    ("# a comment, with a comma\n\n 8 dense\n8 elman # and more\n", "8 dense relu, 8 elman tanh"),
    ("dropout 0.10 whole-clip,4 gru both", "4 gru both, dropout 0.1 whole-clip"),
    ("4 gru,4 gru,look-ahead 2, 4 gru", "2x4 gru, look-ahead 2, 4 gru"),
    (
      "conv2 stride 3, 9 gru",
      """
      conv 32 kernel 11x41 stride 3x2 relu, conv 32 kernel 11x21 stride 1x2 relu, 9 gru
      """
    ),
    ("9 lstm residual norm both peepholes", "9 lstm peepholes both norm residual"),
  ])
  func `people may write it in their way`(text: String, canonical: String) throws {
    #expect(try NetworkArchitecture(text).description == canonical)
  }

  @Test(arguments: [
    ("", 1, 1, ""), ("dropout 0.2", 1, 12, ""), ("3x320", 1, 6, ""), ("3x320 lstn", 1, 7, "lstn"),
    ("320 lstm both, dropout", 1, 23, ""), ("320 lstm relu", 1, 10, "relu"),
    ("8 gru,\n stack 3", 2, 2, "stack"), ("8 gru, conv2", 1, 8, "conv2"),
    ("8 lstm project x", 1, 16, "x"), ("0x8 gru", 1, 1, "0x8"), ("-3 gru", 1, 1, "-3"),
    ("conv 3 kernel 4, 8 gru", 1, 15, "4"), ("8 gru, dropout 0, dropout 1", 1, 19, "dropout"),
    ("8 gru, init random", 1, 13, "random"), ("8 gru, pool max", 1, 13, "max"),
    ("8 gru, dropout nan", 1, 16, "nan"),
    ("bidirectional", 1, 1, "bidirectional"),
  ])
  func `says where it cannot read on`(text: String, line: Int, position: Int, found: String) {
    do throws(NetworkError) {
      let architecture = try NetworkArchitecture(text)
      Issue.record("read as \(architecture)")
    } catch {
      guard case .unreadable(line, position, found, let allowed) = error else {
        Issue.record("\(error)")
        return
      }
      #expect(!allowed.isEmpty)
    }
  }

  @Test(arguments: [
    "0 gru", "99999 gru", "33x8 gru", "8 gru, dropout 1", "stack 2 stride 3, 8 gru",
    "8 lstm project 9", "conv 0 kernel 3x3, 8 gru", "conv 3 kernel 3x0, 8 gru", "look-ahead 0",
    "8 gru, truncate 0", "8 gru, init uniform 0", "8 dense clipped 0", "8 gru, weight-noise -1",
  ])
  func `sizes that cannot be are named`(text: String) {
    do throws(NetworkError) {
      let architecture = try NetworkArchitecture(text)
      Issue.record("read as \(architecture)")
    } catch {
      guard case .settingOutOfRange = error else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func `a residual layer fits the one before`() throws {
    func validate(_ text: String) throws {
      try NetworkConfiguration(
        featureCount: 5, architecture: NetworkArchitecture(text), classCount: 3
      ).validate()
    }
    try validate("stack 2, 10 gru residual, 5 lstm both residual")
    #expect(throws: NetworkError.self) { try validate("9 gru residual") }
  }

  @Test func `networks of equal LSTM layers keep their old form`() throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys]
    let plain = NetworkConfiguration(
      featureCount: 30, stackCount: 3, stride: 2, layerCount: 2, hiddenSize: 192,
      isBidirectional: true, dropout: 0.2, classCount: 17)
    let old = """
      {"classCount":17,"dropout":0.2,"featureCount":30,"hiddenSize":192,"isBidirectional":true,\
      "layerCount":2,"stackCount":3,"stride":2}
      """
    #expect(String(decoding: try encoder.encode(plain), as: UTF8.self) == old)
    #expect(try JSONDecoder().decode(NetworkConfiguration.self, from: Data(old.utf8)) == plain)
    let same = try NetworkArchitecture("stack 3 stride 2, 2x192 lstm both, dropout 0.2")
    #expect(plain.architecture == same)
    for change in ["2x192 gru", "192 lstm, 191 lstm", "2x192 lstm norm", "2x192 lstm, truncate 9"] {
      let other = NetworkConfiguration(
        featureCount: 30, architecture: try NetworkArchitecture(change), classCount: 17)
      let json = try encoder.encode(other)
      #expect(String(decoding: json, as: UTF8.self).contains(change))
      #expect(try JSONDecoder().decode(NetworkConfiguration.self, from: json) == other)
    }
  }
}
