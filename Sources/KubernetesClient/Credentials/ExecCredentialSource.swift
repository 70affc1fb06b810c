import FastJSON
import FoundationEssentials
import IncidentModel

/// Runs a credential plugin, keeps what it printed until that expires, and runs it again after a 401.
actor ExecCredentialSource: CredentialSource {
    private let plugin: ExecPlugin
    private let now: @Sendable () -> Date
    private var credential: RequestCredential?
    private var expiresAt: Date?
    private var generation = 0
    // One run at a time: requests that find no credential wait for the same run.
    private let running = AsyncSemaphore(1)

    /// - Parameter now: the wall clock that expiry is compared with.
    init(plugin: ExecPlugin, now: @escaping @Sendable () -> Date = { Date() }) {
        self.plugin = plugin
        self.now = now
    }

    func current() async throws(ClusterReadError) -> RequestCredential {
        if let valid { return valid }
        return try await run { self.valid }
    }

    func renewed(after refused: RequestCredential) async throws(ClusterReadError) -> RequestCredential? {
        try await run { self.generation == refused.generation ? nil : self.valid }
    }

    private var valid: RequestCredential? {
        if let expiresAt, expiresAt <= now() { return nil }
        return credential
    }

    // `alreadyThere` is asked once it is our turn: another request may have run the plugin meanwhile.
    private func run(unless alreadyThere: () -> RequestCredential?) async throws(ClusterReadError) -> RequestCredential {
        guard await running.acquire() else { throw .timeout("the read was cancelled while the credential plugin was running") }
        defer { running.release() }
        if let found = alreadyThere() { return found }
        let printed = try await ExecCredential(runningPlugin: plugin)
        generation += 1
        let fresh = RequestCredential(
            authorization: printed.token.map { "Bearer \($0.text)" }, identity: printed.identity, generation: generation)
        credential = fresh
        expiresAt = printed.expiresAt
        return fresh
    }
}

/// What a credential plugin prints.
struct ExecCredential: Sendable {
    let token: BearerToken?
    let identity: ClientIdentity?
    let expiresAt: Date?

    init(runningPlugin plugin: ExecPlugin) async throws(ClusterReadError) {
        let process = Subprocess(executable: plugin.executable, arguments: plugin.arguments, environment: plugin.environment)
        let outcome: Subprocess.Outcome
        do {
            outcome = try await process.run(within: plugin.deadline)
        } catch {
            throw plugin.failure(error.description)
        }
        guard outcome.status == 0 else {
            let words = HostileText.line(String(decoding: outcome.errorOutput.prefix(2_000), as: UTF8.self), limit: 300)
            throw plugin.failure("failed with exit code \(outcome.status)\(words.isEmpty ? "" : ": \(words)")")
        }
        try self.init(parsing: outcome.output, of: plugin)
    }

    init(parsing output: Data, of plugin: ExecPlugin) throws(ClusterReadError) {
        guard let document = try? JSONValue(parsing: output), document["kind"].string == "ExecCredential" else {
            throw plugin.failure("printed no ExecCredential")
        }
        guard document["apiVersion"].string == plugin.apiVersion else {
            throw plugin.failure("printed another apiVersion than \(plugin.apiVersion), which the kubeconfig asks for")
        }
        let status = document["status"]
        let place = "\(plugin.place): the credential plugin \(plugin.executable)"
        token = try status["token"].string.map { text throws(ClusterReadError) in try BearerToken(text, from: "\(place): its token") }
        let certificate = status["clientCertificateData"].string
        let key = status["clientKeyData"].string
        switch (certificate, key) {
        case (nil, nil): identity = nil
        case (let certificate?, let key?):
            identity = try ClientIdentity(certificatePEM: Array(certificate.utf8), keyPEM: Array(key.utf8), from: place)
        default: throw plugin.failure("printed a client certificate without its key, or the reverse", withHint: false)
        }
        guard token != nil || identity != nil else { throw plugin.failure("printed neither a token nor a client certificate") }
        let expiry = status["expirationTimestamp"].string
        expiresAt = expiry.flatMap(RFC3339.parse)
        if expiry != nil, expiresAt == nil {
            throw plugin.failure("printed an expirationTimestamp that is no RFC 3339 time", withHint: false)
        }
    }
}
