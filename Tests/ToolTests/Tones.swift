import Foundation
import Stapes
import TestSupport

/// A folder with a model of the language of tones and clips in it.
struct Tones {
  /// The folder.
  let folder: String
  /// The model file.
  var model: String { folder + "/tones.safetensors" }

  /// Runs the body with a new folder that holds the model, and removes the folder afterwards.
  static func run(_ body: (Tones) throws -> Void) throws {
    try withTemporaryFolder { folder in
      let tones = Tones(folder: folder)
      let provenance = Provenance(summary: "Letters as tones", licence: "CC0 1.0")
      try ToneLanguage.model(provenance: provenance).write(to: tones.model)
      try body(tones)
    }
  }

  /// Makes a clip that says a text.
  ///
  /// - Returns: its path.
  @discardableResult
  func say(_ text: String, in name: String, sampleRate: Int = 8000) throws -> String {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    let samples = ToneLanguage.samples(saying: text, sampleRate: sampleRate)
    try AudioFileWriter.writeWAV(samples: samples, sampleRate: sampleRate, to: path)
    return path
  }

  /// Makes a file of some bytes.
  ///
  /// - Returns: its path.
  @discardableResult
  func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    let path = folder + "/" + name
    try FileManager.default.createDirectory(
      at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: URL(filePath: path))
    return path
  }

  /// The content of a file as text.
  func read(_ name: String) throws -> String {
    String(decoding: try Data(contentsOf: URL(filePath: folder + "/" + name)), as: UTF8.self)
  }
}
