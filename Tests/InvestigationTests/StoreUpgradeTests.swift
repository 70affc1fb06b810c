import Foundation
import GRDB
import IncidentModel
import IncidentRecords
import Investigation
import TestSupport
import Testing

@testable import PostgresStore
@testable import SQLiteStore

/// A file that an older version wrote, and files whose seal changes.
@Suite(.timeLimit(.minutes(1)))
struct StoreUpgradeTests {
    /// `Tests/Data/store-v1.db` was written by the first version: one incident completed, one failed, one that was being investigated
    /// when its process was killed, one that waited.
    private func withOldFile(_ work: (String) async throws -> Void) async throws {
        try await TemporaryDirectory.with { directory in
            let source = URL(filePath: #filePath).appending(path: "../../Data/store-v1.db").standardizedFileURL
            try FileManager.default.copyItem(atPath: source.path, toPath: directory + "/old.sqlite")
            try await work(directory + "/old.sqlite")
        }
    }

    @Test func `a file of the first version is opened with everything in it`() async throws {
        try await withOldFile { path in
            let store = try SQLiteIncidentStore(path: path)
            let incidents = try await store.incidents(IncidentFilter()).incidents
            #expect(incidents.map(\.status) == [.pending, .running, .failed, .completed])
            let done = try #require(incidents.last)
            #expect(done.report?.rootCauses.first?.cause == .configMapNotFound || done.report?.rootCauses.isEmpty == false)
            #expect(try await store.journal(of: done.id, after: 0).map(\.step) == ["parse", "resolve", "collect", "correlate", "report"])
            #expect(incidents[1].description == "cart is slow „Warenkorb“" && incidents[1].labels == ["team": "a"])
            #expect(try await store.statistics().finished == 2)
            // What lists are filtered by was not kept apart then.
            let cause = try #require(done.report?.rootCauses.first?.cause)
            #expect(try await store.incidents(IncidentFilter(cause: cause)).incidents.map(\.id) == [done.id])
            #expect(try await store.incidents(IncidentFilter(namespace: "orders")).incidents.map(\.id) == [incidents[0].id])
            // Opened again, it is as it is.
            #expect(try await SQLiteIncidentStore(path: path).incidents(IncidentFilter()).incidents == incidents)
        }
    }

    @Test func `what the first version left open is investigated to its end`() async throws {
        try await withOldFile { path in
            let store = try SQLiteIncidentStore(path: path)
            try await store.releaseAllLeases()
            let runner = InvestigationRunner(
                store: store,
                pipeline: InvestigationPipeline(agent: ScriptedAgent(Fixture.brokenShop().evidence()), limits: Fixture.limits),
                limits: .init(pollSeconds: 0.02), owner: "a", logger: Fixture.quiet)
            let task = Task { await runner.run() }
            let incidents = try await Fixture.wait {
                let incidents = try await store.incidents(IncidentFilter()).incidents
                return incidents.allSatisfy(\.status.isFinal) ? incidents : nil
            }
            task.cancel()
            await task.value
            #expect(incidents.map(\.status) == [.completed, .completed, .failed, .completed])
            for incident in incidents {
                let journal = try await store.journal(of: incident.id, after: 0)
                #expect(journal.map(\.sequence) == Array(1...journal.count))
            }
        }
    }

    @Test(arguments: [StoreKind.sqlite, .postgres])
    func `what is sealed says nothing without the key`(_ kind: StoreKind) async throws {
        let cipher = RecordCipher(try EncryptionKeys(Self.key(1)))
        try await kind.with(cipher: cipher) { store async throws in
            let incident = Incident.sample("the secret sauce is on fire")
            let terms = OpeningTerms(idempotencyKey: "k", request: Data("the secret sauce".utf8))
            #expect(try await store.open(incident, under: terms) == .opened)
            let claim = try #require(try await store.claim(by: "a", leaseSeconds: 30))
            let draft = JournalDraft(time: moment, step: "parse", message: "the secret sauce was read")
            try await store.save(
                StepProgress(claim.incident, checkpoint: Data("the secret sauce".utf8), journal: [draft], after: 0), under: claim.lease)
            let raw = try await Self.everything(in: store)
            #expect(raw.count > 400 && raw.range(of: Data("secret sauce".utf8)) == nil)
            #expect(try await store.incident(incident.id)?.description == incident.description)
            #expect(try await store.journal(of: incident.id, after: 0).map(\.message) == [draft.message])
            #expect(try await store.open(.sample(), under: terms) == .existing(incident.id))
        }
    }

    private static func everything(in store: any IncidentStore) async throws -> Data {
        if let store = store as? SQLiteIncidentStore {
            return try await store.pool.read { db in
                try Row.fetchAll(db, sql: "SELECT payload, checkpoint, request_fingerprint FROM incidents").reduce(into: Data()) {
                    all, row in
                    for column in 0..<3 { all += row[column] as Data? ?? Data() }
                } + Row.fetchAll(db, sql: "SELECT message FROM journal").reduce(into: Data()) { $0 += $1[0] as Data }
            }
        }
        guard let store = store as? PostgresIncidentStore else { return Data() }
        return try await store.pool.run { connection in
            let incidents = try connection.execute("SELECT payload, checkpoint, request_fingerprint FROM incidents")
            let journal = try connection.execute("SELECT message FROM journal")
            return (incidents + journal).reduce(into: Data()) { all, row in all += row.bytes(0) ?? Data() }
                + incidents.reduce(into: Data()) { $0 += ($1.bytes(1) ?? Data()) + ($1.bytes(2) ?? Data()) }
        }
    }

    @Test func `keys are rotated: the new one seals, the old one still opens`() async throws {
        try await TemporaryDirectory.with { directory in
            let path = directory + "/a.sqlite"
            let first = Incident.sample("under the first key")
            let terms = OpeningTerms(idempotencyKey: "k", request: Data("a".utf8))
            _ = try await SQLiteIncidentStore(path: path, cipher: RecordCipher(EncryptionKeys(Self.key(1)))).open(first, under: terms)
            let rotated = try SQLiteIncidentStore(path: path, cipher: RecordCipher(EncryptionKeys(Self.key(2) + "," + Self.key(1))))
            #expect(try await rotated.incident(first.id)?.description == "under the first key")
            #expect(try await rotated.open(.sample(), under: terms) == .existing(first.id))
            let second = Incident.sample("under the second key")
            try await rotated.insert(second)
            let new = try SQLiteIncidentStore(path: path, cipher: RecordCipher(EncryptionKeys(Self.key(2))))
            #expect(try await new.incident(second.id)?.description == "under the second key")
            await #expect { try await new.incident(first.id) } throws: { error in
                if case StoreError.corrupt(let text) = error { text.contains("not among the encryption keys") } else { false }
            }
        }
    }

