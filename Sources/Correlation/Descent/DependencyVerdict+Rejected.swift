internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Calls that reach the dependency, which then says no.
extension DependencyVerdict {
    func rejected() -> Finding {
        switch symptom.failure {
        case .schema:
            return plain(
                .databaseSchemaMissing,
                "\(workload.reference) uses \(symptom.detail ?? "a database object") that does not exist\(at): \(Citation.cut(symptom.citation.text.trimmed)).",
                0.86)
        case .readOnly:
            var finding = plain(.databaseReadOnly, "\(workload.reference) writes to a database that is read-only\(at).", 0.8)
            if let server { finding.object = server }
            return finding
        case .pool: return pool()
        case .certificate: return certificate()
        default: return credentials()
        }
    }

    /// Words that speak of the certificate itself, whoever looks at it.
    private static let certificateIsBad = [
        "expired", "not yet valid", "is valid for", "no subject alternative", "doesn't match", "does not match", "cert_has_expired",
        "altname_invalid", "namemismatch", "notvalidforname",
    ]

    private func certificate() -> Finding {
        let text = symptom.citation.text
        var finding = plain(
            .certificateInvalid, "\(workload.reference) does not accept a TLS certificate\(at): \(Citation.cut(text.trimmed)).", 0.84)
        guard Phrase.containsAny(text.lowercased(), Self.certificateIsBad), let server, let served = context.topology[server] else {
            return finding
        }
        // The server has to show another one; where it takes it from a single Secret, that is what has to be renewed.
        let secrets = Set(
            (served.template?.spec ?? served.livePods.first?.spec)?.volumes.flatMap(\.source.secretNames) ?? []
        ).filter { context.view.secrets[server.namespace ?? "", $0]?.keys.contains("tls.crt") ?? false }
        finding.object = server
        if secrets.count == 1, let name = secrets.first {
            finding.object = ObjectReference(kind: "Secret", namespace: server.namespace, name: name)
            finding.details["reference"] = name
            finding.reasons.append("\(server) takes its certificate from Secret \(name)")
        }
        finding.changedObjects = [finding.object]
        return finding
    }

    /// Words by which a server says that it takes no more connections, whoever asks.
    private static let serverIsFull = [
        "too many connections", "too many clients", "remaining connection slots", "max number of clients reached", "er_con_count_error",
        "ora-00020", "ora-12516", "ora-12519", "error 1040", "connection limit exceeded",
    ]

    private func pool() -> Finding {
        guard Phrase.containsAny(symptom.citation.text.lowercased(), Self.serverIsFull), let server else {
            return plain(.poolExhausted, "\(workload.reference) gets no connection from an exhausted pool\(at).", 0.72)
        }
        var finding = plain(
            .poolExhausted,
            "\(server) takes no more connections: \(workload.reference) is told \"\(Citation.cut(symptom.citation.text.trimmed))\".",
            0.8)
        finding.object = server
        finding.reasons.append("it is the server that says so, to whoever asks")
        return finding
    }

    private var isSuffering: Bool {
        workload.impact > .latent || symptom.isFatal || context.telemetry.suffers(workload.reference)
    }

    /// Refusals that are more than one request gone wrong, and how long ago the last may be for a program that tries every few minutes.
    private static let lastingCount = 5
    private static let lastingSeconds = 900.0

    /// A program may be Ready and yet be turned away each time it tries.
    private var isLasting: Bool {
        symptom.count >= Self.lastingCount && (symptom.lastSeen.flatMap { context.age($0) } ?? 0) < Self.lastingSeconds
    }

    private func plain(_ cause: CauseCode, _ statement: String, _ confidence: Double) -> Finding {
        var details = ["container": symptom.container]
        if !symptom.host.isEmpty { details["host"] = symptom.host }
        if let server { details["host"] = details["host"] ?? server.name }
        details["reference"] = symptom.detail
        details["user"] = symptom.user
        return Finding(
            cause: cause, object: workload.reference, sufferer: workload.reference, statement: statement, details: details,
            citations: [symptom.citation] + serverCitation,
            confidence: isSuffering ? confidence : confidence - (isLasting ? 0.18 : 0.4),
            reasons: ["its log says so \(Phrase.count(symptom.count, "time"))"],
            impact: max(workload.impact, .degraded), onset: symptom.onset,
            changedFields: ["env", "envFrom", "args", "image"], changedObjects: [])
    }

    private var at: String { server.map { " in \($0)" } ?? (symptom.host.isEmpty ? "" : " at \(symptom.host)") }

