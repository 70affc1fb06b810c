/// Which modules a target may import: its floor, and the libraries it is an adapter to. `docs/modules.md` tells why.
///
/// Where a better cut shows itself, change table and code together.
enum ImportTable {
    /// The standard library's own modules; Foundation's smaller half is welcome everywhere.
    static let everywhere: Set<String> = ["Foundation", "FoundationEssentials", "Synchronization"]

    static let rows: [String: Set<String>] = [
        // Floor 0: plain values.
        "CSimdJSON": [],
        "CZlib": [],
        "FastJSON": ["CSimdJSON"],
        "IncidentModel": [],
        "ClusterModel": ["FastJSON", "IncidentModel"],
        // Floor 1.
        "KnowledgeGraph": ["ClusterModel", "IncidentModel", "Yams"],
        // Floor 2: the engine; no clock, input or output.
        "Correlation": ["ClusterModel", "FastJSON", "IncidentModel", "KnowledgeGraph"],
        // Floor 3: the investigation and its ports, and how reports look.
        "Investigation": [
            "ClusterModel", "Correlation", "Dispatch", "IncidentModel", "KnowledgeGraph", "Logging", "Metrics", "ServiceLifecycle",
            "Tracing",
        ],
        "Reporting": ["FastJSON", "IncidentModel"],
        // Floor 4: adapters, which do not import one another but for the snapshot, which is a kind of cluster.
        "KubernetesClient": [
            "AsyncHTTPClient", "ClusterModel", "FastJSON", "IncidentModel", "Logging", "NIOCore", "NIOHTTP1", "NIOSSL", "Yams",
        ],
        "ClusterSnapshot": [
            "CZlib", "ClusterModel", "FastJSON", "HTTPTypes", "Hummingbird", "IncidentModel", "KubernetesClient", "Logging", "NIOCore",
            "ServiceLifecycle",
        ],
        // What the durable stores write is sealed in one place.
        "IncidentRecords": ["Crypto", "IncidentModel", "Investigation"],
        "SQLiteStore": ["GRDB", "IncidentModel", "IncidentRecords", "Investigation"],
        "CPostgres": [],
        "PostgresStore": ["CPostgres", "Dispatch", "Glibc", "IncidentModel", "IncidentRecords", "Investigation", "Musl"],
        "AgentAPI": ["AsyncHTTPClient", "ClusterModel", "FastJSON", "IncidentModel", "Investigation", "Metrics", "NIOCore", "NIOHTTP1"],
        "LanguageModels": [
            "AsyncHTTPClient", "ClusterModel", "Crypto", "FastJSON", "IncidentModel", "Investigation", "Metrics", "NIOCore", "NIOHTTP1",
            "Tracing",
        ],
        // Spans on their way to a collector.
        "TraceExport": ["AsyncHTTPClient", "FastJSON", "Logging", "Metrics", "NIOCore", "NIOHTTP1", "Tracing"],
        // Floor 5: what both services share, and collecting evidence wherever a cluster can be read.
        "EvidenceCollection": ["ClusterModel", "FastJSON", "IncidentModel", "Investigation", "KubernetesClient", "Logging"],
        "ServiceKit": [
            "Configuration", "CoreMetrics", "Crypto", "Darwin", "FastJSON", "Glibc", "HTTPTypes", "Hummingbird", "HummingbirdCore",
            "HummingbirdTLS",
            "IncidentModel", "Logging", "Metrics", "Musl", "NIOCore", "NIOHTTP1", "NIOHTTPTypes", "NIOSSL", "ServiceLifecycle",
            "SystemPackage", "TraceExport", "Tracing",
            "UnixSignals",
        ],
        // Floor 6: the REST faces.
        "KubernetesAgentService": [
            "AgentAPI", "ClusterModel", "EvidenceCollection", "FastJSON", "HTTPTypes", "Hummingbird", "IncidentModel", "Investigation",
            "KubernetesClient", "Logging", "NIOCore", "ServiceKit", "ServiceLifecycle",
        ],
        "OrchestratorService": [
            "AgentAPI", "AsyncHTTPClient", "ClusterModel", "FastJSON", "HTTPTypes", "Hummingbird", "IncidentModel", "Investigation",
            "IncidentRecords", "KnowledgeGraph", "LanguageModels", "Logging", "Metrics", "NIOCore", "NIOSSL", "PostgresStore", "Reporting",
            "SQLiteStore",
            "ServiceKit",
            "ServiceLifecycle", "Tracing",
        ],
        // Floor 7: the one executable.
        "sre": [
            "ArgumentParser", "AsyncHTTPClient", "ClusterModel", "ClusterSnapshot", "Correlation", "EvidenceCollection", "FastJSON",
            "IncidentModel", "Investigation", "KnowledgeGraph", "KubernetesAgentService", "KubernetesClient", "Logging", "Metrics",
            "NIOCore", "NIOHTTP1", "NIOPosix", "NIOSSL",
            "OrchestratorService",
            "Reporting", "ServiceKit", "ServiceLifecycle", "TraceExport", "Tracing", "UnixSignals",
        ],
        // What tests share.
        "TestSupport": [
            "ClusterModel", "ClusterSnapshot", "Dispatch", "FastJSON", "Glibc", "IncidentModel", "Investigation", "KubernetesClient",
        ],
    ]
}
