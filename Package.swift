// swift-tools-version: 6.2

import PackageDescription

let settings: [SwiftSetting] = [
  .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .strictMemorySafety(), .treatAllWarnings(as: .error),
]

let cSettings: [CSetting] = [
  .enableWarning("all"), .enableWarning("extra"), .treatAllWarnings(as: .error),
]

func module(_ name: String, _ dependencies: [Target.Dependency], resources: [Resource]? = nil)
  -> Target
{
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// Tests that run the tool and the upper modules are compiled without optimisation, which takes half the
/// time; those that calculate what they compare with are not.
let plain = settings + [.unsafeFlags(["-Onone"])]
let calculating: Set = [
  "StapesKernels", "StapesText", "StapesScoring", "StapesRanks", "StapesLanguage", "StapesAudio",
  "StapesFeatures", "StapesNetwork", "StapesCTC", "StapesDecoding", "StapesAugmentation",
  "StapesRecognition", "StapesTranscript", "Benchmarks",
]

func tests(of name: String, _ modules: [String] = [], _ products: [Target.Dependency] = [])
  -> Target
{
  .testTarget(
    name: "\(name)Tests",
    dependencies: Set(modules + [name, "TestSupport"]).sorted().map { .byName(name: $0) }
      + products,
    swiftSettings: calculating.contains(name) ? settings : plain)
}

func products(_ names: [String], of package: String) -> [Target.Dependency] {
  names.map { .product(name: $0, package: package) }
}

func library(_ name: String, pkgConfig: String, package: String) -> Target {
  .systemLibrary(name: name, pkgConfig: pkgConfig, providers: [.apt([package])])
}

/// What the tests of the upper modules share.
let stages = [
  "StapesKernels", "StapesText", "StapesScoring", "StapesFiles", "StapesAudio", "StapesFeatures",
  "StapesNetwork", "StapesModel", "StapesCorpus", "StapesTranscript", "StapesRanks",
]

/// Whether the server, and what it is made of, is fetched and built; a trait would build all anew.
let withServer = Context.environment["STAPES_SERVER"] != nil

let serverPackages: [Package.Dependency] =
  withServer
  ? [
    .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.1", traits: []),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-extras", from: "1.35.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
    .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
  ] : []

let pageScripts = "page kit try label record learn live sound words recorder"

let server: [Target] =
  withServer
  ? [
    module("StapesProtocols", ["Stapes", "StapesText"] + products(["NIOCore"], of: "swift-nio")),
    module(
      "StapesLabelling", ["Stapes", "StapesFiles", "StapesText", "StapesAudio", "StapesProtocols"]),
    module(
      "StapesServer",
      ["Stapes", "StapesConcurrency", "StapesText", "StapesFiles", "StapesAudio"]
        + ["StapesProtocols", "StapesLabelling"]
        + products(["Hummingbird", "HummingbirdCore", "HummingbirdTLS"], of: "hummingbird")
        + products(["HTTPTypes"], of: "swift-http-types") + products(["Logging"], of: "swift-log")
        + products(["NIOHTTPTypes", "NIOHTTPTypesHTTP1"], of: "swift-nio-extras")
        + products(["NIOSSL"], of: "swift-nio-ssl")
        + products(["ServiceLifecycle", "UnixSignals"], of: "swift-service-lifecycle")
        + products(["NIOCore", "NIOPosix", "NIOHTTP1", "NIOWebSocket"], of: "swift-nio"),
      resources: (["icon.svg", "page.html", "page.css", "sentences.txt"]
        + pageScripts.split(separator: " ").map { "\($0).js" }).map { .embedInCode("Page/\($0)") }),
    .executableTarget(
      name: "stapes-serve",
      dependencies: ["Stapes", "StapesConsole", "StapesServer", "StapesText"]
        + products(["ArgumentParser"], of: "swift-argument-parser")
        + products(["Logging"], of: "swift-log"), swiftSettings: settings),
    tests(of: "StapesLabelling", ["Stapes", "StapesProtocols"]),
    tests(
      of: "StapesServer",
      ["Stapes", "StapesProtocols", "StapesLabelling", "stapes-serve"],
      products(["NIOCore"], of: "swift-nio")),
  ] : []

/// What tries the readers of foreign files with bytes of all kinds: `scripts/fuzz` alone builds it.
let fuzzing: [Target] =
  Context.environment["STAPES_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzzing",
      dependencies: [
        "StapesLanguage", "StapesAudio", "StapesNetwork", "StapesLayouts", "StapesModel",
        "StapesCorpus", "StapesRecognition", "StapesTraining", "StapesEvaluation",
        "StapesProtocols",
      ] + products(["NIOCore"], of: "swift-nio"),
      swiftSettings: settings)
  ]

