import Foundation

/// Makes a script that can be run.
///
/// It is written by another process: a program that this one, or a child that it is just starting, has
/// open for writing cannot be run.
public func installProgram(_ text: String, at path: String) throws {
  let source = path + ".text"
  try Data(text.utf8).write(to: URL(filePath: source))
  let install = Process()
  install.executableURL = URL(filePath: "/usr/bin/install")
  install.arguments = ["-m", "755", source, path]
  try install.run()
  install.waitUntilExit()
}
