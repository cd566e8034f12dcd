internal import StapesText

/// How far long work has come: on a terminal one line that is rewritten, in a pipe or file a plain
/// line now and then.
package struct ProgressLine {
  private let isSilent: Bool
  private let interval: Duration
  private let begin = ContinuousClock.now
  private var next: ContinuousClock.Instant

  /// Makes a line that shows nothing yet.
  package init(isSilent: Bool = false) {
    self.isSilent = isSilent
    interval = Console.isTerminal ? .milliseconds(100) : .seconds(10)
    // A terminal shows the first step at once; elsewhere short work needs no line at all.
    next = begin + (Console.isTerminal ? .zero : interval)
  }

  /// Shows a text, unless one was shown just before.
  package mutating func show(_ text: @autoclosure () -> String) {
    let now = ContinuousClock.now
    guard !isSilent, now >= next else { return }
    next = now + interval
    if Console.isTerminal {
      Console.rewriteLine(String(text().escapedForTerminal.prefix(79)))
    } else {
      Console.say(text())
    }
  }

  /// Shows how many of a number of like things are done, at what rate, and the time left.
  ///
  /// - Parameters:
  ///   - done: how many are done.
  ///   - count: how many there are.
  ///   - noun: what they are, such as "files".
  ///   - seconds: how much sound is done, and how much there is, in seconds.
  package mutating func show(
    _ done: Int, of count: Int, _ noun: String, seconds: (done: Double, all: Double)
  ) {
    let elapsed = (ContinuousClock.now - begin).inSeconds
    guard elapsed > 0 else { return }
    let pace = seconds.done / elapsed
    let left = pace > 0 ? (seconds.all - seconds.done) / pace : 0
    show(
      "\(done) of \(count) \(noun), \(pace.formatted(decimals: pace < 10 ? 1 : 0)) x real time, "
        + "\(clockTime(left)) left")
  }

  /// Takes the line off the terminal, so that other text can follow.
  package func clear() {
    if !isSilent, Console.isTerminal { Console.rewriteLine("") }
  }
}
