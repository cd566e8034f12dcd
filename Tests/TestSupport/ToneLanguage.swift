import Glibc
public import StapesFeatures
import StapesKernels
public import StapesModel
import StapesNetwork
public import StapesText

/// A language of tones, for tests of everything from sound to text: each letter is a tone of its
/// own pitch, and a model whose weights are set by hand reads it without an error.
public enum ToneLanguage {
  /// The letters and their pitches in hertz.
  public static let pitches: [(letter: Character, hertz: Double)] = [
    (" ", 350), ("a", 700), ("b", 1400), ("c", 2800),
  ]

  /// The sound of a text: each letter for 120 ms, then 80 ms of silence.
  public static func samples(saying text: String, sampleRate: Int = 8000) -> [Float] {
    let (toneLength, pauseLength) = (sampleRate * 12 / 100, sampleRate * 8 / 100)
    var samples = [Float](repeating: 0, count: pauseLength)
    for letter in text {
      let hertz = pitches.first { $0.letter == letter }?.hertz ?? 0
      for index in 0..<toneLength {
        // Fading in and out keeps the tone within its band.
        let fade = sin(Double.pi * Double(index) / Double(toneLength))
        let phase = 2 * Double.pi * hertz * Double(index) / Double(sampleRate)
        samples.append(Float(0.3 * fade * sin(phase)))
      }
      samples += [Float](repeating: 0, count: pauseLength)
    }
    return samples
  }

  /// The front end: ten mel bands at 8 kHz.
  public static let features: FeatureConfiguration = {
    var features = FeatureConfiguration(sampleRate: 8000)
    features.mel.bandCount = 10
    return features
  }()

  /// The model.
  ///
  /// Its one LSTM layer keeps its gates open and forgets at once, so that hidden unit j only says
  /// how loud band j is; a letter's logit is the loudness of its pitch's band, and blank wins when
  /// all is silent. Where it reads in both directions, the second has no say. How sure it is grows
  /// with its last weights.
  public static func model(
    vocabulary: [String]? = nil, isBidirectional: Bool = false, sureness: Float = 40,
    textNormalization: TextNormalization = TextNormalization(),
    provenance: Provenance = Provenance()
  ) throws -> SpeechModel {
    let alphabet = Alphabet(transcripts: [String(pitches.map(\.letter))])
    let bandCount = features.columnCount
    let configuration = NetworkConfiguration(
      featureCount: bandCount, layerCount: 1, hiddenSize: bandCount,
      isBidirectional: isBidirectional, classCount: alphabet.classCount)
    var weights = NetworkParameters.zeros(for: configuration)
    for band in 0..<bandCount {
      weights.tensors[2].matrix[0, band] = 20  // the input gate, open
      weights.tensors[2].matrix[0, bandCount + band] = -20  // the forget gate, shut
      weights.tensors[2].matrix[0, 3 * bandCount + band] = 20  // the output gate, open
      // The cell: tanh((energy + 4) / 8), below 0 for silence and far sidebands. The energy is that
      // of the first of the three frames that are stacked.
      weights.tensors[0].matrix[2 * bandCount + band, band] = 1 / 8
      weights.tensors[2].matrix[0, 2 * bandCount + band] = 4 / 8
    }
    for (letter, hertz) in pitches {
      let label = try alphabet.labels(of: String(letter))[0]
      weights.tensors[weights.tensors.count - 2].matrix[label, try band(of: hertz)] = sureness
    }
    return SpeechModel(
      features: features, normalization: .none, alphabet: alphabet,
      vocabulary: vocabulary, textNormalization: textNormalization,
      network: try Network(configuration: configuration, parameters: weights),
      provenance: provenance)
  }

  /// The mel band in which a tone is loudest: its middle frame is looked at.
  private static func band(of hertz: Double) throws -> Int {
    var extractor = try FeatureExtractor(configuration: features)
    let tone = (0..<400).map { (index: Int) -> Float in
      let phase = 2 * Double.pi * hertz * Double(index) / 8000
      return Float(0.3 * sin(phase))
    }
    let frames = extractor.features(of: tone)
    let middle = Array(frames.row(frames.rowCount / 2))
    return middle.indices.max { middle[$0] < middle[$1] } ?? 0
  }
}
