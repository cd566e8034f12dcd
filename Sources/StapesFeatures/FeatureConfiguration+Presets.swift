extension FeatureConfiguration {
  /// MFCC for speech recognition: 13 coefficients with C0, their slopes and the slopes of those.
  public static func mfcc(sampleRate: Int = 16_000) -> FeatureConfiguration {
    var configuration = FeatureConfiguration(sampleRate: sampleRate)
    configuration.cepstrum = CepstrumOptions()
    configuration.deltas = DeltaOptions()
    return configuration
  }

  /// What Kaldi's `compute-fbank-feats --dither=0` computes by default, but for `bandCount`.
  public static func kaldiFilterBank(
    sampleRate: Int = 16_000, bandCount: Int = 23
  ) -> FeatureConfiguration {
    var configuration = FeatureConfiguration(sampleRate: sampleRate)
    configuration.frames.sampleScale = 32_768
    configuration.mel.bandCount = bandCount
    configuration.mel.lowestFrequency = 20
    configuration.mel.highestFrequency = Double(sampleRate) / 2
    configuration.energyFloor = .ulpOfOne
    return configuration
  }

  /// What Kaldi's `compute-mfcc-feats --dither=0` computes by default.
  public static func kaldiMFCC(sampleRate: Int = 16_000) -> FeatureConfiguration {
    var configuration = kaldiFilterBank(sampleRate: sampleRate)
    configuration.cepstrum = CepstrumOptions()
    configuration.energy = .raw
    return configuration
  }

  /// What HTK's `HCopy` computes for the target kind `FBANK` with `USEHAMMING`, `USEPOWER` and no
  /// pre-emphasis.
  public static func htkFilterBank(
    sampleRate: Int = 16_000, bandCount: Int = 20
  ) -> FeatureConfiguration {
    var configuration = FeatureConfiguration(sampleRate: sampleRate)
    configuration.frames.sampleScale = 32_768
    configuration.frames.removesMean = false
    configuration.frames.preemphasis = 0
    configuration.frames.window = .hamming
    configuration.mel.bandCount = bandCount
    configuration.mel.lowestFrequency = 0
    configuration.mel.highestFrequency = Double(sampleRate) / 2
    configuration.mel.roundsCutoffs = true
    configuration.energyPosition = .last
    configuration.energyFloor = 1
    return configuration
  }

  /// What HTK's `HCopy` computes for the target kind `MFCC_0` with `USEHAMMING`, `USEPOWER` and
  /// no pre-emphasis.
  ///
  /// `MFCC_E` comes with `energy` `.raw` (for `RAWENERGY = T`, `ENORMALISE = F`), and `_D` or `_D_A`
  /// with `deltas`.
  public static func htkMFCC(
    sampleRate: Int = 16_000, bandCount: Int = 20
  ) -> FeatureConfiguration {
    var configuration = htkFilterBank(sampleRate: sampleRate, bandCount: bandCount)
    var cepstrum = CepstrumOptions()
    cepstrum.scaling = .uniform
    configuration.cepstrum = cepstrum
    return configuration
  }
}
