import Foundation
public import Logging
import NIOCore
public import NIOSSL
import Synchronization

/// The certificate of a server, from files that are read again when they change, so that a renewed certificate needs no restart.
public final class ServerCertificate: Sendable {
    /// Seconds between looks at the files.
    private static let lookSeconds = 5.0

    /// Where the PEM files are.
    public struct Files: Sendable, Hashable {
        /// Certificate with its chain.
        public var certificate: String
        public var key: String
        /// Authorities of which clients must have a certificate; nil asks for none.
        public var clientAuthorities: String?

        public init(certificate: String, key: String, clientAuthorities: String? = nil) {
            self.certificate = certificate
            self.key = key
            self.clientAuthorities = clientAuthorities
        }
    }

    private struct Loaded {
        var chain: [NIOSSLCertificate]
        var key: NIOSSLPrivateKey
        var versions: [FileVersion?]
        var looked: ContinuousClock.Instant
    }

    private let files: Files
    private let logger: Logger
    private let loaded: Mutex<Loaded>

    /// - Throws: `ServerCertificateError` that names the file and what is wrong with it.
    public init(_ files: Files, logger: Logger) throws(ServerCertificateError) {
        self.files = files
        self.logger = logger
        loaded = Mutex(try Self.load(files))
    }

    /// The TLS settings of a server that presents what the files hold at each handshake.
    /// - Throws: `ServerCertificateError` where the clients' authorities cannot be read.
    public func configuration() throws(ServerCertificateError) -> TLSConfiguration {
        let current = loaded.withLock { ($0.chain, $0.key) }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: current.0.map { .certificate($0) }, privateKey: .privateKey(current.1))
        configuration.minimumTLSVersion = .tlsv12
        if let path = files.clientAuthorities {
            configuration.trustRoots = .certificates(try Self.certificates(path))
            // The names of clients are not checked: that they have a certificate of this authority is what counts.
            configuration.certificateVerification = .noHostnameVerification
        }
        configuration.sslContextCallback = { [self] _, promise in
            let (chain, key) = latest()
            var override = NIOSSLContextConfigurationOverride()
            override.certificateChain = chain.map { .certificate($0) }
            override.privateKey = .privateKey(key)
            promise.succeed(override)
        }
        return configuration
    }

    /// Files that have become wrong change nothing.
    private func latest() -> (chain: [NIOSSLCertificate], key: NIOSSLPrivateKey) {
        loaded.withLock { loaded in
            if loaded.looked.duration(to: .now) > .seconds(Self.lookSeconds) {
                loaded.looked = .now
                if Self.versions(files) != loaded.versions {
                    do throws(ServerCertificateError) {
                        loaded = try Self.load(files)
                        logger.info("certificate read again", metadata: ["path": .string(files.certificate)])
                    } catch {
                        logger.error("certificate not read again", metadata: ["error": .string(error.description)])
                    }
                }
            }
            return (loaded.chain, loaded.key)
        }
    }

    private static func load(_ files: Files) throws(ServerCertificateError) -> Loaded {
        let versions = versions(files)
        let chain = try certificates(files.certificate)
        let key: NIOSSLPrivateKey
        do {
            key = try NIOSSLPrivateKey(file: files.key, format: .pem)
        } catch {
            throw ServerCertificateError(path: files.key, reason: "is no PEM private key without a passphrase that can be read")
        }
        let probe = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        guard (try? NIOSSLContext(configuration: probe)) != nil else {
            throw ServerCertificateError(path: files.key, reason: "does not belong to the certificate in \(files.certificate)")
        }
        return Loaded(chain: chain, key: key, versions: versions, looked: .now)
    }

    private static func certificates(_ path: String) throws(ServerCertificateError) -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
            throw ServerCertificateError(path: path, reason: "holds no PEM certificate that can be read")
        }
        return found
    }

    private static func versions(_ files: Files) -> [FileVersion?] { [files.certificate, files.key].map(FileVersion.init) }
}

public struct ServerCertificateError: Error, Sendable, Hashable, CustomStringConvertible {
    public let path: String
    public let reason: String

    public var description: String { "\(path) \(reason)" }
}
