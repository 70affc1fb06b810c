import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Clients that reach a server and are turned away: whether it is the client's fault, the server's, or a Secret's.
@Suite struct TurnedAwayFixtures {
    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "Partial Service Unreachability.", namespace: "shop")
    }

    private static func repeated(_ line: String, _ count: Int = 6) -> String {
        Array(repeating: line, count: count).joined(separator: "\n")
    }

    /// A database, and clients of it that log this.
    private static func database(of clients: [String] = ["api"], ready: Bool = false, _ log: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.statefulSet("db", TemplateShape([ContainerShape("db", image: "docker.io/library/postgres:16.4", ports: [5432])]))
        cluster.service("db", port: 5432)
        for client in clients {
            let container = ContainerShape(client, env: ["DB_HOST": "db", "DB_PORT": "5432"], ports: [8080])
            cluster.deployment(client, TemplateShape([container]), pods: [.running(ready: ready)])
            cluster.service(client, port: 8080)
            cluster.log(client, log)
        }
        return cluster
    }

    // MARK: Connections

    private static let full =
        "psycopg2.OperationalError: connection to server at \"db\" (10.96.0.9), port 5432 failed: FATAL:  sorry, too many clients already"
    private static let pool =
        "ERROR java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms."

    @Test func `a server that takes no more connections is the one to change`() throws {
        try Self.ask(Self.database(Self.repeated(Self.full))).names(
            .poolExhausted, on: "StatefulSet shop/db", ["host": "db"], saying: ["takes no more connections"])
    }

    @Test func `a client whose own pool is used up is the one to change`() throws {
        try Self.ask(Self.database(Self.repeated(Self.pool))).names(.poolExhausted, on: "Deployment shop/api")
    }

    @Test func `several clients that run out of connections at once point at the server`() throws {
        try Self.ask(Self.database(of: ["api", "billing", "orders"], Self.repeated(Self.pool))).names(
            .poolExhausted, on: "StatefulSet shop/db")
    }

    // MARK: Identities

    private static let rejected = "ERROR pq: password authentication failed for user \"api\""

    @Test func `a client that serves and is rejected each time it tries counts`() throws {
        try Self.ask(Self.database(ready: true, Self.repeated(Self.rejected, 12))).names(
            .credentialsRejected, on: "Deployment shop/api", ["user": "api"])
    }

    @Test func `a client that serves and was rejected a few times is a suspicion at most`() throws {
        try Self.ask(Self.database(ready: true, Self.repeated(Self.rejected, 3))).isSilent()
    }

    // MARK: Certificates

    /// A client of `ledger`, which shows a certificate out of a Secret, and what the client says of it.
    private static func ledger(_ error: String, secrets: [String] = ["ledger-tls"]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let client = ContainerShape("billing", env: ["LEDGER_URL": "https://ledger:8443"])
        cluster.deployment("billing", TemplateShape([client]), pods: [.crashLooping()])
        cluster.log("billing", previous: true, repeated("FATAL Get \"https://ledger:8443/entries\": \(error)"))
        var mounts: [String: String] = [:]
        for name in secrets {
            cluster.secret(name, keys: ["tls.crt", "tls.key"], type: "kubernetes.io/tls")
            mounts[name] = "/etc/\(name)"
        }
        let server = ContainerShape("ledger", ports: [8443], mounts: mounts)
        cluster.deployment("ledger", TemplateShape([server], volumes: secrets.map { .secret($0, name: $0) }))
        cluster.service("ledger", port: 8443)
        return cluster
    }

    private static let expired =
        "tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-23T18:58:58Z is after 2026-11-20T00:00:00Z"

    @Test func `an expired certificate is that of the Secret from which the server takes it`() throws {
        try Self.ask(Self.ledger(Self.expired)).names(.certificateInvalid, on: "Secret shop/ledger-tls", ["reference": "ledger-tls"])
    }

    @Test func `a certificate for another name is the server's`() throws {
        let error = "tls: failed to verify certificate: x509: certificate is valid for ledger.data.svc, not ledger"
        try Self.ask(Self.ledger(error)).names(.certificateInvalid, on: "Secret shop/ledger-tls")
    }

    @Test func `of two Secrets nobody can tell which one the server shows`() throws {
        try Self.ask(Self.ledger(Self.expired, secrets: ["ledger-tls", "ledger-peers"])).names(
            .certificateInvalid, on: "Deployment shop/ledger")
    }

    @Test func `an authority that the client does not know is the client's`() throws {
        let error = "tls: failed to verify certificate: x509: certificate signed by unknown authority"
        try Self.ask(Self.ledger(error)).names(.certificateInvalid, on: "Deployment shop/billing", ["host": "ledger"])
    }

    // MARK: Writes

    /// A cache that logs this, and a client whose writes it refuses in these words.
    private static func cache(_ refusal: String, _ log: String) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        let client = ContainerShape("checkout", env: ["REDIS_URL": "redis://redis:6379"], ports: [8080])
        cluster.deployment("checkout", TemplateShape([client]), pods: [.running(ready: false)])
        cluster.log("checkout", repeated("ERROR cannot save basket: \(refusal)"))
        let server = ContainerShape("redis", image: "docker.io/library/redis:7.4", ports: [6379], mounts: ["data": "/data"])
        cluster.statefulSet("redis", TemplateShape([server], volumes: [.claim("data", name: "data-redis-0")]))
        cluster.claim("data-redis-0")
        cluster.volume("pv-data-redis-0", claim: "data-redis-0")
        cluster.service("redis", port: 6379)
        cluster.log("redis", log)
        return cluster
    }

    @Test func `a store that takes no writes because its disk is full`() throws {
        let refusal =
            "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. Commands that may modify the data set are disabled, because this instance is configured to report errors during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option)."
        let log = (21...26).map { second in
            "1:M 23 Nov 2026 18:58:\(second).204 * 1 changes in 3600 seconds. Saving...\n"
                + "20:C 23 Nov 2026 18:58:\(second).207 # Write error saving DB on disk(rdbSaveRio): No space left on device\n"
                + "1:M 23 Nov 2026 18:58:\(second).305 # Background saving error"
        }
        let cause = try Self.ask(Self.cache(refusal, log.joined(separator: "\n"))).names(.diskFull, on: "StatefulSet shop/redis")
        #expect(cause.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "checkout")))
    }

    @Test func `a store that is a replica takes no writes by design`() throws {
        let refusal = "READONLY You can't write against a read only replica. script: 7f2a"
        let log = "1:S 23 Nov 2026 18:40:01.100 * MASTER <-> REPLICA sync: Finished with success"
        try Self.ask(Self.cache(refusal, log)).names(.databaseReadOnly, on: "StatefulSet shop/redis")
    }
}
