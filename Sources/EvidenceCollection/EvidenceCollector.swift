public import ClusterModel
import FastJSON
public import Foundation
import IncidentModel
public import Investigation
public import KubernetesClient

/// Collects evidence from whatever can be read like a cluster: the one code behind the agent, the benchmark and `--snapshot`.
public struct EvidenceCollector: EvidenceAgent, Sendable {
    /// What the names of things are read from.
    static let inventoried: [ResourceType] = [
        .namespaces, .pods, .deployments, .replicaSets, .statefulSets, .daemonSets, .jobs, .cronJobs, .replicationControllers, .services,
        .ingresses, .persistentVolumeClaims, .nodes,
    ]

    private let reader: any ClusterReader
    private var limits: CollectionLimits
    private let capturedAt: @Sendable () -> Date
    private let supplement: ClusterEvidence?

    /// - Parameters:
    ///   - reader: the live API, or a `SnapshotReader`.
    ///   - capturedAt: the moment the evidence describes, asked for at the end: the clock for a live cluster, the recorded time for a
    ///     snapshot.
    ///   - supplement: a snapshot whose telemetry, knowledge graph, gaps and recorded namespaces belong to what is read from it.
    public init(
        reader: any ClusterReader, limits: CollectionLimits = CollectionLimits(), capturedAt: @escaping @Sendable () -> Date,
        supplement: ClusterEvidence? = nil
    ) {
        self.reader = reader
        self.limits = limits
        self.capturedAt = capturedAt
        self.supplement = supplement
    }

    /// The same, for somebody who waits no longer than `seconds`.
    public func within(seconds: Double) -> EvidenceCollector {
        var collector = self
        collector.limits.deadlineSeconds = min(limits.deadlineSeconds, seconds)
        return collector
    }

    /// - Throws: where nothing at all could be read.
    public func inventory() async throws(AgentError) -> Inventory {
        let reading = ScopeReading(reader: DeadlineReader(reader, seconds: limits.deadlineSeconds), limits: limits)
        let (read, namespaces) = try await reading.read(Self.inventoried, namespaces: [])
        return Inventory(ClusterView(evidence(of: read, version: "", namespaces: namespaces)))
    }

    /// - Throws: where nothing at all could be read; anything less is a gap.
    public func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
        let reader = DeadlineReader(reader, seconds: limits.deadlineSeconds)
        let (version, versionGap) = try await version(reader)
        let reading = ScopeReading(reader: reader, limits: limits)
        var (read, namespaces) = try await reading.read(ResourceType.all + ResourceType.addOns, namespaces: asked(scope))
        if let namespaces { await reading.readConnected(to: namespaces, recorded: supplement?.namespaces, into: &read) }
        var evidence = evidence(of: read, version: version, namespaces: namespaces)
        evidence.gaps += versionGap.map { [$0] } ?? []
        await readLogs(of: &evidence, scope: scope, reader: reader)
        // Ages count by the cluster's clock; ours may be off, or be years past a recording.
        evidence.capturedAt = await reader.serverTime() ?? capturedAt()
        return evidence
    }

    /// A subject alone asks for its own namespace.
    private func asked(_ scope: EvidenceScope) -> [String] {
        guard scope.namespaces.isEmpty else { return Set(scope.namespaces).sorted() }
        return scope.subject?.namespace.map { [$0] } ?? []
    }

    /// The version is also the first sign of life: nothing else is tried where nobody answers, or nobody knows us.
    private func version(_ reader: DeadlineReader) async throws(AgentError) -> (String, EvidenceGap?) {
        do throws(ClusterReadError) {
            return (try await reader.version(), nil)
        } catch {
            switch error {
            case .unreachable, .timeout, .unauthorized, .configuration: throw AgentError(error)
            default: return ("", EvidenceGap(path: "version", error: error))
            }
        }
    }

    private func evidence(of read: ReadLists, version: String, namespaces: [String]?) -> ClusterEvidence {
        let known = Set(supplement?.gaps.map(\.path) ?? [])
        let gaps = (supplement?.gaps ?? []) + read.gaps.filter { !known.contains($0.path) }
        var scope = namespaces
        if let recorded = supplement?.namespaces {
            // Nothing may be concluded about namespaces that were not recorded.
            scope = namespaces?.filter(recorded.contains) ?? recorded
        }
        return ClusterEvidence(
            capturedAt: capturedAt(), kubernetesVersion: version, namespaces: scope, gaps: gaps, lists: read.lists,
            telemetry: supplement?.telemetry ?? [:], knowledgeGraph: supplement?.knowledgeGraph)
    }

    /// Reads the logs, and with a subject narrows the lists to what is connected to it.
    private func readLogs(of evidence: inout ClusterEvidence, scope: EvidenceScope, reader: DeadlineReader) async {
        guard let subject = scope.subject, var closure = SubjectClosure(of: subject, in: ClusterView(evidence)) else {
            return await readLogs(of: &evidence, focus: scope.focus, reader: reader)
        }
        let whole = evidence.lists
        for object in scope.focus { closure.add(object) }
        // Log lines name services that nothing else does; two rounds reach what those say in turn.
        for _ in 0..<2 {
            evidence.lists = closure.narrowed(whole)
            await readLogs(of: &evidence, focus: scope.focus + [subject], reader: reader)
            if !closure.extend(with: evidence.logs) { return }
        }
        evidence.lists = closure.narrowed(whole)
        await readLogs(of: &evidence, focus: scope.focus + [subject], reader: reader)
    }

    /// Adds the logs that are not there yet.
    private func readLogs(of evidence: inout ClusterEvidence, focus: [ObjectReference], reader: DeadlineReader) async {
        let selection = LogSelection(view: ClusterView(Self.podsOnly(evidence)), limits: limits, focus: focus, scope: evidence.namespaces)
        let (jobs, gap) = selection.jobs()
        let have = Set(evidence.logs.map(\.path) + evidence.gaps.map(\.path))
        let (logs, gaps) = await LogCollection(limits: limits).read(jobs.filter { !have.contains($0.path) }, from: reader)
        evidence.logs += logs
        evidence.gaps += (gaps + (gap.map { [$0] } ?? [])).filter { !have.contains($0.path) }
    }

    /// The few lists that choosing logs needs; decoding the others would only cost time.
    private static func podsOnly(_ evidence: ClusterEvidence) -> ClusterEvidence {
        let needed: [ResourceType] = [
            .pods, .replicaSets, .deployments, .statefulSets, .daemonSets, .jobs, .cronJobs, .replicationControllers, .services,
        ]
        var few = evidence
        few.lists = evidence.lists.filter { list in needed.contains { $0.path == list.key } }
        return few
    }
}
