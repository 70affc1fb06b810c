import ClusterModel
import IncidentModel
import TestSupport

extension LookAlike {
    /// Calls that fail: at the name, on the way, at the door, or behind it.
    static let dependencies: [LookAlike] = [
        LookAlike(
            cause: .dependencyUnreachable, object: web, details: ["host": "db.corp.example.com", "port": "5432"],
            fault: { client(["DB_HOST": "db.corp.example.com"], postgres("db.corp.example.com", refusal)) },
            twinIs: "a database of the cluster that is killed for memory", twinCause: .memoryLimitExceeded,
            twin: {
                var cluster = client(["DB_HOST": "db"], postgres("db", refusal))
                database(&cluster, .crashLooping(.outOfMemory))
                return cluster
            }),
        LookAlike(
            cause: .dependencyUnreachable, object: web, details: ["host": "partner.example.com"],
            fault: { client([:], "\(fetch) dial tcp 203.0.113.20:443: i/o timeout") },
            twinIs: "a policy that lets nothing out to it", twinCause: .networkPolicyBlocks,
            twin: {
                var cluster = client([:], "\(fetch) dial tcp 203.0.113.20:443: i/o timeout")
                let names: JSONNode = ["ports": [["port": 53, "protocol": "UDP"], ["port": 53, "protocol": "TCP"]]]
                let neighbours: JSONNode = ["to": [["podSelector": [:]]]]
                cluster.networkPolicy("web-out", for: ["app": "web"], types: ["Egress"], ["egress": .array([names, neighbours])])
                return cluster
            }),
        LookAlike(
            cause: .dependencyNameUnresolvable, object: web, details: ["found": "postgres", "expected": "postgres.data"],
            fault: {
                var cluster = client(["DB_HOST": "postgres"], untranslated("postgres", "Name or service not known"))
                elsewhere(&cluster)
                return cluster
            },
            twinIs: "a right name that no name server answers for", twinCause: .clusterDNSUnavailable,
            twin: {
                var cluster = client(["DB_HOST": "postgres.data"], untranslated("postgres.data", "Temporary failure in name resolution"))
                elsewhere(&cluster)
                cluster.clusterDNS(pods: [], replicas: 0)
                return cluster
            }),
        LookAlike(
            cause: .dependencyNameUnresolvable, object: web, details: ["found": "crat", "expected": "cart"],
            fault: {
                var cluster = client(["CART_URL": "http://crat:8080"], unknownHost("crat"))
                cluster.server("cart")
                cluster.service("cart", port: 8080)
                return cluster
            },
            twinIs: "a right name whose Service was deleted", twinCause: .serviceNotFound,
            twin: {
                var cluster = client(["CART_URL": "http://cart:8080"], unknownHost("cart"))
                cluster.server("cart")
                return cluster
            }),
        LookAlike(
            cause: .credentialsRejected, object: web, details: ["user": "web"],
            fault: { ofDatabase("FATAL:  password authentication failed for user \"web\"") },
            twinIs: "a login that succeeds into a database which is missing", twinCause: .databaseSchemaMissing,
            twin: { ofDatabase("FATAL:  database \"shop_v2\" does not exist") }),
        LookAlike(
            cause: .credentialsRejected, object: web, details: ["container": "web"],
            fault: {
                var cluster = client(
                    ["REDIS_URL": "redis://redis:6379"], "ReplyError: WRONGPASS invalid username-password pair or user is disabled.")
                redis(&cluster, "Ready to accept connections tcp")
                return cluster
            },
            twinIs: "an identity that the Kubernetes API refuses", twinCause: .permissionForbidden,
            twin: {
                let user = "User \"system:serviceaccount:shop:web\" cannot list resource \"pods\" in API group \"\""
                var cluster = client(
                    [:], "E1123 18:59:01.123456       1 main.go:88] pods is forbidden: \(user) in the namespace \"shop\"", account: "web")
                cluster.serviceAccount("web")
                return cluster
            }),
        LookAlike(
            cause: .databaseSchemaMissing, object: web, details: ["container": "web", "reference": "orders"],
            fault: {
                var cluster = client(
                    ["DB_HOST": "db"],
                    "sqlalchemy.exc.ProgrammingError: (psycopg2.errors.UndefinedTable) relation \"orders\" does not exist")
                database(&cluster)
                return cluster
            },
            twinIs: "a user that does not exist", twinCause: .credentialsRejected,
            twin: { ofDatabase("FATAL:  role \"web\" does not exist") }),
        LookAlike(
            cause: .databaseReadOnly, object: "StatefulSet shop/db",
            fault: {
                var cluster = client(
                    ["DB_HOST": "db"], "psycopg2.errors.ReadOnlySqlTransaction: cannot execute INSERT in a read-only transaction")
                database(&cluster)
                return cluster
            },
            twinIs: "a file system that takes no writes", twinCause: .readOnlyFileSystem,
            twin: {
                var cluster = client(["DB_HOST": "db"], "OSError: [Errno 30] Read-only file system: '/var/lib/web/orders.log'")
                database(&cluster)
                return cluster
            }),
        LookAlike(
            cause: .databaseReadOnly, object: "StatefulSet shop/redis",
            fault: {
                var cluster = client(
                    ["REDIS_URL": "redis://redis:6379"], "ReplyError: READONLY You can't write against a read only replica.")
                redis(&cluster, "1:S 23 Nov 2026 18:55:01.100 * MASTER <-> REPLICA sync: Finished with success")
                return cluster
            },
            twinIs: "a store that takes no writes because its disk is full", twinCause: .diskFull,
            twin: {
                let refusal = "Commands that may modify the data set are disabled, because this instance is configured to report errors"
                let reply = "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist to disk. \(refusal)"
                var cluster = client(
                    ["REDIS_URL": "redis://redis:6379"],
                    "ReplyError: \(reply) during writes if RDB snapshotting fails (stop-writes-on-bgsave-error option).")
                redis(&cluster, "24:C 23 Nov 2026 18:59:01.120 # Write error saving DB on disk: No space left on device", times: 6)
                return cluster
            }),
        LookAlike(
            cause: .poolExhausted, object: web, details: ["container": "web"],
            fault: { withoutConnection() },
            twinIs: "a pool that never got its first connection", twinCause: .dependencyUnreachable,
            twin: {
                let hint = "Check that the hostname and port are correct."
                let error = "org.postgresql.util.PSQLException: Connection to db.corp.example.com:5432 refused. \(hint)"
                let trace = "\(error)\nCaused by: java.net.ConnectException: Connection refused"
                return client(
                    ["JDBC_URL": "jdbc:postgresql://db.corp.example.com:5432/shop"],
                    "\(hikari) - Exception during pool initialization.\n\n\(trace)")
            }),
        LookAlike(
            cause: .poolExhausted, object: "StatefulSet shop/db", details: ["container": "web"],
            fault: { ofDatabase("FATAL:  sorry, too many clients already") },
            twinIs: "a limit of the kernel", twinCause: .processLimitReached,
            twin: {
                var cluster = client(["DB_HOST": "db"], "2026/11/23 18:59:01 http: Accept error: accept tcp [::]:8080: accept4: \(files)")
                database(&cluster)
                return cluster
            }),
    ]
}

