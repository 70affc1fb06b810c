import FoundationEssentials

/// What one request carries to prove who is asking.
struct RequestCredential: Sendable {
    /// The value of the `Authorization` header.
    var authorization: String?
    /// A client certificate in the place of the connection's own.
    var identity: ClientIdentity?
    /// Counts up whenever the source obtains a new credential.
    var generation = 0
}

/// Gives each request its credential, however that is obtained and renewed.
protocol CredentialSource: Sendable {
    /// The credential to use now.
    func current() async throws(ClusterReadError) -> RequestCredential

    /// A newer credential after the server refused one with 401; `nil` where there can be none.
    func renewed(after refused: RequestCredential) async throws(ClusterReadError) -> RequestCredential?
}

/// A credential that never changes.
struct FixedCredential: CredentialSource {
    let credential: RequestCredential

    func current() async throws(ClusterReadError) -> RequestCredential { credential }

    func renewed(after refused: RequestCredential) async throws(ClusterReadError) -> RequestCredential? { nil }
}

extension ClusterCredentials {
    /// The source that these settings describe.
    func source() -> any CredentialSource {
        switch self {
        case .anonymous: return FixedCredential(credential: RequestCredential())
        case .token(let token): return FixedCredential(credential: RequestCredential(authorization: "Bearer \(token.text)"))
        case .tokenFile(let file): return TokenFileSource(file: file)
        case .basic(let username, let password):
            let pair = Data("\(username):\(password)".utf8).base64EncodedString()
            return FixedCredential(credential: RequestCredential(authorization: "Basic \(pair)"))
        case .exec(let plugin): return ExecCredentialSource(plugin: plugin)
        }
    }
}
