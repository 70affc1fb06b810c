import Foundation

/// Runs a program of the machine without blocking a thread that tasks need.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    static func run(_ path: String, _ arguments: [String], environment: [String: String]? = nil) async throws -> Result {
        let directory = try TemporaryDirectory()
        try directory.write("", to: "out")
        try directory.write("", to: "err")
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let environment { process.environment = environment }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: directory.file("out"))
        process.standardError = FileHandle(forWritingAtPath: directory.file("err"))
        let status: Int32 = try await withCheckedThrowingContinuation { continuation in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                continuation.resume(throwing: error)
            }
        }
        func text(_ name: String) -> String {
            String(decoding: (try? Data(contentsOf: URL(filePath: directory.file(name)))) ?? Data(), as: UTF8.self)
        }
        return Result(status: status, output: text("out"), errors: text("err"))
    }

    /// Where a program is on PATH.
    static func find(_ name: String) -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
            .map { "\($0)/\(name)" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }
}
