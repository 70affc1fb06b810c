internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Reads from logs which other addresses a workload fails to use.
enum DependencySymptoms {
    /// An error that has not been seen for longer than this, while the log went on, is over.
    private static let quietSeconds = 180.0
    /// Times that a ready program must say the same before it counts.
    private static let fewestRepeats = 3

    static func failure(_ signature: LogFinding.Signature) -> DependencySymptom.Failure? {
        switch signature {
        case .connectionRefused: .refused
        case .connectionTimeout: .timeout
        case .nameNotFound, .serviceNotFound: .nameNotFound
        case .nameServerFailure: .nameServerFailure
        case .connectionLost, .connectionFailed, .dependencyStarting, .httpStatus, .noHealthyUpstream, .rateLimited: .badAnswer
        case .protocolMismatch: .wrongProtocol
        case .waitingFor: .waiting
        case .credentialsRejected, .databasePermissionDenied: .credentials
        case .databaseMissing: .schema
        case .databaseReadOnly: .readOnly
        case .poolExhausted: .pool
        case .certificateInvalid: .certificate
        default: nil
        }
    }

    /// Whether a container died of an error of a dependency.
    static func hasFatal(_ container: ContainerCase) -> Bool {
        container.crashLog?.findings.contains { failure($0.signature) != nil && !$0.isServerSide && !$0.isRecovered } ?? false
    }

    static func collect(_ workload: Workload, context: CaseContext) -> [DependencySymptom] {
        var result: [DependencySymptom] = []
        // Troubled pods first; of a workload that serves, two replicas tell as much as twenty.
        let troubled = context.troubledPods(of: workload)
        let others = workload.livePods.filter { pod in !troubled.contains { $0.reference == pod.reference } }.prefix(2)
        for pod in troubled + others {
            for container in context.cases(of: pod, in: workload) { result += read(container) }
        }
        return merged(result + LogSummaryRules.symptoms(workload, context: context))
    }

    private static func read(_ container: ContainerCase) -> [DependencySymptom] {
        // A running, ready container tells by its current log; a crashed one by the log of the run that crashed.
        let crashed = container.isDown
        guard let log = crashed ? container.crashLog : container.currentLog else { return [] }
        // An init container that has done its work has nothing more to say.
        if container.container.role == .`init`, container.status?.terminated?.exitCode == 0 { return [] }
        return log.findings.compactMap { said in
            guard let failure = failure(said.signature), !said.isRecovered, !said.isServerSide else { return nil }
            // A program that serves and said so once or twice has got over it, or says it about something else.
            if !crashed, container.status?.isReady == true, said.count < fewestRepeats { return nil }
            if !crashed, let last = said.last, let age = container.context.age(last), age > max(quietSeconds, silence(log)) { return nil }
            return DependencySymptom(
                client: container.workload.reference, container: container.name, failure: failure, host: said.host ?? "", port: said.port,
                detail: (said.name ?? said.detail).map(Citation.cut), user: said.user.map(Citation.cut),
                citation: .log(container.pod, container.name, said.line),
                // Last words of a program that runs on killed nobody.
                isFatal: said.isFatal && crashed, onset: said.first, lastSeen: said.last,
                count: said.count)
        }
    }

    // A log that ended long ago is read against its own end.
    private static func silence(_ log: LogReading) -> Double { log.lastLines.last?.time == nil ? .infinity : 0 }

    private static func merged(_ symptoms: [DependencySymptom]) -> [DependencySymptom] {
        var result: [DependencySymptom] = []
        for symptom in symptoms {
            let twin = result.firstIndex { $0.failure == symptom.failure && $0.host == symptom.host && $0.port == symptom.port }
            if let twin { result[twin].count += symptom.count } else { result.append(symptom) }
        }
        // What killed the program first; then what it says most.
        return result.sorted { ($0.isFatal ? 0 : 1, -$0.count, $0.host) < ($1.isFatal ? 0 : 1, -$1.count, $1.host) }
    }
}
