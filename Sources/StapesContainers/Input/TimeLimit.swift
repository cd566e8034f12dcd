/// How long the reading of a file may take, from when this was made.
package struct TimeLimit {
  /// The file.
  let path: String
  /// The time in seconds; nil for any.
  let seconds: Double?
  private let begin = ContinuousClock.now

  package init(path: String, seconds: Double?) {
    (self.path, self.seconds) = (path, seconds)
  }

  /// Looks at the clock.
  ///
  /// - Throws: `AudioError.timedOut` when the time is over.
  package func check() throws(AudioError) {
    let passed = (ContinuousClock.now - begin).components
    guard let seconds, Double(passed.seconds) + Double(passed.attoseconds) * 1e-18 > seconds else {
      return
    }
    throw .timedOut(path: path, seconds: seconds)
  }
}
