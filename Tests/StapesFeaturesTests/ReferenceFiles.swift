import FoundationEssentials
import StapesFeatures
import StapesKernels

/// The files that other tools have left of their features, and the clips they made them from.
enum ReferenceFiles {
  /// A 16-bit mono WAV file's samples, in -1...1; the data begin after the first `data` tag.
  static func samples(ofWAV path: String) throws -> [Float] {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let tag = Array("data".utf8)
    let position = bytes.indices.first { bytes[$0...].starts(with: tag) } ?? bytes.count
    let data = bytes.dropFirst(position + 8)
    return stride(from: data.startIndex, to: data.endIndex - 1, by: 2).map {
      Float(Int16(bitPattern: UInt16(data[$0]) | UInt16(data[$0 + 1]) << 8)) / 32_768
    }
  }

  /// A matrix in Kaldi's text format: rows between brackets.
  static func kaldiMatrix(at path: String) throws -> Matrix {
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    let rows = text.split(separator: "\n").map { line in
      line.split { $0 == " " || $0 == "[" || $0 == "]" }.compactMap { Float($0) }
    }
    return Matrix(rows: Array(rows.dropFirst().filter { !$0.isEmpty }))
  }

  /// An HTK parameter file: big-endian; frames (4 bytes), period (4), bytes a frame (2), kind (2),
  /// then 32-bit floats.
  static func htkMatrix(at path: String) throws -> Matrix {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    func number(_ range: Range<Int>) -> UInt32 {
      bytes[range].reduce(0) { $0 << 8 | UInt32($1) }
    }
    let (rowCount, columnCount) = (Int(number(0..<4)), Int(number(8..<10)) / 4)
    let values = (0..<rowCount * columnCount).map {
      Float(bitPattern: number(12 + 4 * $0..<16 + 4 * $0))
    }
    return Matrix(rowCount: rowCount, columnCount: columnCount, values: values)
  }

  /// The front end that an HCopy configuration file asks for.
  static func configuration(fromHTK path: String) throws -> FeatureConfiguration {
    let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
    var settings: [Substring: Substring] = [:]
    for line in text.split(separator: "\n") {
      let words = (line.split(separator: "#", omittingEmptySubsequences: false).first ?? "")
        .split { $0 == " " || $0 == "=" || $0 == "\t" }
      if words.count == 2 { settings[words[0]] = words[1] }
    }
    return try configuration(settings)
  }

  private static func configuration(
    _ settings: [Substring: Substring]
  ) throws -> FeatureConfiguration {
    func number(_ key: Substring) throws -> Double {
      guard let number = settings[key].flatMap({ Double($0) }) else { throw Missing(key: key) }
      return number
    }
    let ticks = 1e7  // HTK measures time in 100 ns
    let kind = (settings["TARGETKIND"] ?? "").split(separator: "_")
    let (rate, bandCount) = (Int(ticks / (try number("SOURCERATE"))), Int(try number("NUMCHANS")))
    var result =
      kind.first == "MFCC"
      ? FeatureConfiguration.htkMFCC(sampleRate: rate, bandCount: bandCount)
      : .htkFilterBank(sampleRate: rate, bandCount: bandCount)
    result.frames.frameSeconds = try number("WINDOWSIZE") / ticks
    result.frames.hopSeconds = try number("TARGETRATE") / ticks
    result.frames.preemphasis = Float(try number("PREEMCOEF"))
    result.mel.lowestFrequency = try number("LOFREQ")
    result.mel.highestFrequency = try number("HIFREQ")
    if settings["WARPFREQ"] != nil {
      result.mel.warp = FrequencyWarp(
        factor: try number("WARPFREQ"), lowerCutoff: try number("WARPLCUTOFF"),
        upperCutoff: try number("WARPUCUTOFF"))
    }
    if kind.first == "MFCC" {
      result.cepstrum?.coefficientCount = Int(try number("NUMCEPS")) + 1
      result.cepstrum?.lifter = try number("CEPLIFTER")
    }
    if kind.contains("E") { result.energy = .raw }
    if kind.contains("A") { result.deltas = DeltaOptions() }
    return result
  }

  struct Missing: Error { let key: Substring }
}
