import Foundation
import IncidentModel
import IncidentRecords
import Investigation
import SQLiteStore
import Synchronization
import TestSupport

@testable import PostgresStore

/// The stores that the contract holds for.
enum StoreKind: String, CaseIterable, Sendable {
    case memory, sqlite, postgres

    /// Moves a store's clock by so many seconds.
    typealias Advance = @Sendable (Double) async throws -> Void

    /// Runs `work` with a fresh store and cleans up after it.
    func with(cipher: RecordCipher = RecordCipher(), _ work: (any IncidentStore) async throws -> Void) async throws {
        try await withClock(cipher: cipher) { store, _ in try await work(store) }
    }

    func withClock(
        cipher: RecordCipher = RecordCipher(), _ work: (any IncidentStore, Advance) async throws -> Void
    ) async throws {
        let clock = StoreClock()
        switch self {
        case .memory: try await work(MemoryIncidentStore(now: { clock.now }), { clock.advance($0) })
        case .sqlite:
            try await TemporaryDirectory.with { directory in
                let store = try SQLiteIncidentStore(path: directory + "/store.sqlite", cipher: cipher, now: { clock.now })
                try await work(store) { clock.advance($0) }
            }
        case .postgres:
            try await PostgresFixture.withSchema { address in
                let store = try await PostgresIncidentStore(address, cipher: cipher)
                defer { store.close() }
                // Its clock is the server's: what is to look older is made older.
                try await work(store) { seconds in
                    try await PostgresFixture.execute(
                        address,
                        """
                        UPDATE incidents SET stored_at = stored_at - make_interval(secs => $1),
                            lease_expires = lease_expires - make_interval(secs => $1)
                        """, [.double(seconds)])
                }
            }
        }
    }
}

/// The clock of a store, moved by tests.
final class StoreClock: Sendable {
    private let time = Mutex(moment.addingTimeInterval(3_600))

    var now: Date { time.withLock { $0 } }

    func advance(_ seconds: Double) { time.withLock { $0 += seconds } }
}

/// Schemas on the PostgreSQL server that all tests share.
enum PostgresFixture {
    static func withSchema(_ work: (_ address: String) async throws -> Void) async throws {
        let server = try PostgresServer.shared.get()
        let schema = "t\(UUID().uuidString.lowercased().filter { $0 != "-" })"
        try await execute(server.address(), "CREATE SCHEMA \(schema)")
        defer { Task { try? await execute(server.address(), "DROP SCHEMA \(schema) CASCADE") } }
        // Sessions are told apart by name, too.
        try await work(server.address(schema: schema) + "&application_name=\(schema)")
    }

    /// Waits until so many stores hear of changes.
    static func waitForListeners(_ count: Int, _ address: String) async throws {
        _ = try await Fixture.wait {
            let rows = try await execute(
                address,
                """
                SELECT 1 FROM pg_stat_activity
                WHERE query LIKE 'LISTEN %' AND application_name = current_setting('application_name')
                """)
            return rows.count >= count ? () : nil
        }
    }

    @discardableResult
    static func execute(_ address: String, _ statement: String, _ values: [PostgresValue] = []) async throws -> [PostgresRow] {
        let pool = PostgresPool(address, size: 1, statementSeconds: 10)
        defer { pool.close() }
        return try await pool.run { try $0.execute(statement, values) }
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
