internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Everything that is wrong with one workload by itself, the surest first.
enum WorkloadRules {
    static func findings(_ workload: Workload, context: CaseContext) -> [Finding] {
        var result: [Finding] = []
        if let refused = AdmissionRules.finding(workload, context: context) { result.append(refused) }
        let found = context.troubledPods(of: workload).map { (pod: $0, findings: findings($0, workload, context)) }
        result += EvictionRules.outlived(found, context)
        result = UpdateStrategyRules.reread(result, of: workload, context: context)
        result += JobRules.findings(workload, context: context)
        result += RolloutRules.findings(workload, context: context)
        if let shared = SharedImageRules.finding(workload, context) { result.append(shared) }
        if let stale = StaleConfigurationRules.finding(workload, context: context) { result.append(stale) }
        let refused = servingButRefused(workload, context)
        result += refused.isEmpty && result.isEmpty ? servingBadly(workload, context) : refused
        result += LogSummaryRules.findings(workload, context: context)
        result += [PreemptionRules.finding(workload, context: context), DeletionRules.stranded(workload, context: context)].compactMap {
            $0
        }
        return merged(result, workload)
    }

    /// What is wrong with one pod, the step at which it hangs first.
    static func findings(_ pod: Pod, _ workload: Workload, _ context: CaseContext) -> [Finding] {
        if let evicted = EvictionRules.finding(pod, in: workload, context: context) { return [evicted] }
        if let unscheduled = SchedulingRules.finding(pod, in: workload, context: context) { return [unscheduled] }
        if let unmounted = MountRules.finding(pod, in: workload, context: context) { return [unmounted] }
        if let gated = readinessGate(pod, workload) { return [gated] }
        var result: [Finding] = []
        for container in context.cases(of: pod, in: workload) {
            guard let finding = finding(container) else { continue }
            result.append(finding)
            // Containers behind a failing init container have not been tried yet.
            if container.container.role == .`init` { break }
        }
        return result.isEmpty ? LostNodeRules.findings(pod, in: workload, context: context) : result
    }

    private static func finding(_ container: ContainerCase) -> Finding? {
        if let image = ImageRules.finding(container) { return image }
        if let creation = CreationRules.finding(container) { return creation }
        if let crash = CrashRules.finding(container) { return crash }
        if container.isDown { return nil }
        return blockedInit(container) ?? unready(container)
    }

    // The probe may be wrong; if it is right, the program's own words say more than the probe.
    private static func unready(_ container: ContainerCase) -> Finding? {
        if let proxy = MeshRules.unready(container) { return proxy }
        let probe = ProbeRules.unreadyFinding(container)
        guard container.status?.isReady == false, container.status?.isRunning == true else { return probe }
        if let probe, !probe.isSymptom { return probe }
        if let log = container.currentLog, let own = LogRules.ownCause(container, log: log) { return own }
        return neighbourCause(container) ?? probe
    }

    // Programs of one pod work together: the one that is probed answers badly because of what another says goes wrong in it.
    private static func neighbourCause(_ container: ContainerCase) -> Finding? {
        for other in container.context.cases(of: container.pod, in: container.workload)
        where other.name != container.name && other.container.role == .app && other.status?.isReady == true {
            let said = other.currentLog?.findings.first {
                !$0.isRecovered && !$0.isServerSide && $0.count >= fewestWords && LogCauses.row($0.signature) != nil
                    && !LogRules.isDependency($0) && !$0.signature.isGeneral
            }
            if let said, let finding = LogRules.read(said, other, confidence: 0.66) { return finding }
        }
        return nil
    }

    private static func blockedInit(_ container: ContainerCase) -> Finding? {
        guard container.container.role == .`init`, !container.container.isNativeSidecar, let status = container.status, status.isRunning
        else { return nil }
        let running = container.context.age(status.runningSince) ?? 0
        let waits = waitsInLoop(container)
        guard running > (waits ? waitingSeconds : workingSeconds) else { return nil }
        let line = container.currentLog?.lastLines.last
        var citations = [container.cite("state", "running since \(status.runningSince.map { RFC3339.format($0) } ?? "an unknown time")")]
        if let line { citations.append(.log(container.pod, container.name, line)) }
        var finding = container.finding(
            .initContainerBlocked, "Init \(container.place) does not end\(line.map { ": \(Citation.cut($0.message.trimmed))" } ?? "").",
            confidence: waits ? 0.72 : 0.55, citations: citations,
            reasons: ["it runs for \(Phrase.duration(running)), and the pod waits for it"],
            fields: ["initContainers"])
        if !waits { finding.against.append("it may be at work still: nothing says that it waits") }
        finding.isSymptom = true
        return finding
    }

