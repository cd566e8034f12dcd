import Foundation
import StapesFeatures
import StapesKernels

/// Features straight from their definitions, in double precision and without any shared table.
struct FeatureOracle {
  let configuration: FeatureConfiguration

  /// The features of a clip, without deltas.
  func features(of samples: [Float]) -> Matrix {
    let scaled = samples.map { Double($0) * Double(configuration.frames.sampleScale) }
    let rows = frames(of: scaled).map { features(ofFrame: $0).map(Float.init) }
    return rows.isEmpty
      ? Matrix(rowCount: 0, columnCount: configuration.staticColumnCount) : Matrix(rows: rows)
  }

  private func frames(of samples: [Double]) -> [[Double]] {
    let (length, hop) = (configuration.frameLength, configuration.hopLength)
    if configuration.frames.snipsEdges {
      return stride(from: 0, through: samples.count - length, by: hop).map {
        Array(samples[$0..<$0 + length])
      }
    }
    let count = (samples.count + hop / 2) / hop
    let period = samples + samples.reversed()  // the clip and its mirror image, for ever
    return (0..<count).map { index in
      let start = index * hop + hop / 2 - length / 2
      return (start..<start + length).map { position in
        period[((position % period.count) + period.count) % period.count]
      }
    }
  }

  private func features(ofFrame samples: [Double]) -> [Double] {
    let options = configuration.frames
    let mean = options.removesMean ? samples.reduce(0, +) / Double(samples.count) : 0
    let x = samples.map { $0 - mean }
    let y = x.indices.map { n in
      (x[n] - Double(options.preemphasis) * x[max(0, n - 1)]) * window(n, of: x.count)
    }
    let logMel = bands(of: spectrum(of: y)).map(floored)
    var result = logMel
    if let cepstrum = configuration.cepstrum {
      result = (0..<cepstrum.coefficientCount).map { coefficient($0, cepstrum, logMel) }
    }
    if let energy = configuration.energy {
      let value = floored((energy == .raw ? x : y).reduce(0) { $0 + $1 * $1 })
      result = [value] + (configuration.cepstrum == nil ? result : Array(result.dropFirst()))
    }
    let hasLoudness = configuration.cepstrum != nil || configuration.energy != nil
    guard hasLoudness && configuration.energyPosition == .last else { return result }
    return Array(result.dropFirst()) + [result[0]]
  }

  private func floored(_ energy: Double) -> Double {
    log(max(energy, Double(configuration.energyFloor)))
  }

  private func window(_ n: Int, of length: Int) -> Double {
    let cosine = cos(2 * .pi * Double(n) / Double(length - 1))
    return switch configuration.frames.window {
    case .hamming: 0.54 - 0.46 * cosine
    case .hann: 0.5 - 0.5 * cosine
    case .povey: pow(0.5 - 0.5 * cosine, 0.85)
    case .rectangular: 1
    }
  }

  private func spectrum(of y: [Double]) -> [Double] {
    let length = configuration.transformLength
    return (0...length / 2).map { k in
      var (real, imaginary) = (0.0, 0.0)
      for n in y.indices {
        let angle = 2 * Double.pi * Double(k * n % length) / Double(length)
        real += y[n] * cos(angle)
        imaginary += y[n] * sin(angle)
      }
      let power = real * real + imaginary * imaginary
      return configuration.mel.spectrum == .power ? power : power.squareRoot()
    }
  }

  private func bands(of spectrum: [Double]) -> [Double] {
    let options = configuration.mel
    func mel(_ frequency: Double) -> Double { 1127 * log(1 + frequency / 700) }
    let (low, high) = (mel(options.lowestFrequency), mel(options.highestFrequency))
    let spacing = (high - low) / Double(options.bandCount + 1)
    return (0..<options.bandCount).map { band in
      let centre = low + spacing * Double(band + 1)
      return spectrum.indices.reduce(0) { sum, bin in
        let frequency =
          Double(bin) * Double(configuration.sampleRate) / Double(configuration.transformLength)
        return sum + spectrum[bin] * max(0, 1 - abs(mel(frequency) - centre) / spacing)
      }
    }
  }

  private func coefficient(_ k: Int, _ options: CepstrumOptions, _ logMel: [Double]) -> Double {
    let count = Double(logMel.count)
    let scale = (k == 0 && options.scaling == .orthonormal ? 1 / count : 2 / count).squareRoot()
    let lift =
      options.lifter == 0 ? 1 : 1 + options.lifter / 2 * sin(.pi * Double(k) / options.lifter)
    return scale * lift
      * logMel.enumerated().reduce(0) { sum, band in
        sum + band.element * cos(.pi * Double(k) * (Double(band.offset) + 0.5) / count)
      }
  }
}
