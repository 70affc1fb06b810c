import Foundation
import NIOCore
import NIOSSL

/// Certificates made by the `openssl` command, once a test run.
struct TestCertificates: Sendable {
    struct CommandFailed: Error { let arguments: [String] }

    private let directory: TemporaryDirectory

    private static let made = Task { try await TestCertificates() }
    static func shared() async throws -> TestCertificates { try await made.value }

    private init() async throws {
        directory = try TemporaryDirectory()
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

    func file(_ name: String) -> String { "\(directory.path)/\(name)" }

    func text(_ name: String) throws -> String { try directory.read(name) }

    func base64(_ name: String) throws -> String { Data(try text(name).utf8).base64EncodedString() }

    /// A server's settings; with `requiresClient` it refuses clients without a certificate of our authority.
    func server(_ name: String = "server", requiresClient: Bool = false) throws -> TLSConfiguration {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(file("\(name).crt")).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: file("\(name).key"), format: .pem)))
        // Otherwise the end of a test waits up to five seconds for the client to agree to close.
        configuration.shutdownTimeout = .milliseconds(100)
        if requiresClient {
            configuration.certificateVerification = .noHostnameVerification
            configuration.trustRoots = .certificates(try NIOSSLCertificate.fromPEMFile(file("ca.crt")))
        }
        return configuration
    }
}
