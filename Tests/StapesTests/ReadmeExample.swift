import Stapes

/// What is said in a recording of spoken digits.
func digits(in recording: String) async throws -> String {
  let recognizer = try Recognizer(model: .bundled("digits"))
  return try await recognizer.transcribe(contentsOf: recording).text
}

/// Trains a recogniser on a folder of clips, and writes it to a file.
func train(on folder: String, epochCount: Int, writingTo path: String) async throws {
  let corpus = try Corpus(readingFrom: [folder])
  var options = TrainingOptions.recommended(for: corpus)
  options.epochCount = epochCount
  for try await event in try Trainer(corpus: corpus, options: options).run() {
    switch event {
    case .epoch(let epoch): print("word error rate", epoch.validation.rates.wer.value)
    case .finished(let outcome): try outcome.model.write(to: path)
    default: break
    }
  }
}
