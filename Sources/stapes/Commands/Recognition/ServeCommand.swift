import ArgumentParser
import Stapes

/// `stapes serve`: the server, which is a program of its own beside this one.
struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serves speech recognition to other programs over HTTP, WebSocket and Wyoming.",
    discussion: """
      Runs the program stapes-serve, which lies beside stapes; `stapes serve --help` lists its options.

      Examples:
        stapes serve
        stapes serve --model my.safetensors --wyoming-port 10300
      """)

  @Argument(
    parsing: .captureForPassthrough,
    help: ArgumentHelp("Options of the server.", valueName: "option"))
  var options: [String] = []

  func run() throws {
    let tool = "/proc/self/exe".followingLinks
    let server = tool.folderPath + "/stapes-serve"
    guard FileNode(at: server, followsLinks: true) != nil else {
      throw ValidationError(
        "\(server): the server is not installed; in a checkout, run scripts/stapes serve")
    }
    try FileSystem.execute(server, options)
  }
}
