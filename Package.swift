// swift-tools-version: 6.2
// The floors of this package, bottom up. `Tests/StructureTests` holds the import table; docs/modules.md explains it.
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency] = []) -> Target {
    .testTarget(name: name, dependencies: dependencies, swiftSettings: settings)
}

let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")
let asyncHTTPClient = Target.Dependency.product(name: "AsyncHTTPClient", package: "async-http-client")
let hummingbird = Target.Dependency.product(name: "Hummingbird", package: "hummingbird")
let hummingbirdTLS = Target.Dependency.product(name: "HummingbirdTLS", package: "hummingbird")
let hummingbirdTesting = Target.Dependency.product(name: "HummingbirdTesting", package: "hummingbird")
let lifecycle = Target.Dependency.product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let tracing = Target.Dependency.product(name: "Tracing", package: "swift-distributed-tracing")
let metrics = Target.Dependency.product(name: "Metrics", package: "swift-metrics")
let unixSignals = Target.Dependency.product(name: "UnixSignals", package: "swift-service-lifecycle")
let httpTypes = Target.Dependency.product(name: "HTTPTypes", package: "swift-http-types")
let nioHTTPTypes = Target.Dependency.product(name: "NIOHTTPTypes", package: "swift-nio-extras")
let systemPackage = Target.Dependency.product(name: "SystemPackage", package: "swift-system")
let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let sqlite = Target.Dependency.product(name: "GRDB", package: "GRDB.swift")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let configuration = Target.Dependency.product(name: "Configuration", package: "swift-configuration")
let yams = Target.Dependency.product(name: "Yams", package: "Yams")