private let web = "Deployment shop/web"
private let refusal = "Connection refused\n\tIs the server running on that host and accepting TCP/IP connections?"
private let fetch = "2026/11/23 18:59:01 Get \"https://partner.example.com/v1/rates\":"
private let hikari = "2026-11-23T18:59:01.004Z ERROR 1 --- [main] com.zaxxer.hikari.pool.HikariPool : HikariPool-1"
private let files = "too many open files"

/// What libpq says of a connection that fails.
private func postgres(_ host: String, _ error: String) -> String {
    "psycopg2.OperationalError: connection to server at \"\(host)\" (10.96.77.9), port 5432 failed: \(error)"
}

private func untranslated(_ host: String, _ why: String) -> String {
    "psycopg2.OperationalError: could not translate host name \"\(host)\" to address: \(why)"
}

private func unknownHost(_ host: String) -> String {
    "2026/11/23 18:59:01 Get \"http://\(host):8080/items\": dial tcp: lookup \(host) on 10.96.0.10:53: no such host"
}

/// A Deployment `web` with these variables that keeps ending with these last words.
private func client(_ env: [String: String], _ words: String, account: String? = nil) -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let template = TemplateShape([ContainerShape("web", env: env, ports: [8080])], serviceAccount: account)
    let pods = cluster.deployment("web", template, pods: [.crashLooping(.init(1, afterSeconds: 4))])
    cluster.service("web", port: 8080)
    cluster.event(
        "BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
        "Back-off restarting failed container web in pod \(pods[0])_shop(uid)", count: 20, container: "web")
    cluster.log("web", previous: true, words)
    return cluster
}

