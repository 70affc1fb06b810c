import Foundation

/// The built `sre` binary, run as a user runs it.
struct SREProcess {
    struct Outcome: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// Longest run of one command; the commands under test take well under a second.
    private static let deadline = Duration.seconds(60)

    /// `sre` beside the test bundle, which is where the package manager builds both.
    static let binary: URL = {
        let bundle = URL(filePath: CommandLine.arguments[0]).resolvingSymlinksInPath().deletingLastPathComponent()
        let beside = [bundle, bundle.deletingLastPathComponent()].map { $0.appending(path: "sre") }
        let built = URL(filePath: #filePath).appending(path: "../../../../.build/debug/sre").standardizedFileURL
        return (beside + [built]).first { FileManager.default.isExecutableFile(atPath: $0.path) } ?? built
    }()

    /// Runs a command to its end.
    /// - Parameters:
    ///   - name: path to call the binary by; its last part is the program's name.
    ///   - environment: variables on top of those of the tests.
    static func run(
        _ arguments: [String], as name: URL = binary, environment: [String: String] = [:], in directory: URL? = nil
    ) async throws -> Outcome {
        let process = try RunningProcess(arguments, as: name, environment: environment, in: directory)
        let status = try await process.exit(within: deadline)
        return Outcome(status: status, output: process.output, errors: process.errors)
    }
}

/// A process of `sre` that runs until it ends or is told to.
final class RunningProcess: Sendable {
    private let process = Process()
    private let exits: AsyncStream<Int32>
    private let folder = FileManager.default.temporaryDirectory.appending(path: "sre-test-\(UUID().uuidString)")

    /// - Parameter shell: words of a shell that come before the program, e.g. `ulimit -f 100;`.
    init(
        _ arguments: [String], as name: URL = SREProcess.binary, shell: String? = nil, environment: [String: String] = [:],
        in directory: URL? = nil
    ) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        // Files instead of pipes: nobody has to empty them, so nothing can block.
        for file in ["out", "err"] { try Data().write(to: folder.appending(path: file)) }
        process.executableURL = shell == nil ? name : URL(filePath: "/bin/sh")
        process.arguments = shell.map { ["-c", "\($0) exec \"$0\" \"$@\"", name.path] + arguments } ?? arguments
        process.currentDirectoryURL = directory ?? folder
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try FileHandle(forWritingTo: folder.appending(path: "out"))
        process.standardError = try FileHandle(forWritingTo: folder.appending(path: "err"))
        let (stream, continuation) = AsyncStream<Int32>.makeStream()
        exits = stream
        process.terminationHandler = { ended in
            continuation.yield(ended.terminationReason == .exit ? ended.terminationStatus : -ended.terminationStatus)
            continuation.finish()
        }
        try process.run()
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    var output: String { text("out") }
    var errors: String { text("err") }

    private func text(_ file: String) -> String {
        (try? Data(contentsOf: folder.appending(path: file))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// Waits for the end; negative where a signal ended it.
    func exit(within limit: Duration = .seconds(20)) async throws -> Int32 {
        let status = await withTaskGroup(of: Int32?.self) { group in
            group.addTask { [exits] in await exits.first { _ in true } }
            group.addTask {
                try? await Task.sleep(for: limit)
                return nil
            }
            let first = await group.next() ?? nil
            group.cancelAll()
            return first
        }
        guard let status else {
            kill(process.processIdentifier, SIGKILL)
            throw SREProcess.Failure(description: "no end within \(limit):\n\(output)\n\(errors)")
        }
        return status
    }

    /// Asks it to end as a service manager would, and waits for that.
    func stop() async throws -> Int32 {
        kill(process.processIdentifier, SIGTERM)
        return try await exit()
    }

    /// Holds it, as a machine that sleeps or a full disk of logs would, or lets it go on.
    func hold() { kill(process.processIdentifier, SIGSTOP) }
    func goOn() { kill(process.processIdentifier, SIGCONT) }
    var processIdentifier: Int32 { process.processIdentifier }

    /// Ends it as a crash would.
    func crash() async throws {
        kill(process.processIdentifier, SIGKILL)
        _ = try await exit()
    }

    /// The port that it says it listens on.
    func port() async throws -> Int {
        for _ in 0..<400 {
            if let match = errors.firstMatch(of: /("port":"?|127\.0\.0\.1:)(\d+)/), let port = Int(match.2) { return port }
            guard process.isRunning else { break }
            try await Task.sleep(for: .milliseconds(25))
        }
        throw SREProcess.Failure(description: "it does not listen:\n\(errors)")
    }
}