    @Test(arguments: [StoreKind.sqlite, .postgres])
    func `an incident that cannot be read is listed with the reason, beside those that can`(_ kind: StoreKind) async throws {
        try await kind.withClock(cipher: RecordCipher(EncryptionKeys(Self.key(1)))) { store, _ async throws in
            let (sealed, plain) = (Incident.sample("sealed under a key that is gone"), Incident.sample("readable"))
            try await store.insert(sealed)
            let other = try await Self.reopened(store, RecordCipher(EncryptionKeys(Self.key(2))))
            defer { (other as? PostgresIncidentStore)?.close() }
            try await other.insert(plain)
            let page = try await other.incidents(IncidentFilter())
            #expect(page.incidents.map(\.description) == ["readable", "(cannot be read)"] && page.unreadable == [sealed.id])
            #expect(page.incidents[1].error?.contains("not among the encryption keys") == true)
            #expect(page.incidents[1].status == .pending && abs(page.incidents[1].createdAt.timeIntervalSince(sealed.createdAt)) < 0.01)
        }
    }

    @Test func `a store of an older version is left as it is where that is wanted`() async throws {
        try await withOldFile { path in
            #expect { try SQLiteIncidentStore(path: path, schema: .leave) } throws: { error in
                if case StoreError.corrupt(let text) = error { text.contains("`sre store migrate`") } else { false }
            }
            _ = try SQLiteIncidentStore(path: path)
            _ = try SQLiteIncidentStore(path: path, schema: .leave)
        }
        try await PostgresFixture.withSchema { address in
            await #expect { try await PostgresIncidentStore(address, options: .init(schema: .leave)) } throws: { error in
                if case StoreError.corrupt(let text) = error { text.contains("`sre store migrate`") } else { false }
            }
            try await PostgresIncidentStore(address).close()
            try await PostgresIncidentStore(address, options: .init(schema: .leave)).close()
        }
    }

    @Test(arguments: [StoreKind.sqlite, .postgres])
    func `an incident that cannot be read holds up no other, and is taken when its key is back`(_ kind: StoreKind) async throws {
        try await kind.withClock(cipher: RecordCipher(EncryptionKeys(Self.key(1)))) { store, advance async throws in
            try await store.insert(.sample("sealed"))
            let blind = try await Self.reopened(store, RecordCipher(EncryptionKeys(Self.key(2))))
            try await blind.insert(.sample("readable"))
            #expect(try await blind.claim(by: "a", leaseSeconds: 30)?.incident.description == "readable")
            #expect(try await blind.claim(by: "a", leaseSeconds: 30) == nil)
            try await advance(31)
            #expect(try await store.claim(by: "b", leaseSeconds: 30)?.incident.description == "sealed")
            (blind as? PostgresIncidentStore)?.close()
        }
    }

    /// The same store under another key.
    private static func reopened(_ store: any IncidentStore, _ cipher: RecordCipher) async throws -> any IncidentStore {
        if let store = store as? SQLiteIncidentStore {
            return try SQLiteIncidentStore(path: store.pool.path, cipher: cipher, now: store.now)
        }
        let address = try #require((store as? PostgresIncidentStore)?.pool.address)
        return try await PostgresIncidentStore(address, cipher: cipher)
    }

    @Test func `records of a store without key stay readable when one is set`() async throws {
        try await TemporaryDirectory.with { directory in
            let incident = Incident.sample("in the clear")
            try await SQLiteIncidentStore(path: directory + "/a.sqlite").insert(incident)
            let sealed = try SQLiteIncidentStore(path: directory + "/a.sqlite", cipher: RecordCipher(EncryptionKeys(Self.key(1))))
            #expect(try await sealed.incident(incident.id) == incident)
        }
    }

    @Test func `a record that was changed, or moved to another place, is refused`() throws {
        let cipher = RecordCipher(try EncryptionKeys(Self.key(1)))
        let record = try cipher.seal(Data("{\"a\":1}".utf8), at: "incident 1")
        #expect(try cipher.open(record, at: "incident 1") == Data("{\"a\":1}".utf8))
        #expect(throws: StoreError.self) { try cipher.open(record, at: "incident 2") }
        for index in [5, 17, record.count - 1] {
            var changed = record
            changed[index] ^= 1
            #expect(throws: StoreError.self) { try cipher.open(changed, at: "incident 1") }
        }
        #expect(throws: StoreError.self) { try cipher.open(record.prefix(20), at: "incident 1") }
        #expect(try cipher.seal(Data("x".utf8), at: "p") != cipher.seal(Data("x".utf8), at: "p"))
    }

    @Test(arguments: [
        ("", EncryptionKeyError.missing), (" \n# nothing\n", .missing), ("short", .malformed(1)),
        (Self.key(1) + "," + Data(count: 16).base64EncodedString(), .malformed(2)),
    ])
    func `keys that are none are named by their place, never by their text`(_ text: String, _ expected: EncryptionKeyError) {
        #expect(throws: expected) { try EncryptionKeys(text) }
        #expect(text.isEmpty || !expected.description.contains(text))
    }

    @Test func `keys may stand on lines of a file, with remarks`() throws {
        let keys = try EncryptionKeys("# since January\n\(Self.key(2))\n# before\n\(Self.key(1))\n")
        #expect(RecordCipher(keys).fingerprints(of: Data()).count == 2)
    }

    private static func key(_ number: UInt8) -> String { Data(repeating: number, count: 32).base64EncodedString() }
}
