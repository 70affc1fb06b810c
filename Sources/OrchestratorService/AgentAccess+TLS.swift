public import NIOSSL
import ServiceKit

extension OrchestratorConfiguration.AgentAccess {
    /// The TLS settings of a client of the agent.
    /// - Throws: `OrchestratorFailure.agentAccess` naming the key and the file at fault.
    public func tlsConfiguration() throws(OrchestratorFailure) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        if let authorities {
            configuration.trustRoots = .certificates(try Self.certificates(authorities, OrchestratorConfiguration.agentAuthorities))
        }
        switch (certificate, key) {
        case (nil, nil): break
        case (let certificate?, let key?):
            let chain = try Self.certificates(certificate, OrchestratorConfiguration.agentClientCertificate)
            guard let privateKey = try? NIOSSLPrivateKey(file: key, format: .pem) else {
                throw .agentAccess(OrchestratorConfiguration.agentClientKey.key, "\(key) is no PEM private key that can be read")
            }
            configuration.certificateChain = chain.map { .certificate($0) }
            configuration.privateKey = .privateKey(privateKey)
            guard (try? NIOSSLContext(configuration: configuration)) != nil else {
                throw .agentAccess(OrchestratorConfiguration.agentClientKey.key, "\(key) does not belong to \(certificate)")
            }
        default:
            throw .agentAccess(
                OrchestratorConfiguration.agentClientCertificate.key,
                "needs \(OrchestratorConfiguration.agentClientKey.key) beside it, and the other way round")
        }
        return configuration
    }

    private static func certificates(_ path: String, _ setting: Setting) throws(OrchestratorFailure) -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMFile(path), !found.isEmpty else {
            throw .agentAccess(setting.key, "\(path) holds no PEM certificate that can be read")
        }
        return found
    }
}
