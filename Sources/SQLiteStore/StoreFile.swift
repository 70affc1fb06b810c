import Foundation
import GRDB
import Investigation

/// Opens the database file of the store and checks that it is one.
struct StoreFile {
    let path: String

    /// Marks a file as ours, so that another program's database is never migrated: "SRE1".
    private static let applicationID: Int32 = 0x5352_4531

    func open(_ schema: StoreSchemaPolicy = .bringUpToDate) throws(StoreError) -> DatabasePool {
        do {
            if schema == .leave { try checkUntouched() }
            let pool = try DatabasePool(path: path, configuration: Self.configuration)
            // The pool sets `synchronous` to NORMAL after it prepared a connection; an acknowledged incident must survive a power cut.
            try pool.writeWithoutTransaction { db in
                try checkOwner(db)
                try checkSize(db)
                try db.execute(sql: "PRAGMA synchronous = FULL")
            }
            try checkVersion(pool)
            try StoreSchema.migrator.migrate(pool)
            return pool
        } catch {
            throw explain(error)
        }
    }

    /// Whether it is an up-to-date store already, without writing to it.
    private func checkUntouched() throws {
        var configuration = Self.configuration
        configuration.readonly = true
        try DatabaseQueue(path: path, configuration: configuration).read { db in
            guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == Self.applicationID else {
                throw StoreError.corrupt("\(path) holds no store; name the file of an orchestrator")
            }
            guard try StoreSchema.migrator.hasBeenSuperseded(db) || StoreSchema.migrator.hasCompletedMigrations(db) else {
                throw StoreError.older(path)
            }
        }
    }

    private static var configuration: Configuration {
        var configuration = Configuration()
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.label = "incidents"
        return configuration
    }

    private func checkOwner(_ db: Database) throws {
        let owner = try Int32.fetchOne(db, sql: "PRAGMA application_id") ?? 0
        guard owner != Self.applicationID else { return }
        let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
        guard owner == 0, tables == 0 else {
            throw StoreError.corrupt("\(path) is a database of another program; give another file with --store")
        }
        try db.execute(sql: "PRAGMA application_id = \(Self.applicationID)")
    }

    /// SQLite itself finds a file that was cut off only when it needs a page that is gone.
    private func checkSize(_ db: Database) throws {
        // Pages that are still in the write-ahead log alone would count as missing.
        try db.checkpoint(.passive)
        let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
        let pageSize = try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        guard bytes >= pages * pageSize else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "the file is cut off") }
    }

    private func checkVersion(_ pool: DatabasePool) throws {
        guard try pool.read(StoreSchema.migrator.hasBeenSuperseded) else { return }
        throw StoreError.corrupt("\(path) was written by a newer version; upgrade this one, or give another file with --store")
    }

    private func explain(_ error: any Error) -> StoreError {
        switch error {
        case let error as StoreError: return error
        case let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode):
            return .corrupt(
                "\(path) is no store or is damaged (\(error.message ?? "\(error.resultCode)")); move it away to start anew, or restore a copy"
            )
        case let error as DatabaseError:
            return .unavailable(
                "\(path) cannot be opened for writing (\(error.message ?? "\(error.resultCode)")); check that its directory exists, is "
                    + "writable and has space, or give another file with --store")
        default: return .unavailable("\(path) cannot be opened: \(error)")
        }
    }
}
