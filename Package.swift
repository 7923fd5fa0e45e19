// swift-tools-version: 6.2
// The targets stand in the order of a query's path, lowest layer first; a target imports only what is named here.
import PackageDescription

let strict: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("InternalImportsByDefault"),
        .enableUpcomingFeature("MemberImportVisibility"),
    ] + (Context.environment["BLUESHIFT_WARNINGS_AS_ERRORS"] == nil ? [] : [.treatAllWarnings(as: .error)])

func layer(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: strict)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// What comes in only with the trait `Server`.
func networking(_ product: String, _ package: String) -> Target.Dependency {
    .product(name: product, package: package, condition: .when(traits: ["Server"]))
}

let package = Package(
    name: "blueshift",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "Blueshift", targets: ["Blueshift"]),
        .library(name: "BlueshiftTesting", targets: ["BlueshiftTesting"]),
        .executable(name: "blueshift", targets: ["BlueshiftCLI"]),
    ],
    traits: [
        .default(enabledTraits: ["Server"]),
        .trait(name: "Server", description: "The network server, blueshift serve: sockets, TLS, HTTP, logs."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    ],
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        layer("SQLTypes", []),
        layer("SQLSyntax", ["SQLTypes"]),
        layer("Catalog", ["SQLTypes"]),
        layer("QueryPlan", ["SQLTypes", "Catalog"]),
        layer("Planner", ["SQLTypes", "SQLSyntax", "Catalog", "QueryPlan"]),
        layer("VectorEngine", ["SQLTypes"]),
        layer("Storage", ["SQLTypes", "Catalog", "VectorEngine", "CZlib"]),
        layer("Execution", ["SQLTypes", "Catalog", "QueryPlan", "VectorEngine", "Storage"]),
        layer("Ingest", ["SQLTypes", "Catalog", "VectorEngine", "CZlib"]),
        layer("Tickit", ["SQLTypes", "Ingest"]),
        layer("SystemTables", ["SQLTypes", "Catalog", "QueryPlan"]),
        layer(
            "ClusterRuntime",
            [
                "SQLTypes", "SQLSyntax", "Catalog", "QueryPlan", "Planner", "VectorEngine", "Storage", "Execution",
                "Ingest", "SystemTables",
            ]),
        layer("Blueshift", ["SQLTypes", "SQLSyntax", "Catalog", "QueryPlan", "VectorEngine", "ClusterRuntime"]),
        layer("Benchmarking", ["Blueshift", "SQLTypes", "Ingest"]),
        layer("BlueshiftTesting", ["Blueshift"]),
        layer("PGWire", ["SQLTypes"]),
        layer(
            "Server",
            [
                "SQLTypes", "SQLSyntax", "Catalog", "QueryPlan", "VectorEngine", "ClusterRuntime", "Blueshift", "PGWire",
                networking("NIOCore", "swift-nio"), networking("NIOPosix", "swift-nio"),
                networking("NIOHTTP1", "swift-nio"), networking("NIOSSL", "swift-nio-ssl"),
                networking("Logging", "swift-log"), networking("Crypto", "swift-crypto"),
            ]),
        .executableTarget(
            name: "BlueshiftCLI",
            dependencies: [
                "Blueshift", "Benchmarking", "Ingest", "Tickit", "PGWire",
                .target(name: "Server", condition: .when(traits: ["Server"])),
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                networking("Logging", "swift-log"),
            ],
            exclude: ["README.md"], swiftSettings: strict),
        .executableTarget(
            name: "slice-queues", dependencies: ["ClusterRuntime", "Execution", "QueryPlan", "SQLTypes"],
            path: "Benchmarks/SliceQueues", swiftSettings: strict),
        .executableTarget(
            name: "cancellation", dependencies: ["Blueshift", "SQLTypes"], path: "Benchmarks/Cancellation",
            swiftSettings: strict),
        .executableTarget(
            name: "trace-overhead", dependencies: ["Blueshift", "Execution"], path: "Benchmarks/TraceOverhead",
            swiftSettings: strict),
        .executableTarget(
            name: "timeline", dependencies: ["Blueshift"], path: "Benchmarks/Timeline", swiftSettings: strict),

        tests("SQLTypesTests", ["SQLTypes"]),
        tests("SQLSyntaxTests", ["SQLSyntax", "SQLTypes"]),
        .testTarget(
            name: "PlannerTests", dependencies: ["Planner", "QueryPlan", "Catalog", "SQLSyntax", "SQLTypes"],
            exclude: ["Golden"], swiftSettings: strict),
        tests("VectorEngineTests", ["VectorEngine", "SQLTypes"]),
        tests("StorageTests", ["Storage", "VectorEngine", "Catalog", "SQLTypes"]),
        tests("ExecutionTests", ["Execution", "QueryPlan", "Storage", "VectorEngine", "Catalog", "SQLTypes"]),
        tests("IngestTests", ["Ingest", "Tickit", "VectorEngine", "Catalog", "SQLTypes", "CZlib"]),
        tests(
            "ClusterRuntimeTests",
            [
                "ClusterRuntime", "Execution", "Ingest", "QueryPlan", "SQLSyntax", "Storage", "VectorEngine", "Catalog",
                "SQLTypes",
            ]),
        tests("SystemTablesTests", ["SystemTables", "QueryPlan", "Catalog", "SQLTypes"]),
        tests(
            "BlueshiftTests",
            ["Blueshift", "Catalog", "ClusterRuntime", "QueryPlan", "SQLTypes", "Storage", "VectorEngine"]),
        tests("BenchmarkingTests", ["Benchmarking", "Blueshift", "SQLTypes"]),
        tests("BlueshiftTestingTests", ["BlueshiftTesting", "Blueshift"]),
        .testTarget(
            name: "ExampleProjectTests", dependencies: ["BlueshiftTesting"], path: "docs/example-project/swift",
            swiftSettings: strict),
        tests("PGWireTests", ["PGWire", "SQLTypes"]),
        tests(
            "ServerTests",
            [
                "Server", "PGWire", "VectorEngine", "SQLTypes", networking("NIOCore", "swift-nio"),
                networking("NIOSSL", "swift-nio-ssl"), networking("Logging", "swift-log"),
            ]),
        tests(
            "BlueshiftCLITests",
            [
                "BlueshiftCLI", "Benchmarking", "Blueshift", "SQLTypes",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
    ]
)