    private func credentials() -> Finding {
        var finding = plain(
            .credentialsRejected, "\(workload.reference) is rejected\(at): \(Citation.cut(symptom.citation.text.trimmed)).", 0.84)
        if !serverCitation.isEmpty {
            finding.confidence += 0.04
            finding.reasons.append("the other side logs the same rejection")
        }
        guard let (secret, changed) = staleSecret else { return finding }
        finding.confidence += 0.07
        finding.details["reference"] = secret.name
        finding.details["field"] = "env"
        finding.statement =
            "\(workload.reference) still uses the old value of Secret \(secret.name), which changed at \(RFC3339.format(changed)), after its containers started: it is rejected\(at)."
        finding.reasons.append("Secret \(secret.name) changed after the containers started, and environment variables never follow")
        finding.citations.append(.field(secret.reference, "metadata.managedFields[].time", RFC3339.format(changed), time: changed))
        finding.changedObjects = [secret.reference]
        return finding
    }

    /// A Secret used through the environment that changed after the containers that use it had started.
    private var staleSecret: (secret: Secret, changed: Date)? {
        let pods = workload.unreadyPods.isEmpty ? workload.livePods : workload.unreadyPods
        guard let pod = pods.first, let container = pod.spec.allContainers.first(where: { $0.name == symptom.container }),
            let started = pod.status(of: container)?.runningSince
        else { return nil }
        let named = container.env.compactMap { variable in
            if case .secretKey(let name, _, _) = variable.source { name } else { nil }
        }
        let names = named + container.envFrom.filter { $0.kind == .secret }.map(\.name)
        return names.lazy.compactMap { name -> (Secret, Date)? in
            guard let secret = context.view.secrets[pod.namespace, name],
                let changed = secret.metadata.managedFields.compactMap(\.time).max(), changed > started
            else { return nil }
            return (secret, changed)
        }.first
    }

    /// The datastore meant: by the host in the error, else the one dependency that logs the rejection itself.
    var server: ObjectReference? {
        if !symptom.host.isEmpty {
            guard case .service(let service) = context.topology.resolve(symptom.host, from: workload.namespace) else { return nil }
            return context.topology.workloads(behind: service).first?.reference ?? service.reference
        }
        return rejecting?.workload ?? onlyDatastore
    }

    private var serverCitation: [Citation] { rejecting.map { [$0.citation] } ?? [] }

    private var dependencies: [Workload] {
        (context.topology.declared[workload.reference] ?? []).flatMap { declared -> [Workload] in
            guard case .service(let service) = context.topology.resolve(declared.host, from: workload.namespace) else { return [] }
            return context.topology.workloads(behind: service)
        }
    }

    private var rejecting: (workload: ObjectReference, citation: Citation)? {
        for dependency in dependencies {
            for pod in dependency.livePods.prefix(2) {
                for container in pod.spec.containers {
                    let said = context.logs.current(pod, container.name)?.findings.first {
                        $0.isServerSide && DependencySymptoms.failure($0.signature) == symptom.failure
                    }
                    if let said { return (dependency.reference, .log(pod, container.name, said.line)) }
                }
            }
        }
        return nil
    }

    /// Ports of the common datastores: PostgreSQL, MySQL, Redis, MongoDB, Kafka, SQL Server, Oracle, AMQP, Cassandra, memcached.
    private static let datastorePorts: Set<Int> = [5432, 3306, 6379, 27017, 9092, 1433, 1521, 5672, 9042, 11211]

    private var onlyDatastore: ObjectReference? {
        let spoken = spokenPorts
        let stores = Set(
            dependencies.filter { item in
                (item.template?.spec.containers ?? []).flatMap(\.ports).contains { spoken.contains($0.containerPort) }
            }.map(\.reference))
        if stores.count == 1 { return stores.first }
        // Of a primary and its replicas, writes go to the primary.
        let primaries = stores.filter { store in ["primary", "master", "leader"].contains { store.name.contains($0) } }
        return symptom.failure == .readOnly && primaries.count == 1 ? primaries.first : nil
    }

    /// Ports of the datastores that could have said so: the words of some are theirs alone.
    private var spokenPorts: Set<Int> {
        let text = symptom.citation.text.lowercased()
        let words: [(needles: [String], ports: Set<Int>)] = [
            (["readonly you can't write", "misconf redis", "wrongpass", "noauth", "redis"], [6379]),
            (["psycopg", "postgres", "pgx", "fatal:", "org.postgresql", "npgsql"], [5432]),
            (["mysql", "mariadb", "(1290", "(1045"], [3306]),
            (["mongo", "scram-sha"], [27017]), (["kafka"], [9092]), (["amqp", "rabbit"], [5672]),
        ]
        return words.first { Phrase.containsAny(text, $0.needles) }?.ports ?? Self.datastorePorts
    }
}
