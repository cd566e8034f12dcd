import TestSupport
import Testing

/// What the scripts say where there is no Swift, or none that will do.
@Suite struct SetupTests {
  @Test(arguments: ["stapes", "test"])
  func `an old Swift is named, and the command that installs a new one`(script: String) throws {
    let run = try Self.run(script, swift: "echo 'Swift version 5.10.1 (swift-5.10.1-RELEASE)'")
    #expect(run.status == 1)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains(" or later is needed and this is Swift 5.10.1; "), "\(run.errors)")
    #expect(run.errors.contains("swiftly init"))
  }

  @Test(arguments: ["stapes", "test"])
  func `the lack of Swift is said in one sentence`(script: String) throws {
    let run = try Self.run(script, swift: nil)
    #expect(run.status == 1)
    #expect(run.errorLines.count == 1)
    #expect(run.errors.contains(" needed and there is no swift on the PATH; "), "\(run.errors)")
    #expect(run.errors.contains("swiftly init"))
  }

  /// Runs a script of a tree that was never built, where nothing but a few programs can be found.
  private static func run(_ script: String, swift: String?) throws -> Tool.Run {
    try withTemporaryFolder { folder in
      try Tool.shell(
        """
        cd '\(folder)'; mkdir scripts Sources programs
        cp '\(fixturePath("../scripts"))'/{setup,stapes,test} scripts
        echo '// swift-tools-version: 6.2' >Package.swift
        for name in bash dirname readlink sed sort head; do
          ln -s "$(command -v $name)" programs
        done
        \(swift.map { "printf '#!/bin/sh\\n%s\\n' \"\($0)\" >programs/swift; chmod +x programs/swift" } ?? "")
        PATH='\(folder)/programs' scripts/\(script)
        """)
    }
  }
}
