import ArgumentParser
import Stapes

/// What decodes sound of kinds that Stapes does not decode itself.
struct DecodingOptions: ParsableArguments {
  @Flag(
    name: .customLong("no-ffmpeg"),
    help: """
      Do not run ffmpeg for files that Stapes does not decode itself (m4a, mp4, webm, amr, wma and \
      others).
      """)
  var noFFmpeg = false
}

/// A command that reads sound files.
protocol SoundCommand: ParsableCommand {
  var decoding: DecodingOptions { get }
}

extension AlignCommand: SoundCommand {}
extension AuditListenCommand: SoundCommand {}
extension BatchCommand: SoundCommand {}
extension CheckCommand: SoundCommand {}
extension EvaluateCommand: SoundCommand {}
extension ExplainCommand: SoundCommand {}
extension GradientsCommand: SoundCommand {}
extension ListenCommand: SoundCommand {}
extension TrainCommand: SoundCommand {}
extension TranscribeCommand: SoundCommand {}
extension TuneCommand: SoundCommand {}
