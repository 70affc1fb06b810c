internal import IncidentModel

/// Calls to other programs that fail for a reason of the other side, of the name or of the credentials.
extension CauseEntry {
    static let dependencyUnreachable = CauseEntry(
        .dependencyUnreachable, in: .dependencies,
        meaning: "Something outside the cluster, or of unknown state, refuses the connection or never answers.",
        reportedOn: "workload (the client)",
        signals: [
            "Log with a refused or timed-out connection to one host and port",
            "No Service, pod or node has that address, or its namespace was not read",
            "The setting that names the host",
        ],
        lookAlikes: [
            "A dependency inside the cluster that is down: reported where it breaks",
            "`NetworkPolicyBlocks`: an egress policy of the client drops the traffic",
            "`ClientPortMismatch`: the host is right and the port is not",
        ],
        fix: [
            "Check whether {host} runs and accepts connections from the cluster on port {port}.",
            "If the address is wrong, correct it in the workload's configuration; otherwise look at firewall, route and the other side.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get networkpolicies {scope}",
            "kubectl get services {scope}",
        ],
        modes: ["C16", "C17"], detailsKeys: callKeys)

    static let dependencyNameUnresolvable = CauseEntry(
        .dependencyNameUnresolvable, in: .dependencies,
        meaning: "The program uses a host name that does not exist.",
        reportedOn: "workload (the client)",
        signals: [
            "Log with `no such host`, `UnknownHostException`, `ENOTFOUND` or `Name or service not known`",
            "A name that cannot exist, or that is no Service of the cluster",
        ],
        lookAlikes: [
            "`ServiceNotFound`: the name follows the pattern of a Service that is missing",
            "`ClusterDNSUnavailable`: the name server fails to answer, for all names",
            "`PodDNSPolicyInvalid`: cluster names fail in this pod alone",
        ],
        fix: [
            "Replace host name {found} in the configuration of {kind} {name}.",
            "Look for a missing namespace in the name, a typing error, or a placeholder that was never replaced.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get services -A",
            "kubectl get {kind} {name} {scope} -o jsonpath='{.spec.template.spec.containers[*].env}'",
        ],
        modes: ["C18", "N21"], detailsKeys: ["field", "found", "expected", "key"] + callKeys)

    static let credentialsRejected = CauseEntry(
        .credentialsRejected, in: .dependencies,
        meaning: "A dependency answers and does not accept the user, password or token that the program sends.",
        reportedOn: "workload (the client)",
        signals: [
            "Log with `password authentication failed`, `Access denied for user`, `WRONGPASS` or `NOAUTH`",
            "Log of the server that records the same refusal",
            "Secret that changed after the container had started with its old value",
        ],
        lookAlikes: [
            "`PermissionForbidden`: the Kubernetes API or the cloud refuses, not a dependency",
            "`DatabaseSchemaMissing`: the login works, and the database is not there",
            "`CertificateInvalid`: the connection ends before any login",
        ],
        fix: [
            "Make the credentials in Secret {reference} and those that {host} expects the same.",
            "If the Secret was rotated, restart the pods: variables keep the value of the start.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl describe secret {reference} {scope}",
            "kubectl get pods {scope}",
        ],
        modes: ["C20", "X3"], detailsKeys: ["user", "field", "key", "expected", "exit_code"] + callKeys)

    static let databaseSchemaMissing = CauseEntry(
        .databaseSchemaMissing, in: .dependencies,
        meaning: "The database is reached, and the database, table, column or topic that the program needs is not in it.",
        reportedOn: "workload (the client)",
        signals: [
            "Log with `database … does not exist`, `relation … does not exist`, `Unknown database` or `no such table`",
            "A migration that failed or never ran",
        ],
        lookAlikes: [
            "`CredentialsRejected`: the login itself fails",
            "The program talks to the wrong server, where the schema never was",
        ],
        fix: [
            "Create or migrate {reference}.",
            "Run the migrations of this version and see why they did not run; roll the program back if its version is ahead of the schema.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get jobs {scope}",
            "kubectl rollout history {kind}/{name} {scope}",
        ],
        modes: ["C21"], detailsKeys: ["user", "path", "exit_code", "frame"] + callKeys)

    static let databaseReadOnly = CauseEntry(
        .databaseReadOnly, in: .dependencies,
        meaning: "A database that the program writes to takes reads only.",
        reportedOn: "datastore workload, or the client where the datastore is unknown",
        signals: [
            "Log of the client with `read-only transaction`, `READONLY You can't write against a read only replica` or similar",
            "Log of the datastore on a failover, a replica role or a disk guard",
        ],
        lookAlikes: [
            "`ReadOnlyFileSystem`: a file cannot be written, no database is involved",
            "`DiskFull`: the datastore went read-only because its disk is full, which is then the deeper cause",
        ],
        fix: [
            "Point writers to the primary, or promote {host} if it is meant to be the primary.",
            "Lift the read-only mode once its reason (failover, maintenance flag, full disk) is gone.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope}",
            "kubectl get pods {scope} -o wide",
            "kubectl get persistentvolumeclaims {scope}",
        ],
        modes: [], detailsKeys: callKeys)

    static let poolExhausted = CauseEntry(
        .poolExhausted, in: .dependencies,
        meaning: "No connection, thread or lock is left in a pool of the program or of what it calls.",
        reportedOn: "workload",
        signals: [
            "Log with `pool exhausted`, `too many connections`, `remaining connection slots are reserved` or a timeout on acquiring",
            "Replicas times pool size against the limit of the server",
        ],
        lookAlikes: [
            "`DependencyUnreachable`: no connection was ever made",
            "`ProcessLimitReached`: a limit of the kernel, not of a pool",
            "A slow query or leak that holds connections: the pool is only where it shows",
        ],
        fix: [
            "Find who holds the connections to {host}: a slow call, a leak, or more replicas than the limit allows.",
            "Keep the pools of all replicas together below the server's limit.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get pods {scope}",
            "kubectl top pod {scope} --containers",
        ],
        modes: ["M7"], detailsKeys: callKeys)

    static let certificateInvalid = CauseEntry(
        .certificateInvalid, in: .dependencies,
        meaning: "A TLS connection fails because the certificate is expired, of an unknown issuer or for another name.",
        reportedOn: "workload, or Secret",
        signals: [
            "Log with `x509:`, `PKIX path building failed`, `CERT_HAS_EXPIRED` or `CERTIFICATE_VERIFY_FAILED`",
            "The moment it began: all clients at once point to an expiry",
        ],
        lookAlikes: [
            "`RegistryUnavailable`: the node rejects the registry's certificate while it pulls",
            "`IngressCertificateMissing`: the Ingress serves a default certificate",
            "A clock that is off makes valid certificates `not yet valid`",
        ],
        fix: [
            "Renew the certificate of {host}, or make the client trust its issuer.",
            "See why automatic renewal failed, and restart programs that read certificates only at start.",
        ],
        verify: [
            "kubectl logs {kind}/{name} {scope} -c {container}",
            "kubectl get secrets {scope} --field-selector type=kubernetes.io/tls",
        ],
        modes: ["C29", "R5"], detailsKeys: ["exit_code", "path", "frame", "user"] + callKeys)
}
