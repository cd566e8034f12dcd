import ArgumentParser
import Glibc
import Stapes
import StapesConsole

/// The `stapes` command.
///
/// Exit status: 0 all done, 1 bad usage or nothing done, 2 some items failed and are listed, 130
/// stopped by Ctrl-C.
@main
struct StapesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stapes",
    abstract: "Turns speech into text with recognisers that you train on your own clips.",
    discussion: """
      Examples:
        stapes transcribe recording.wav
        stapes batch recordings --output transcripts
        arecord -f S16_LE -r 16000 | stapes listen
        stapes spot recordings --phrases wanted.txt
        stapes check clips
        stapes augment clip.wav --noise street --output versions
        stapes train clips --output model.safetensors
        stapes evaluate data/test --model model.safetensors
        stapes audit clips --model model.safetensors --output audit.tsv
        stapes explain recording.wav
        stapes gradients clips --model model.safetensors --output reach.svg
        stapes info model.safetensors
        stapes quantize model.safetensors --output small.safetensors
        stapes export model.safetensors --onnx
        stapes lm train books.txt --output lm.bin
        stapes tune data/dev --model model.safetensors --lm lm.bin

      Exit status: 0 all done, 1 bad usage or nothing done, 2 some items failed and are listed, \
      130 stopped by Ctrl-C.
      """,
    version: ToolBuild.description,
    subcommands: [
      TranscribeCommand.self, BatchCommand.self, ListenCommand.self, SpotCommand.self,
      ServeCommand.self, CheckCommand.self,
      AugmentCommand.self, TrainCommand.self, EvaluateCommand.self, AlignCommand.self,
      AuditCommand.self, SelectCommand.self, ExplainCommand.self, GradientsCommand.self,
      ModelsCommand.self,
      InfoCommand.self, QuantizeCommand.self, ExportCommand.self, LanguageModelCommand.self,
      TuneCommand.self,
    ])

  static func main() async {
    // A reader that ends early shows as an error of the next write.
    signal(SIGPIPE, SIG_IGN)
    DecoderMessages.keep()
    do {
      let arguments = CommandLine.arguments.dropFirst().map(\.self).markingFiles()
      var command = try parseAsRoot(arguments)
      if var asynchronous = command as? any AsyncParsableCommand {
        try await asynchronous.run()
      } else {
        try command.run()
      }
    } catch ConsoleError.readerLeft {
      Glibc.exit(0)
    } catch RankError.told {
      Glibc.exit(1)
    } catch {
      Glibc.exit(report(error))
    }
  }

  /// Shows help where it was asked for, else says what went wrong.
  ///
  /// - Returns: the exit status.
  @discardableResult static func report(_ error: any Error) -> CInt {
    let message = fullMessage(for: error)
    switch exitCode(for: error) {
    case .success:
      do throws(ConsoleError) {
        try Console.write(message + "\n")
        return 0
      } catch {
        return 1
      }
    case .validationFailure:
      Console.say(lines: String(message.trimmingPrefix("Error: ")))
      return 1
    case let code where error is ExitCode: return code.rawValue
    default:
      // Only data that fits no layout takes several lines, to tell which layouts there are.
      error is LayoutError ? Console.say(lines: "\(error)") : Console.say("\(error)")
      return 1
    }
  }
}
