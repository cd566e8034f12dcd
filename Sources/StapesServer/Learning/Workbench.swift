internal import Hummingbird
internal import ServiceLifecycle
internal import StapesFiles
internal import StapesLabelling

/// What the page does with a folder of clips: label, record and learn.
struct Workbench {
  let folder: LabelFolder
  let learning: Learning
  let sentences: SentenceList

  /// Opens the folder of the options; nil where there is none.
  ///
  /// - Throws: `FileError`, where it, its journal or the sentences cannot be read.
  init?(_ service: SpeechService) async throws {
    let options = service.options
    guard let path = options.labelFolder else { return nil }
    folder = try LabelFolder(path: path)
    sentences =
      try options.sentences.map { path throws(FileError) in try SentenceList(contentsOf: path) }
      ?? SentenceList(String(decoding: PackageResources.sentences_txt, as: UTF8.self))
    learning = await Learning(folder: folder, service: service, program: options.trainer)
  }

  /// Adds its addresses to a router.
  func add(to router: Router<BasicRequestContext>, service: SpeechService) {
    let transcriber = LabelTranscriber(folder: folder, service: service)
    LabelRoutes(
      folder: folder, transcriber: transcriber, sentences: sentences, options: service.options
    ).add(to: router)
    LearnRoutes(learning: learning, options: service.options).add(to: router)
  }

  /// What runs beside the answers.
  func services(_ service: SpeechService) -> [any Service] {
    [
      LabelTranscriber(folder: folder, service: service),
      LearningService(learning: learning),
    ]
  }
}

/// Ends a training with the server.
struct LearningService: Service {
  let learning: Learning

  func run() async throws {
    try? await gracefulShutdown()
    try? await learning.cancel()
  }
}
