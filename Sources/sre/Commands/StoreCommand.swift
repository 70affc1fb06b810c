import ArgumentParser
import Foundation
import IncidentModel
import Investigation
import OrchestratorService
import ServiceKit

/// `sre store`: the incidents that an orchestrator keeps, without it.
struct StoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Bring up to date, check, export and import what an orchestrator keeps.",
        discussion: "Takes the orchestrator's keys of store, database and encryption (docs/configuration.md).",
        subcommands: [Migrate.self, Check.self, Export.self, Import.self])

    /// Which store.
    struct Options: ParsableArguments {
        @Option(help: ArgumentHelp("SQLite file that keeps incidents, where no database is configured.", valueName: "file"))
        var store: String?

        /// - Parameters:
        ///   - mayCreate: whether a file that does not exist is made.
        ///   - schema: what is done where an older version wrote it.
        func open(mayCreate: Bool = false, schema: StoreSchemaPolicy) async throws -> any IncidentStore {
            typealias Keys = OrchestratorConfiguration
            let settings = try await ServiceSettings.load(Keys.all, flags: [(Keys.store, store)])
            let (storage, cipher) = try ServiceSettings.reading { () throws(SettingError) in
                (try Keys.storage(settings), try Keys.cipher(settings))
            }
            switch storage {
            case .memory: throw CommandError("\(Keys.store.key) is `memory`; there is nothing kept that could be looked at")
            case .file(let path) where !mayCreate && !FileManager.default.fileExists(atPath: path):
                throw CommandError("\(path) does not exist; name the file of an orchestrator with --store")
            case .file, .postgres: break
            }
            do {
                return try await Orchestrator.store(storage, cipher, schema: schema)
            } catch let failure as OrchestratorFailure {
                throw CommandError(failure.description)
            }
        }
    }

    struct Migrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "migrate", abstract: "Bring the schema up to date, as every orchestrator does when it starts.")
        @OptionGroup var options: Options

        func run() async throws {
            let store = try await options.open(schema: .bringUpToDate)
            try await StoreCommand.using(store) { try await $0.check() }
            Terminal.print("the schema is up to date\n")
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Read everything that is kept, and name what is damaged.",
            discussion: "Exit codes: 0 all is well, 1 something is not.")
        @OptionGroup var options: Options

        func run() async throws {
            let store = try await options.open(schema: .leave)
            let statistics = try await StoreCommand.using(store) { try await $0.statistics() }
            var problems = 0
            try await StoreCommand.each(in: store) { found in
                guard let problem = found.problem else { return }
                problems += 1
                Terminal.print("\(problem)\n")
            }
            Terminal.print(
                """
                \(statistics.finished) finished, \(statistics.running) running, \(statistics.queued) waiting, \
                \(statistics.awaiting) waiting for a person; \(statistics.bytes) bytes

                """)
            guard problems == 0 else { throw ExitCode(ExitStatus.failure.rawValue) }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "export", abstract: "Print all incidents with their journals, one JSON object a line, oldest first.",
            discussion:
                "What is sealed in the store is in the clear here. What cannot be read is left out and named; the exit code is 1 then.")
        @OptionGroup var options: Options

        func run() async throws {
            let store = try await options.open(schema: .leave)
            var isWhole = true
            try await StoreCommand.each(in: store) { found in
                switch found {
                case .whole(let incident, let journal), .gaps(let incident, let journal):
                    let line = try IncidentJSON.encode(ExportedIncident(incident: incident, journal: journal))
                    Terminal.print(String(decoding: line, as: UTF8.self) + "\n")
                case .unreadable: break
                }
                if let problem = found.problem {
                    isWhole = false
                    Terminal.note(problem)
                }
            }
            guard isWhole else { throw ExitCode(ExitStatus.failure.rawValue) }
        }
    }

    struct Import: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "import", abstract: "Add incidents that were exported; those that are there already are left as they are.")
        @OptionGroup var options: Options

        @Argument(help: "File that `sre store export` wrote.")
        var file: String

        func run() async throws {
            guard let handle = FileHandle(forReadingAtPath: file) else {
                throw CommandError("\(file) cannot be read; check that it exists and may be read")
            }
            let store = try await options.open(mayCreate: true, schema: .bringUpToDate)
            var (added, known, number) = (0, 0, 0)
            var lines = FileLines(handle)
            while let line = try lines.next() {
                number += 1
                guard let exported = try? IncidentJSON.decode(ExportedIncident.self, from: line) else {
                    throw CommandError("\(file): line \(number) is no exported incident; \(added) were added before it")
                }
                let isNew = try await StoreCommand.using(store) { try await $0.restore(exported.incident, journal: exported.journal) }
                if isNew { added += 1 } else { known += 1 }
            }
            Terminal.print("\(added) added, \(known) were there already\n")
        }
    }

    /// An incident as it was found in a store.
    private enum Found {
        case whole(Incident, [JournalEntry])
        case gaps(Incident, [JournalEntry])
        case unreadable(String)

        /// What is wrong with it, in a line.
        var problem: String? {
            switch self {
            case .whole: nil
            case .gaps(let incident, _): "incident \(incident.id.uuidString.lowercased()): its journal has gaps"
            case .unreadable(let reason): reason
            }
        }
    }

    /// All incidents, oldest first.
    private static func each(in store: any IncidentStore, _ work: (Found) throws -> Void) async throws {
        var filter = IncidentFilter(after: 0, limit: 200)
        repeat {
            let page = try await using(store) { try await $0.incidents(filter) }
            for incident in page.incidents {
                try work(
                    page.unreadable.contains(incident.id)
                        ? .unreadable(incident.error ?? "") : try await found(incident, in: store))
            }
            filter.after = page.next
        } while filter.after != nil
    }

    private static func found(_ incident: Incident, in store: any IncidentStore) async throws -> Found {
        do {
            let journal = try await store.journal(of: incident.id, after: 0)
            let isWhole = journal.map(\.sequence) == journal.indices.map { $0 + 1 }
            return isWhole ? .whole(incident, journal) : .gaps(incident, journal)
        } catch {
            guard case .corrupt(let reason) = error else { throw CommandError(error.explanation) }
            return .unreadable(reason)
        }
    }

    private static func using<Value>(_ store: any IncidentStore, _ work: (any IncidentStore) async throws -> Value) async throws -> Value {
        do {
            return try await work(store)
        } catch let error as StoreError {
            throw CommandError(error.explanation)
        }
    }
}

/// A line of an export.
private struct ExportedIncident: Codable {
    let incident: Incident
    let journal: [JournalEntry]
}

/// The lines of a file, without holding it in memory.
private struct FileLines {
    private let handle: FileHandle
    private var buffer = Data()
    private var isAtEnd = false

    init(_ handle: FileHandle) { self.handle = handle }

    mutating func next() throws -> Data? {
        while true {
            if let end = buffer.firstIndex(of: UInt8(ascii: "\n")) {
                let line = Data(buffer[buffer.startIndex..<end])
                buffer = Data(buffer[buffer.index(after: end)...])
                if line.isEmpty { continue }
                return line
            }
            guard !isAtEnd else {
                defer { buffer = Data() }
                return buffer.isEmpty ? nil : buffer
            }
            let chunk = try handle.read(upToCount: 1 << 20) ?? Data()
            isAtEnd = chunk.isEmpty
            buffer += chunk
        }
    }
}
