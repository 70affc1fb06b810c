import Foundation
import GRDB
import IncidentModel
import Investigation
import Testing

@testable import SQLiteStore

/// What only a file can do, or suffer.
@Suite(.timeLimit(.minutes(1)))
struct SQLiteStoreTests {
    @Test func `incidents, journals and checkpoints survive the process`() async throws {
        try await TemporaryDirectory.with { directory in
            let incident = Incident.sample()
            let lease: Lease
            do {
                let store = try SQLiteIncidentStore(path: directory + "/a.sqlite")
                try await store.insert(incident)
                let claim = try #require(try await store.claim(by: "a", leaseSeconds: 3_600))
                lease = claim.lease
                let draft = JournalDraft(time: moment, step: "parse", message: "read")
                try await store.save(
                    StepProgress(claim.incident, checkpoint: Data("state".utf8), journal: [draft], after: 0), under: lease)
            }
            let store = try SQLiteIncidentStore(path: directory + "/a.sqlite")
            #expect(try await store.incident(incident.id)?.description == incident.description)
            #expect(try await store.journal(of: incident.id, after: 0).map(\.message) == ["read"])
            #expect(try await store.claim(by: "b", leaseSeconds: 30) == nil)
            try await store.releaseAllLeases()
            let claim = try #require(try await store.claim(by: "b", leaseSeconds: 30))
            #expect(claim.checkpoint == Data("state".utf8) && claim.attempts == 2 && claim.lease.token > lease.token)
        }
    }

    @Test func `an acknowledged write is on the disk`() async throws {
        try await TemporaryDirectory.with { directory in
            let pool = try StoreFile(path: directory + "/a.sqlite").open()
            let (synchronous, mode) = try await pool.writeWithoutTransaction { db in
                (try Int.fetchOne(db, sql: "PRAGMA synchronous"), try String.fetchOne(db, sql: "PRAGMA journal_mode"))
            }
            #expect(synchronous == 2)
            #expect(mode == "wal")
        }
    }

    @Test func `a file that is no database is refused and left alone`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/notes.txt"
            let text = Data(String(repeating: "this is no database\n", count: 400).utf8)
            try text.write(to: URL(fileURLWithPath: path))
            #expect(try refusal(of: path).hasPrefix("corrupt: \(path) is no store or is damaged"))
            #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == text)
        }
    }

    @Test func `the database of another program is refused and left alone`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/other.sqlite"
            try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recipes (name TEXT)") }
            #expect(try refusal(of: path) == "corrupt: \(path) is a database of another program; give another file with --store")
            let tables = try DatabaseQueue(path: path).read { try String.fetchAll($0, sql: "SELECT name FROM sqlite_master") }
            #expect(tables == ["recipes"])
        }
    }

    @Test func `a store of a newer version is refused`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/new.sqlite"
            let pool = try StoreFile(path: path).open()
            try await pool.write { try $0.execute(sql: "INSERT INTO grdb_migrations (identifier) VALUES ('v99 from the future')") }
            try pool.close()
            #expect(try refusal(of: path).contains("was written by a newer version; upgrade this one"))
        }
    }

    @Test func `a truncated store is refused`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/cut.sqlite"
            do {
                let store = try SQLiteIncidentStore(path: path)
                for second in 0..<50 { try await store.insert(.sample(String(repeating: "x", count: 2_000), after: Double(second))) }
            }
            let whole = try Data(contentsOf: URL(fileURLWithPath: path))
            try whole.prefix(whole.count / 2).write(to: URL(fileURLWithPath: path))
            try? FileManager.default.removeItem(atPath: path + "-wal")
            let answer = try refusal(of: path)
            #expect(answer.hasPrefix("corrupt: \(path) is no store or is damaged"), "\(answer), \(whole.count) bytes")
        }
    }

    @Test func `a directory that does not exist is named`() throws {
        let path = "/nonexistent-\(UUID().uuidString)/a.sqlite"
        let text = try refusal(of: path)
        #expect(text.hasPrefix("unavailable: \(path) cannot be opened for writing"))
        #expect(text.contains("check that its directory exists"))
    }

    @Test func `an incident that cannot be read back is named as corrupt`() async throws {
        try await TemporaryDirectory.with { directory in
            let store = try SQLiteIncidentStore(path: directory + "/a.sqlite")
            let incident = Incident.sample()
            try await store.insert(incident)
            try await DatabaseQueue(path: directory + "/a.sqlite").write { try $0.execute(sql: "UPDATE incidents SET payload = '{'") }
            await #expect { try await store.incident(incident.id) } throws: { error in
                if case StoreError.corrupt(let text) = error { text.contains(incident.id.uuidString.lowercased()) } else { false }
            }
        }
    }

    private func refusal(of path: String) throws -> String {
        do throws(StoreError) {
            _ = try SQLiteIncidentStore(path: path)
            return "opened"
        } catch {
            switch error {
            case .corrupt(let text): return "corrupt: \(text)"
            case .unavailable(let text): return "unavailable: \(text)"
            case .leaseLost, .duplicate: return "\(error)"
            }
        }
    }
}
