import Foundation
import IncidentModel
import Investigation
import SQLiteStore

/// The stores that the contract holds for.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite

    /// Runs `work` with a fresh store and cleans up after it.
    func with(_ work: (any IncidentStore) async throws -> Void) async throws {
        switch self {
        case .memory: try await work(MemoryIncidentStore())
        case .sqlite:
            try await TemporaryDirectory.with { directory in
                try await work(try SQLiteIncidentStore(path: directory + "/store.sqlite"))
            }
        }
    }
}

/// A directory that is gone after the test.
enum TemporaryDirectory {
    static func with(_ work: (String) async throws -> Void) async throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("sre-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: url) }
        try await work(url.path)
    }
}

extension Incident {
    /// An incident made so many seconds after a fixed moment.
    static func sample(_ description: String = "cart answers 503", after seconds: Double = 0, namespace: String? = "shop") -> Incident {
        Incident(
            id: UUID(), description: description, namespace: namespace, cluster: "eu-1", labels: ["severity": "page"],
            createdAt: Date(timeIntervalSince1970: 1_795_460_400.123 + seconds))
    }
}

/// The fixed moment around which tests tell time.
let moment = Date(timeIntervalSince1970: 1_795_460_400)
