internal import StapesKernels
internal import StapesModel
internal import StapesRecognition
internal import StapesStreaming
internal import StapesText

/// The outputs of a recogniser for a stream, where the network runs only near what may be speech.
///
/// Elsewhere the outputs are blank. When the gate opens, the network begins anew, half a second before,
/// as at the start of a clip; so its outputs stand for the same times as without the gate. A network
/// that needs windows runs all the time.
struct GatedPosteriors: ~Copyable {
  /// Whether each frame is processed once.
  let isExact: Bool
  /// The number of samples that the network was given.
  private(set) var processedCount = 0

  private let recognizer: Recognizer
  private let blockLength: Int
  private let outputsPerBlock: Int
  private let leadCount: Int
  private var gate: SpeechGate
  private var network: PosteriorStream?
  /// The number of outputs that the network has still to give for the blocks it was given.
  private var owedCount = 0
  /// The samples of the block that is not full.
  private var block: [Float] = []
  /// Samples for the network, which is faster on many at a time.
  private var waiting: [Float] = []
  /// The last blocks before the gate opens.
  private var lead: [[Float]] = []

  /// How long a block is, and how long before the first block of speech the network begins, in
  /// seconds.
  private static let (blockSeconds, leadSeconds) = (0.1, 0.5)

  init(_ recognizer: Recognizer) {
    self.recognizer = recognizer
    let step = OutputTiming(recognizer.model).step
    outputsPerBlock = max(1, Int((Self.blockSeconds / step).rounded()))
    let blockSeconds = Double(outputsPerBlock) * step
    blockLength = Int((blockSeconds * Double(recognizer.sampleRate)).rounded())
    leadCount = max(1, Int((Self.leadSeconds / blockSeconds).rounded()))
    gate = SpeechGate(blockSeconds: blockSeconds)
    let stream = PosteriorStream(recognizer)
    isExact = stream.isExact
    network = isExact ? nil : consume stream
  }

  /// Processes the next samples.
  ///
  /// - Returns: natural logs, [outputs × classes], of the outputs that are settled now.
  mutating func append(_ samples: [Float]) -> Matrix {
    guard isExact else { return run(samples) }
    var outputs = none
    var position = 0
    while position < samples.count {
      let end = min(position + blockLength - block.count, samples.count)
      block += samples[position..<end]
      position = end
      guard block.count == blockLength else { continue }
      outputs.appendRows(of: process())
      block = []
    }
    outputs.appendRows(of: flush())
    return outputs
  }

  /// Ends the stream.
  mutating func finish() -> Matrix {
    guard network != nil else { return none }
    var outputs = run(block)
    if let rest = network?.finish() { outputs.appendRows(of: rest) }
    return outputs
  }

  private var none: Matrix {
    Matrix(rowCount: 0, columnCount: recognizer.model.alphabet.classCount)
  }

  /// Processes a full block.
  private mutating func process() -> Matrix {
    if gate.isOpen(for: block) {
      if network == nil { network = PosteriorStream(recognizer) }
      owedCount += (lead.count + 1) * outputsPerBlock
      waiting += lead.joined() + block
      lead = []
      return none
    }
    var outputs = flush()
    if let rest = network?.finish() {
      network = nil
      let kept = rest.rows(0..<max(0, min(rest.rowCount, owedCount)))
      outputs.appendRows(of: kept)
      outputs.appendRows(of: blanks(max(0, owedCount - kept.rowCount)))
      owedCount = 0
      lead = [block]
      return outputs
    }
    lead.append(block)
    guard lead.count > leadCount else { return none }
    lead.removeFirst()
    return blanks(outputsPerBlock)
  }

  private mutating func run(_ samples: [Float]) -> Matrix {
    processedCount += samples.count
    return network?.append(samples) ?? none
  }

  /// Gives the network what waits for it.
  private mutating func flush() -> Matrix {
    guard !waiting.isEmpty else { return none }
    let outputs = run(waiting)
    waiting = []
    owedCount -= outputs.rowCount
    return outputs
  }

  /// Outputs of nothing but blank.
  private func blanks(_ count: Int) -> Matrix {
    let classCount = recognizer.model.alphabet.classCount
    var outputs = Matrix(rowCount: count, columnCount: classCount, repeating: -.infinity)
    for row in 0..<count { outputs[row, 0] = 0 }
    return outputs
  }
}
