// swift-tools-version: 6.2
import PackageDescription

/// Every target is checked alike: Swift 6 mode, and a warning stops the build.
let strict: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]

func room(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .testTarget(
        name: name + "Tests", dependencies: dependencies, path: "Tests/" + name, resources: resources,
        swiftSettings: strict)
}

let package = Package(
    name: "herald",
    products: [.executable(name: "herald", targets: ["herald"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        .systemLibrary(name: "CYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
        .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CCurl", pkgConfig: "libcurl", providers: [.apt(["libcurl4-openssl-dev"])]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(name: "CScan"),
        room("HeraldModel"),
        room("HeraldYAML", ["HeraldModel", "CYAML"]),
        room("HeraldTemplate", ["HeraldModel"]),
        room("HeraldContract", ["HeraldModel"]),
        room("HeraldDatabase", ["HeraldModel", "CPostgres", .product(name: "GRDB", package: "GRDB.swift")]),
        room("HeraldDigest", ["HeraldModel", "CCrypto"]),
        room("HeraldTransport", ["CCurl"]),
        room("HeraldStore", ["HeraldModel", "HeraldContract", "HeraldDigest"]),
        room("HeraldAudience", ["HeraldModel", "HeraldContract", "HeraldDatabase", "HeraldTransport", "CScan"]),
        room("HeraldLocal", ["HeraldModel", "HeraldContract", "HeraldDatabase", "HeraldDigest", "HeraldStore", "HeraldTransport"]),
        room(
            "HeraldPipeline",
            [
                "HeraldModel", "HeraldContract", "HeraldYAML", "HeraldTemplate", "HeraldAudience", "HeraldDigest",
                "HeraldStore",
            ]),
        .executableTarget(
            name: "herald",
            dependencies: [
                "HeraldPipeline", "HeraldLocal", "HeraldAudience", "HeraldContract", "HeraldDigest", "HeraldModel", "HeraldStore",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict),
        .target(name: "HeraldFakes", path: "Tests/Fakes", swiftSettings: strict),
        tests("Model", ["HeraldModel"]),
        tests("YAML", ["HeraldYAML", "HeraldModel", "HeraldAudience", "HeraldTemplate"], resources: [.copy("Good")]),
        tests("Template", ["HeraldTemplate", "HeraldModel"]),
        tests("Mutation", ["HeraldYAML", "HeraldTemplate", "HeraldAudience", "HeraldModel", "HeraldContract"]),
        tests("Audience", ["HeraldAudience", "HeraldYAML", "HeraldModel", "HeraldContract", "HeraldDatabase", "HeraldFakes"]),
        tests("Store", ["HeraldStore", "HeraldModel", "HeraldContract", "HeraldDigest"]),
        tests("Transport", ["HeraldTransport", "HeraldFakes"]),
        tests("Local", ["HeraldLocal", "HeraldModel", "HeraldContract", "HeraldDatabase", "HeraldDigest", "HeraldStore", "HeraldFakes"]),
        tests("Conformance", ["HeraldLocal", "HeraldFakes", "HeraldModel", "HeraldContract", "HeraldDigest", "HeraldStore"]),
        tests("Pipeline", ["HeraldPipeline", "HeraldModel", "HeraldContract", "HeraldDigest"], resources: [.copy("Snapshots")]),
        tests("EndToEnd", ["HeraldModel", "HeraldFakes"]),
    ]
)

// `Benchmarks/run members` measures a part that no command shows alone. Nothing else builds it.
if Context.environment["HERALD_BENCHMARKS"] != nil {
    package.targets.append(
        .executableTarget(
            name: "measure-members", dependencies: ["HeraldPipeline", "HeraldModel"], path: "Benchmarks/members", swiftSettings: strict))
}