/// A PostgreSQL with its Service.
private func database(_ cluster: inout ClusterBuilder, _ pod: PodShape = .running) {
    let container = ContainerShape("db", image: "postgres:17.2", ports: [5432], limits: ["memory": "256Mi"])
    cluster.statefulSet("db", TemplateShape([container]), pods: [pod])
    cluster.service("db", port: 5432)
}

/// A client of a PostgreSQL that runs and answers so.
private func ofDatabase(_ answer: String) -> ClusterBuilder {
    var cluster = client(["DB_HOST": "db", "DB_USER": "web"], postgres("db", answer))
    database(&cluster)
    return cluster
}

/// A PostgreSQL in another namespace.
private func elsewhere(_ cluster: inout ClusterBuilder) {
    cluster.namespace("data")
    cluster.statefulSet("postgres", TemplateShape([ContainerShape("postgres", ports: [5432])]), in: "data")
    cluster.service("postgres", port: 5432, in: "data")
}

/// A Redis with a volume and its Service, which runs and logs a line.
private func redis(_ cluster: inout ClusterBuilder, _ line: String, times: Int = 1) {
    let container = ContainerShape("redis", image: "redis:6.2", ports: [6379], mounts: ["data": "/data"])
    cluster.claim("data-redis-0")
    cluster.volume("pv-data-redis-0", claim: "data-redis-0")
    cluster.statefulSet("redis", TemplateShape([container], volumes: [.claim("data", name: "data-redis-0")]))
    cluster.service("redis", port: 6379)
    cluster.log("redis", Array(repeating: line, count: times).joined(separator: "\n"))
}

/// A Deployment `web` that runs, is not ready, and has no connection to its database left.
private func withoutConnection() -> ClusterBuilder {
    var cluster = ClusterBuilder()
    let container = ContainerShape(
        "web", env: ["JDBC_URL": "jdbc:postgresql://db:5432/shop"], ports: [8080], readiness: .http("/ready", port: 8080))
    let pods = cluster.deployment("web", TemplateShape([container]), pods: [.running(ready: false)])
    cluster.service("web", port: 8080)
    database(&cluster)
    cluster.event(
        "Unhealthy", about: ObjectReference(kind: "Pod", namespace: "shop", name: pods[0]),
        "Readiness probe failed: HTTP probe failed with statuscode: 503", count: 40, firstMinutesAgo: 20, container: "web")
    let counts = "(total=10, active=10, idle=0, waiting=24)"
    let error = "java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms"
    let line = "2026-11-23T18:59:01.004Z ERROR 1 --- [nio-8080-exec-7] shop.Orders : cannot save order: \(error) \(counts)"
    cluster.log("web", Array(repeating: line, count: 6).joined(separator: "\n"))
    return cluster
}
