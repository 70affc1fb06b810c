import NIOSSL

/// How a connection proves that the server is the right one, and who we are.
struct TLSSettings: Sendable {
    /// `nil` trusts the system's authorities.
    var authorities: [NIOSSLCertificate]?
    /// The name the server's certificate must have where it differs from the address.
    var serverName: String?
    var skipsVerification = false
    var identity: ClientIdentity?

    /// The settings of the TLS library.
    /// - Parameter replacement: an identity that a credential plugin gave, in the place of the configured one.
    func configuration(identity replacement: ClientIdentity? = nil) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        if let authorities { configuration.trustRoots = .certificates(authorities) }
        if skipsVerification { configuration.certificateVerification = .none }
        if let identity = replacement ?? identity {
            configuration.certificateChain = identity.certificates.map { .certificate($0) }
            configuration.privateKey = .privateKey(identity.key)
        }
        return configuration
    }

    /// Reads the authorities of a PEM bundle.
    /// - Parameter place: where the bundle stands, for the error.
    static func authorities(pem: [UInt8], from place: String) throws(ClusterReadError) -> [NIOSSLCertificate] {
        guard let found = try? NIOSSLCertificate.fromPEMBytes(pem), !found.isEmpty else {
            throw .configuration("\(place) holds no PEM certificate (-----BEGIN CERTIFICATE-----)")
        }
        return found
    }
}

/// A client certificate with its chain and key.
struct ClientIdentity: Sendable {
    let certificates: [NIOSSLCertificate]
    let key: NIOSSLPrivateKey

    /// - Parameter place: whose identity this is, for the error.
    init(certificatePEM: [UInt8], keyPEM: [UInt8], from place: String) throws(ClusterReadError) {
        certificates = try TLSSettings.authorities(pem: certificatePEM, from: "\(place): the client certificate")
        do {
            key = try NIOSSLPrivateKey(bytes: keyPEM, format: .pem)
        } catch {
            throw .configuration("\(place): the client key is no PEM private key without a passphrase")
        }
        var probe = TLSConfiguration.makeClientConfiguration()
        probe.certificateChain = certificates.map { .certificate($0) }
        probe.privateKey = .privateKey(key)
        probe.trustRoots = .certificates([])
        guard (try? NIOSSLContext(configuration: probe)) != nil else {
            throw .configuration("\(place): the client key does not belong to the client certificate")
        }
    }
}
