import NIOCore
import NIOSSL
import TestSupport

extension TestCertificates {
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