    /// An init container that waits in a loop has no other work; after these seconds what it waits for is late.
    private static let waitingSeconds = 30.0
    /// Others, such as migrations and downloads, may take their time.
    private static let workingSeconds = 300.0

    private static func waitsInLoop(_ container: ContainerCase) -> Bool {
        let words = (container.container.command + container.container.args).joined(separator: " ")
        if Phrase.containsAny(words, ["until ", "while ", "wait", "sleep "]) { return true }
        let log = container.currentLog
        if log?.findings.contains(where: { $0.signature == .waitingFor || LogRules.isDependency($0) }) ?? false { return true }
        let last = log?.lastLines.map(\.message) ?? []
        return last.count >= 3 && Set(last).count == 1
    }

    private static func readinessGate(_ pod: Pod, _ workload: Workload) -> Finding? {
        guard !pod.isReady, !pod.spec.readinessGates.isEmpty, pod.condition("ContainersReady")?.isTrue ?? false,
            let gate = pod.spec.readinessGates.first(where: { pod.condition($0)?.isTrue != true })
        else { return nil }
        return Finding(
            cause: .readinessGateUnset, object: workload.reference, sufferer: workload.reference,
            statement: "Readiness gate \(gate) of \(workload.reference) is not set by its controller, though all containers are ready.",
            details: ["reference": gate, "field": "readinessGates"],
            citations: [.field(pod.reference, "spec.readinessGates", gate)], confidence: 0.92, reasons: ["all containers are ready"],
            impact: max(workload.impact, .degraded))
    }

    // A program that serves can still be refused something; what roles and bindings confirm needs no crash.
    private static func servingButRefused(_ workload: Workload, _ context: CaseContext) -> [Finding] {
        for pod in workload.readyPods.prefix(2) {
            for container in context.cases(of: pod, in: workload) {
                guard let said = container.currentLog?.findings.first(where: { $0.signature == .apiForbidden && !$0.isRecovered }),
                    said.count > 1,
                    var finding = LogRules.read(said, container, confidence: 0.5), finding.confidence > 0.5
                else { continue }
                finding.impact = .degraded
                return [finding]
            }
        }
        return []
    }

    /// What a program that serves may say of itself often enough to be believed, and how far.
    private static let ownWords: [LogFinding.Signature: Double] = [
        .childKilled: 0.66, .diskFull: 0.6, .tooManyOpenFiles: 0.58, .processLimit: 0.58, .readOnlyFileSystem: 0.5, .heapExhausted: 0.5,
        .cloudAccessDenied: 0.5, .permissionDenied: 0.45, .configurationInvalid: 0.45, .configurationMissing: 0.4, .fileMissing: 0.4,
    ]
    /// Said fewer times than this, it may be about one request.
    private static let fewestWords = 3

    // Ready, and yet its log says again and again that part of its work fails.
    private static func servingBadly(_ workload: Workload, _ context: CaseContext) -> [Finding] {
        for pod in workload.readyPods.prefix(2) {
            for container in context.cases(of: pod, in: workload) {
                let said = container.currentLog?.findings.filter {
                    ownWords[$0.signature] != nil && !$0.isRecovered && !$0.isServerSide && $0.count >= fewestWords
                        && (context.age($0.last) ?? .infinity) < ContainerCase.recentSeconds
                }
                let best = said?.max { (ownWords[$0.signature] ?? 0, $0.count) < (ownWords[$1.signature] ?? 0, $1.count) }
                guard let best, let strength = ownWords[best.signature],
                    var finding = LogRules.read(best, container, confidence: strength)
                else { continue }
                finding.confidence = min(finding.confidence, strength + 0.06)
                finding.impact = .degraded
                finding.against.append("the pod is Ready, so that only its log tells")
                return [finding]
            }
        }
        return []
    }

    // Replicas fail alike: one finding with the number of pods that show it.
    private static func merged(_ findings: [Finding], _ workload: Workload) -> [Finding] {
        var result: [Finding] = []
        for finding in findings {
            if let twin = result.firstIndex(where: {
                $0.cause == finding.cause && $0.object == finding.object && $0.details["container"] == finding.details["container"]
            }) {
                // The replica that tells most speaks for all.
                let (best, other) = finding.confidence > result[twin].confidence ? (finding, result[twin]) : (result[twin], finding)
                result[twin] = best
                result[twin].citations += other.citations.prefix(1).filter { !best.citations.contains($0) && best.citations.count < 6 }
            } else {
                result.append(finding)
            }
        }
        return result.sorted {
            ($0.isSymptom ? 1 : 0, -$0.confidence, $0.cause.rawValue) < ($1.isSymptom ? 1 : 0, -$1.confidence, $1.cause.rawValue)
        }
    }
}