let package = Package(
  name: "stapes",
  products: [
    .library(name: "Stapes", targets: ["Stapes"]),
    .executable(name: "stapes", targets: ["stapes"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-system", from: "1.8.1"),
  ] + serverPackages,
  targets: [
    // Layer 0: C libraries, and our own inner loops.
    library("CSndFile", pkgConfig: "sndfile", package: "libsndfile1-dev"),
    library("CFFTW", pkgConfig: "fftw3f", package: "libfftw3-dev"),
    library("CSoxr", pkgConfig: "soxr", package: "libsoxr-dev"),
    library("CZlib", pkgConfig: "zlib", package: "zlib1g-dev"),
    .target(name: "CKernels", cSettings: cSettings), .target(name: "CMPI", cSettings: cSettings),
    .target(
      name: "CModels",
      exclude: [
        "README.md", "digits.safetensors", "english.safetensors", "english-streaming.safetensors",
        "english-words.bin",
      ], cSettings: cSettings),

    // Layer 1: numbers, characters, bytes on disk, error rates and words.
    module("StapesKernels", ["CFFTW", "CKernels"]),
    module("StapesConcurrency", []), module("StapesText", []), module("StapesScoring", []),
    module("StapesFiles", ["CZlib", .product(name: "SystemPackage", package: "swift-system")]),
    module("StapesScanning", ["StapesText"]),
    module("StapesContainers", ["StapesFiles"]),
    module("StapesLanguage", ["StapesFiles"]),

    // Layer 2: the stages, one job each.
    module("StapesAudio", ["CSndFile", "CSoxr", "StapesFiles", "StapesContainers"]),
    module("StapesFeatures", ["StapesKernels"]),
    module("StapesNetwork", ["StapesKernels", "StapesConcurrency"]),
    module("StapesCTC", ["StapesKernels"]),
    module("StapesRanks", ["CMPI", "StapesConcurrency", "StapesKernels"]),
    module("StapesDecoding", ["StapesKernels", "StapesLanguage"]),

    // Layer 3: a trained model; a folder of labelled clips.
    module(
      "StapesModel",
      [
        "StapesKernels", "StapesConcurrency", "StapesText", "StapesScoring", "StapesFiles",
        "StapesFeatures", "StapesNetwork", "StapesDecoding",
      ]),
    module("StapesLayouts", ["StapesText", "StapesFiles", "StapesScanning", "StapesAudio"]),
    module(
      "StapesCorpus",
      [
        "StapesKernels", "StapesConcurrency", "StapesText", "StapesFiles", "StapesContainers",
        "StapesAudio", "StapesLayouts",
      ]),
    module("StapesTranscript", ["StapesText", "StapesFiles", "StapesAudio"]),
    module(
      "StapesAugmentation",
      ["StapesKernels", "StapesText", "StapesFiles", "StapesAudio", "StapesFeatures"]),

    // Layer 4: the stages put together.
    module(
      "StapesRecognition",
      [
        "CModels", "StapesStreaming", "StapesConcurrency", "StapesKernels", "StapesText",
        "StapesScoring", "StapesFiles",
        "StapesLanguage", "StapesAudio", "StapesFeatures", "StapesNetwork", "StapesCTC",
        "StapesDecoding", "StapesModel", "StapesCorpus", "StapesTranscript",
      ]),
    module(
      "StapesStreaming", ["StapesKernels", "StapesFeatures", "StapesNetwork", "StapesModel"]),
    module(
      "StapesRecipe",
      [
        "StapesKernels", "StapesText", "StapesScoring", "StapesFiles", "StapesAudio",
        "StapesFeatures", "StapesNetwork", "StapesCTC", "StapesModel", "StapesCorpus",
        "StapesAugmentation",
      ]),
    module(
      "StapesTraining",
      [
        "StapesRecipe", "StapesConcurrency", "StapesKernels", "StapesText", "StapesScoring",
        "StapesFiles", "StapesAudio", "StapesFeatures", "StapesNetwork", "StapesCTC",
        "StapesDecoding", "StapesModel", "StapesCorpus", "StapesAugmentation", "StapesRanks",
      ]),
    module(
      "StapesSpotting",
      [
        "StapesStreaming", "StapesConcurrency", "StapesKernels", "StapesText", "StapesFiles",
        "StapesContainers", "StapesAudio", "StapesDecoding", "StapesModel", "StapesTranscript",
        "StapesRecognition",
      ]),
    module(
      "StapesBatch",
      [
        "StapesConcurrency", "StapesText", "StapesFiles", "StapesAudio", "StapesTranscript",
        "StapesRecognition",
      ]),
    module(
      "StapesEvaluation",
      [
        "StapesConcurrency", "StapesKernels", "StapesText", "StapesScoring", "StapesFiles",
        "StapesLanguage", "StapesAudio", "StapesFeatures", "StapesNetwork", "StapesCTC",
        "StapesDecoding", "StapesModel", "StapesCorpus", "StapesAugmentation", "StapesTranscript",
        "StapesRecognition", "StapesTraining", "StapesSpotting",
      ]),
    module(
      "StapesReports",
      [
        "StapesLanguage", "StapesEvaluation", "StapesAudio", "StapesKernels", "StapesText",
        "StapesScoring", "StapesFiles", "StapesFeatures", "StapesNetwork", "StapesDecoding",
        "StapesModel", "StapesLayouts", "StapesCorpus", "StapesTranscript", "StapesRecognition",
        "StapesTraining", "StapesSpotting",
      ]),

    // Layer 5: the umbrella, the tool, and what measures the library.
    module(
      "Stapes",
      [
        "StapesKernels", "StapesText", "StapesScoring", "StapesFiles", "StapesLanguage",
        "StapesScanning", "StapesAudio", "StapesFeatures", "StapesNetwork", "StapesDecoding",
        "StapesLayouts", "StapesModel", "StapesCorpus", "StapesAugmentation", "StapesTranscript",
        "StapesRecognition", "StapesTraining", "StapesSpotting", "StapesBatch", "StapesEvaluation",
        "StapesReports", "StapesRanks",
      ]),
    module(
      "StapesConsole",
      ["StapesText"] + products(["Logging"], of: "swift-log")
        + products(["SystemPackage"], of: "swift-system")),
    .executableTarget(
      name: "stapes",
      dependencies: ["Stapes", "StapesConsole"]
        + products(["ArgumentParser"], of: "swift-argument-parser")
        + products(["Logging"], of: "swift-log") + products(["SystemPackage"], of: "swift-system"),
      swiftSettings: settings,
      // Unused libraries would cost every start time; the identifier tells builds apart.
      linkerSettings: [
        .unsafeFlags(
          ["-Xlinker", "--as-needed", "-Xlinker", "--build-id"], .when(platforms: [.linux]))
      ]),
    .executableTarget(
      name: "Benchmarks",
      dependencies: [
        "StapesKernels", "StapesFeatures", "StapesNetwork", "StapesCTC", "StapesDecoding",
        "StapesCorpus", "StapesRecognition", "StapesTraining", "StapesBatch",
      ] + products(["ArgumentParser"], of: "swift-argument-parser"),
      exclude: ["README.md"], swiftSettings: settings),
    .target(
      name: "TestSupport",
      dependencies: [
        "StapesKernels", "StapesText", "StapesAudio", "StapesFeatures", "StapesNetwork",
        "StapesModel", "StapesCorpus", "StapesAugmentation", "StapesTranscript", "StapesRanks",
      ],
      path: "Tests/TestSupport", swiftSettings: settings),
    tests(of: "StapesKernels", ["CKernels"]),
    tests(of: "StapesText", ["StapesKernels"]), tests(of: "StapesScoring", ["StapesKernels"]),
    tests(of: "StapesRanks", ["CMPI", "StapesKernels", "StapesConcurrency"]),
    tests(of: "StapesLanguage", ["StapesKernels"]),
    tests(of: "StapesAudio", ["CSndFile", "StapesKernels"]),
    tests(of: "StapesFeatures", ["StapesKernels", "StapesAudio"]),
    tests(of: "StapesNetwork", ["StapesKernels", "StapesCTC"]),
    tests(of: "StapesCTC", ["StapesKernels"]),
    tests(of: "StapesDecoding", ["StapesKernels", "StapesLanguage", "StapesCTC"]),
    tests(of: "StapesModel", stages + ["StapesDecoding"]),
    tests(of: "StapesCorpus", stages + ["StapesScanning", "StapesLayouts", "StapesAugmentation"]),
    tests(of: "StapesAugmentation", ["StapesKernels", "StapesAudio", "StapesFeatures"]),
    tests(
      of: "StapesRecognition",
      stages + ["StapesLanguage", "StapesDecoding", "StapesAugmentation", "StapesSpotting"]
        + ["StapesBatch", "StapesEvaluation"]),
    tests(
      of: "StapesTraining",
      stages + ["StapesCTC", "StapesDecoding", "StapesAugmentation", "StapesEvaluation"]),
    tests(
      of: "StapesBatch", ["StapesFiles", "StapesAudio", "StapesTranscript", "StapesRecognition"]),
    tests(
      of: "StapesEvaluation", stages + ["StapesDecoding", "StapesRecognition", "StapesTraining"]),
    tests(of: "StapesReports", stages + ["StapesRecognition", "StapesTraining"]),
    .testTarget(
      name: "ToolTests", dependencies: ["Stapes", "stapes", "TestSupport"], swiftSettings: plain),
  ] + ["StapesFiles", "StapesTranscript", "Stapes", "Benchmarks"].map { tests(of: $0) }
    + fuzzing + server
)