let package = Package(
    name: "sre-orchestrator",
    products: [.executable(name: "sre", targets: ["sre"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", exact: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", exact: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types.git", exact: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", exact: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system.git", exact: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift", exact: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", exact: "2.28.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
    ],
    targets: [
        // Floor 0: plain values.
        .target(name: "CSimdJSON", linkerSettings: [.linkedLibrary("simdjson")]),
        library("FastJSON", ["CSimdJSON"]),
        library("IncidentModel"),
        library("ClusterModel", ["FastJSON", "IncidentModel"]),
        // Floor 1: topology.
        library("KnowledgeGraph", ["ClusterModel", "IncidentModel", yams]),
        // Floor 2: the engine. Pure: no clock, no input or output, no randomness.
        library("Correlation", ["ClusterModel", "FastJSON", "IncidentModel", "KnowledgeGraph"]),
        // Floor 3: the investigation and its ports.
        library("Investigation", ["ClusterModel", "Correlation", "IncidentModel", "KnowledgeGraph", lifecycle, logging, metrics, tracing]),
        library("Reporting", ["FastJSON", "IncidentModel"]),
        // Floor 4: adapters.
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        library(
            "KubernetesClient", ["ClusterModel", "FastJSON", "IncidentModel", asyncHTTPClient, logging, nioCore, nioHTTP1, nioSSL, yams]),
        library(
            "ClusterSnapshot",
            ["CZlib", "ClusterModel", "FastJSON", "IncidentModel", "KubernetesClient", hummingbird, lifecycle, logging, nioCore]),
        library("IncidentRecords", ["IncidentModel", "Investigation", crypto]),
        library("SQLiteStore", ["IncidentModel", "IncidentRecords", "Investigation", sqlite]),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        library("PostgresStore", ["CPostgres", "IncidentModel", "IncidentRecords", "Investigation"]),
        library("AgentAPI", ["ClusterModel", "FastJSON", "IncidentModel", "Investigation", asyncHTTPClient, metrics, nioCore, nioHTTP1]),
        library(
            "LanguageModels",
            ["ClusterModel", "FastJSON", "IncidentModel", "Investigation", asyncHTTPClient, crypto, metrics, nioCore, nioHTTP1, tracing]),
        library("TraceExport", ["FastJSON", asyncHTTPClient, logging, metrics, nioCore, nioHTTP1, tracing]),
        // Floor 5: what both services share, and evidence collection for whoever has cluster access.
        library(
            "ServiceKit",
            [
                "FastJSON", "IncidentModel", "TraceExport", configuration, crypto, httpTypes, hummingbird, hummingbirdTLS, lifecycle,
                logging, metrics,
                nioCore,
                nioHTTP1, nioHTTPTypes, nioSSL, systemPackage, tracing, unixSignals,
            ]),
        library("EvidenceCollection", ["ClusterModel", "FastJSON", "IncidentModel", "Investigation", "KubernetesClient", logging]),
        // Floor 6: the REST faces.
        library(
            "OrchestratorService",
            [
                "AgentAPI", "ClusterModel", "FastJSON", "IncidentModel", "IncidentRecords", "Investigation", "KnowledgeGraph",
                "LanguageModels", "PostgresStore", "Reporting", "SQLiteStore", "ServiceKit", asyncHTTPClient, httpTypes, hummingbird,
                logging, nioCore,
                lifecycle, tracing,
            ]),
        library(
            "KubernetesAgentService",
            [
                "AgentAPI", "ClusterModel", "EvidenceCollection", "FastJSON", "IncidentModel", "Investigation", "KubernetesClient",
                "ServiceKit", httpTypes, hummingbird, logging, nioCore, lifecycle,
            ]),
        // Floor 7: the one executable.
        .executableTarget(
            name: "sre",
            dependencies: [
                "ClusterModel", "ClusterSnapshot", "Correlation", "EvidenceCollection", "FastJSON", "IncidentModel", "Investigation",
                "KnowledgeGraph", "KubernetesAgentService", "KubernetesClient", "OrchestratorService", "Reporting", "ServiceKit",
                "TraceExport", argumentParser, asyncHTTPClient, lifecycle, logging, metrics, nioCore, nioHTTP1, nioPosix, nioSSL, tracing,
                unixSignals,
            ],
            swiftSettings: settings,
            // Nothing loads symbols from the program, so none are exported; equal functions are kept once. It saves 2 MB of resident memory.
            linkerSettings: [
                .unsafeFlags(
                    [
                        "-use-ld=lld", "-Xlinker", "--exclude-libs=ALL", "-Xlinker", "--no-export-dynamic", "-Xlinker", "--icf=safe",
                    ], .when(configuration: .release))
            ]),
        // Tests.
        library("TestSupport", ["ClusterModel", "ClusterSnapshot", "FastJSON", "IncidentModel", "Investigation"]),
        tests("ModelTests", ["ClusterModel", "FastJSON", "IncidentModel", "TestSupport"]),
        tests("KnowledgeGraphTests", ["ClusterModel", "IncidentModel", "KnowledgeGraph", "TestSupport"]),
        tests(
            "CorrelationTests",
            ["ClusterModel", "Correlation", "FastJSON", "IncidentModel", "Investigation", "KnowledgeGraph", "TestSupport"]),
        tests(
            "InvestigationTests",
            [
                "ClusterModel", "FastJSON", "IncidentModel", "IncidentRecords", "Investigation", "PostgresStore", "SQLiteStore",
                "TestSupport", lifecycle, logging, sqlite,
            ]),
        tests(
            "KubernetesClientTests",
            [
                "ClusterModel", "FastJSON", "IncidentModel", "KubernetesClient", "TestSupport", hummingbird,
                hummingbirdTLS, lifecycle, logging, nioCore, nioSSL,
            ]),
        tests(
            "ClusterSnapshotTests",
            [
                "ClusterModel", "ClusterSnapshot", "FastJSON", "IncidentModel", "KubernetesClient", "TestSupport", asyncHTTPClient,
                lifecycle, logging,
                nioCore, nioHTTP1,
            ]),
        tests(
            "AgentTests",
            [
                "AgentAPI", "ClusterModel", "ClusterSnapshot", "EvidenceCollection", "FastJSON", "IncidentModel", "Investigation",
                "KubernetesAgentService", "KubernetesClient", "ServiceKit", "TestSupport", httpTypes, hummingbird, hummingbirdTesting,
                asyncHTTPClient, lifecycle, logging, nioCore, yams,
            ]),
        tests(
            "LanguageModelTests",
            [
                "ClusterModel", "Correlation", "FastJSON", "IncidentModel", "Investigation", "KnowledgeGraph", "LanguageModels",
                "TestSupport", asyncHTTPClient, httpTypes, hummingbird, lifecycle, logging, nioCore,
            ]),
        tests(
            "OrchestratorTests",
            [
                "ClusterModel", "FastJSON", "IncidentModel", "Investigation", "OrchestratorService", "SQLiteStore", "ServiceKit",
                "TestSupport", httpTypes, hummingbird, hummingbirdTesting, lifecycle, logging, nioCore, nioHTTPTypes, yams,
                .product(name: "NIOEmbedded", package: "swift-nio"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
            ]),
        tests(
            "CommandLineTests",
            [
                "FastJSON", "IncidentModel", "KubernetesAgentService", "OrchestratorService", "Reporting", "ServiceKit", "TestSupport",
                "TraceExport", "sre", argumentParser, hummingbird, lifecycle, logging, nioCore, tracing,
            ]),
        tests("StructureTests"),
    ],
    cxxLanguageStandard: .cxx17
)
