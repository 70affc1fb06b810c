import Foundation

/// Certificates made by the `openssl` command, once a test run.
public struct TestCertificates: Sendable {
    struct CommandFailed: Error { let arguments: [String] }

    private let directory: URL

    private static let made = Task { try await TestCertificates() }
    public static func shared() async throws -> TestCertificates { try await made.value }

    private init() async throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "sre-certificates-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        for authority in ["ca", "other-ca"] {
            try await make(authority, ["-addext", "basicConstraints=critical,CA:TRUE"])
        }
        let signed = ["-CA", file("ca.crt"), "-CAkey", file("ca.key")]
        try await make("server", signed + ["-addext", "subjectAltName=IP:127.0.0.1,DNS:localhost"])
        try await make("named-server", signed + ["-addext", "subjectAltName=DNS:api.cluster.test"])
        try await make("client", signed + ["-addext", "extendedKeyUsage=clientAuth"])
    }

    private func make(_ name: String, _ extra: [String]) async throws {
        let arguments =
            ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=\(name)"]
            + ["-keyout", file("\(name).key"), "-out", file("\(name).crt")] + extra
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["openssl"] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        // Waited for without holding a thread that other tests run on.
        let status = try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Int32, any Error>) in
            process.terminationHandler = { continuation.resume(returning: $0.terminationStatus) }
            do { try process.run() } catch { continuation.resume(throwing: error) }
        }
        guard status == 0 else { throw CommandFailed(arguments: arguments) }
    }

    public func file(_ name: String) -> String { "\(directory.path)/\(name)" }

    public func text(_ name: String) throws -> String { try String(contentsOfFile: file(name), encoding: .utf8) }

    public func base64(_ name: String) throws -> String { Data(try text(name).utf8).base64EncodedString() }
}
