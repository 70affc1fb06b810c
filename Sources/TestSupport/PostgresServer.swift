import Foundation
import Synchronization

/// A real PostgreSQL server for tests: a fresh data directory, a Unix socket and no port. It ends with the process that started it,
/// however that ends.
public final class PostgresServer: Sendable {
    /// The one that tests share, each with a schema of its own; nil with a reason where the machine has none.
    public static let shared = Result { try PostgresServer() }

    private let directory: URL
    private let process: Mutex<Process?>
    private let programs: URL

    /// - Throws: `Failure` where no server is installed or it does not start.
    public init() throws {
        programs = try Self.findPrograms()
        directory = URL(fileURLWithPath: "/tmp/sre-postgres-\(UUID().uuidString.prefix(8))")
        process = Mutex(nil)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        if Self.isRoot { try Self.run("/bin/chown", ["postgres", directory.path]) }
        try run("initdb", ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "-E", "UTF8", "--locale=C"])
        try start()
    }

    deinit {
        try? stop("immediate")
        try? FileManager.default.removeItem(at: directory)
    }

    /// A connection string whose session sees `schema` only.
    public func address(schema: String? = nil) -> String {
        let path = schema.map { "&options=-csearch_path%3D\($0)" } ?? ""
        return "postgresql:///postgres?host=\(directory.path)&user=postgres\(path)"
    }

    public func start() throws {
        // The shell ends the server when the pipe to this process closes, and removes its directory unless it was stopped on purpose.
        try? FileManager.default.removeItem(at: directory.appending(path: "stopped"))
        let server = "\(programs.path)/postgres -D \(data) -k \(directory.path) -c listen_addresses= -c fsync=off -c max_connections=200"
        let command =
            "\(server) >>\(directory.path)/log 2>&1 & pid=$!; cat >/dev/null; kill -QUIT $pid; wait $pid; "
            + "[ -e \(directory.path)/stopped ] || rm -rf \(directory.path)"
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.isRoot ? "/usr/sbin/runuser" : "/bin/sh")
        process.arguments = Self.isRoot ? ["-u", "postgres", "--", "/bin/sh", "-c", command] : ["-c", command]
        process.standardInput = Pipe()
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        try process.run()
        self.process.withLock { $0 = process }
        for _ in 0..<200 {
            if (try? run("pg_isready", ["-q", "-h", directory.path])) != nil { return }
            Thread.sleep(forTimeInterval: 0.05)
        }
        throw Failure(
            text: "PostgreSQL did not start: \((try? String(contentsOf: directory.appending(path: "log"), encoding: .utf8)) ?? "")")
    }

    /// - Parameter mode: `fast`, or `immediate` for a crash.
    public func stop(_ mode: String) throws {
        try Data().write(to: directory.appending(path: "stopped"))
        try run("pg_ctl", ["-D", data, "-m", mode, "-w", "stop"])
        let process = process.withLock { process in
            defer { process = nil }
            return process
        }
        (process?.standardInput as? Pipe)?.fileHandleForWriting.closeFile()
        process?.waitUntilExit()
    }

    /// Process id of the server.
    public var pid: Int32? {
        let text = try? String(contentsOfFile: data + "/postmaster.pid", encoding: .utf8)
        return text?.split(separator: "\n").first.flatMap { Int32($0) }
    }

    private var data: String { directory.path + "/data" }

    private func run(_ program: String, _ arguments: [String]) throws {
        let path = programs.appending(path: program).path
        if Self.isRoot {
            try Self.run("/usr/sbin/runuser", ["-u", "postgres", "--", path] + arguments)
        } else {
            try Self.run(path, arguments)
        }
    }

    private static func run(_ program: String, _ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(text: "\(program) \(arguments) failed: \(process.terminationStatus)") }
    }

    private static var isRoot: Bool { geteuid() == 0 }

    private static func findPrograms() throws -> URL {
        let root = URL(fileURLWithPath: "/usr/lib/postgresql")
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: root.path)) ?? []
        let newest = versions.compactMap { Int($0) }.max()
        guard let newest else { throw Failure(text: "no PostgreSQL server under \(root.path); `scripts/setup tests` installs one") }
        return root.appending(path: "\(newest)/bin")
    }

    public struct Failure: Error { public let text: String }
}
