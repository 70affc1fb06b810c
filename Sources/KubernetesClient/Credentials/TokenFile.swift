/// A file that holds a bearer token, which someone else replaces from time to time.
struct TokenFile: Sendable {
    let path: String
    /// Used while the file cannot be read.
    let fallback: BearerToken?
    /// How old a token may be before the file is read again. Kubernetes' own clients take one minute; a mounted service
    /// account token is replaced at 80 % of its life, which is ten minutes or more.
    var rereadInterval: Duration = .seconds(60)

    func read() throws(ClusterReadError) -> BearerToken {
        try BearerToken(try BoundedFile.text(path, as: "the token file"), from: "the token file \(path)")
    }
}

/// Reads a token file again as its token rotates, and keeps the last good token while it cannot.
actor TokenFileSource: CredentialSource {
    private let file: TokenFile
    private var token: BearerToken?
    private var readAt: ContinuousClock.Instant?
    private var generation = 0

    init(file: TokenFile) { self.file = file }

    func current() async throws(ClusterReadError) -> RequestCredential {
        if let token, let readAt, readAt.duration(to: .now) < file.rereadInterval { return credential(token) }
        return credential(try reread())
    }

    func renewed(after refused: RequestCredential) async throws(ClusterReadError) -> RequestCredential? {
        if refused.generation == generation { _ = try reread() }
        guard let token, refused.generation != generation else { return nil }
        return credential(token)
    }

    private func reread() throws(ClusterReadError) -> BearerToken {
        let found: BearerToken
        do {
            found = try file.read()
        } catch {
            guard let last = token ?? file.fallback else { throw error }
            found = last
        }
        if found != token { generation += 1 }
        token = found
        readAt = .now
        return found
    }

    private func credential(_ token: BearerToken) -> RequestCredential {
        RequestCredential(authorization: "Bearer \(token.text)", generation: generation)
    }
}
