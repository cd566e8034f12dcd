import CSndFile
import Testing

/// A container and encoding that the tests write.
struct SoundFormat: CustomTestStringConvertible, Sendable {
  let name: String
  let code: Int
  var testDescription: String { name }
}

/// Writes interleaved samples with libsndfile's own encoders.
func encode(
  _ samples: [Float], sampleRate: Int, channelCount: Int = 1, as code: Int, to path: String
) throws {
  var info = SF_INFO()
  info.format = CInt(code)
  info.samplerate = CInt(sampleRate)
  info.channels = CInt(channelCount)
  let file = unsafe try #require(sf_open(path, CInt(SFM_WRITE), &info))
  defer { unsafe sf_close(file) }
  // Beyond full scale, integers would wrap around.
  unsafe sf_command(file, CInt(SFC_SET_CLIPPING), nil, CInt(SF_TRUE))
  let frameCount = sf_count_t(samples.count / channelCount)
  let written = unsafe sf_writef_float(file, samples, frameCount)
  #expect(written == frameCount)
}
