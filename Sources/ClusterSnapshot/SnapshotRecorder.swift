public import ClusterModel
import FastJSON
public import FoundationEssentials
import IncidentModel
public import KubernetesClient

/// Records a cluster: every list an investigation may read, and the logs of all containers.
///
/// Nothing that fails ends the recording: what could not be read becomes a gap. Secrets keep the names of their keys only.
public enum SnapshotRecorder {
    /// Calls under way at once: enough to hide latency, few enough for an API server that throttles.
    private static let parallelCalls = 8
    /// Last lines kept of each log.
    static let tailLines = 1_000
    /// First bytes of these lines that are kept; a container may write lines of any length.
    static let logBytes = 2 << 20

    /// Reads everything there is to read.
    /// - Parameters:
    ///   - namespaces: namespaces to read; `nil` reads all, in one list call a resource.
    ///   - capturedAt: the "now" of the recording.
    public static func record(from reader: any ClusterReader, namespaces: [String]?, capturedAt: Date) async -> ClusterEvidence {
        var evidence = ClusterEvidence(capturedAt: capturedAt, kubernetesVersion: "", namespaces: namespaces)
        do {
            evidence.kubernetesVersion = try await reader.version()
        } catch {
            evidence.gaps.append(EvidenceGap(path: "version", reason: GapReason.text(for: error)))
        }
        await recordLists(from: reader, into: &evidence)
        await recordLogs(from: reader, into: &evidence)
        evidence.gaps.sort { ($0.path, $0.reason) < ($1.path, $1.reason) }
        return evidence
    }

    // MARK: Lists

    private struct ListCall: Sendable {
        let type: ResourceType
        let namespace: String?
        var selection = ListSelection.everything
    }

    /// What tells about nodes and the control plane lies in namespaces of its own, and belongs to every recording.
    private static let clusterCalls = [
        ListCall(type: .events, namespace: "default", selection: ListSelection(fields: "involvedObject.kind=Node")),
        ListCall(type: .leases, namespace: "kube-node-lease"),
        ListCall(type: .leases, namespace: "kube-system"),
    ]

    private static func listCalls(for namespaces: [String]?) -> [ListCall] {
        guard let namespaces else { return (ResourceType.all + ResourceType.addOns).map { ListCall(type: $0, namespace: nil) } }
        let calls = (ResourceType.all + ResourceType.addOns).flatMap { type in
            type.isNamespaced ? namespaces.map { ListCall(type: type, namespace: $0) } : [ListCall(type: type, namespace: nil)]
        }
        return calls + clusterCalls.filter { !namespaces.contains($0.namespace ?? "") }
    }

    private static func recordLists(from reader: any ClusterReader, into evidence: inout ClusterEvidence) async {
        let calls = listCalls(for: evidence.namespaces)
        let results = await inParallel(calls) { call in await items(of: call, from: reader) }
        for (call, result) in zip(calls, results) {
            let isAddOn = ResourceType.addOns.contains(call.type)
            switch result {
            case .success(let items): evidence.lists[call.type.path, default: []] += items
            case .failure(.notFound) where isAddOn, .failure(.forbidden) where isAddOn: continue
            case .failure(let error):
                let path = call.namespace.map(call.type.path(in:)) ?? call.type.path
                evidence.gaps.append(EvidenceGap(path: path, reason: GapReason.text(for: error)))
            }
        }
    }

    private static func items(of call: ListCall, from reader: any ClusterReader) async -> Result<[JSONValue], ClusterReadError> {
        do {
            let items = try await reader.list(call.type, namespace: call.namespace, selecting: call.selection)
            return .success(SecretRedaction.redacted(items, at: call.type.path))
        } catch {
            return .failure(error)
        }
    }

    // MARK: Logs

    private static func recordLogs(from reader: any ClusterReader, into evidence: inout ClusterEvidence) async {
        let requests = (evidence.lists[ResourceType.pods.path] ?? []).flatMap(logRequests)
        let results = await inParallel(requests) { request in await log(request, from: reader) }
        for (request, result) in zip(requests, results) {
            var log = ContainerLog(
                namespace: request.namespace, pod: request.pod, container: request.container, isPrevious: request.isPrevious, text: "")
            switch result {
            case .success(let text?):
                log.text = text
                evidence.logs.append(log)
            case .success(nil): continue
            case .failure(let error): evidence.gaps.append(EvidenceGap(path: log.path, reason: GapReason.text(for: error)))
            }
        }
        evidence.logs.sort { $0.path < $1.path }
    }

    /// The logs that can exist: of containers that run or ran.
    private static func logRequests(of pod: JSONValue) -> [LogRequest] {
        let namespace = pod["metadata", "namespace"].string ?? ""
        let name = pod["metadata", "name"].string ?? ""
        let statuses = ["initContainerStatuses", "containerStatuses", "ephemeralContainerStatuses"].flatMap { pod["status"][$0].array }
        return statuses.flatMap { status -> [LogRequest] in
            guard !name.isEmpty, let container = status["name"].string else { return [] }
            let ranBefore = (status["restartCount"].int ?? 0) > 0 || status["lastState", "terminated"].kind == .object
            let runs = status["state", "running"].kind == .object || status["state", "terminated"].kind == .object
            func request(previous: Bool) -> LogRequest {
                LogRequest(
                    namespace: namespace, pod: name, container: container, isPrevious: previous, tailLines: tailLines,
                    limitBytes: logBytes)
            }
            return (runs || ranBefore ? [request(previous: false)] : []) + (ranBefore ? [request(previous: true)] : [])
        }
    }

    /// The log, `nil` where there is none.
    private static func log(_ request: LogRequest, from reader: any ClusterReader) async -> Result<String?, ClusterReadError> {
        do {
            let text = try await reader.log(request)
            // Seen with status 200 where the runtime has deleted the file: a message, not a log.
            return .success(text.hasPrefix("unable to retrieve container logs for ") ? nil : text)
        } catch {
            switch error {
            case .notFound(let message) where GapReason.isRecorded(message): return .failure(error)
            // The container has no such run, or the pod went away since it was listed.
            case .badRequest, .notFound: return .success(nil)
            default: return .failure(error)
            }
        }
    }

    // MARK: Parallelism

    /// Results in the order of the inputs, with at most `parallelCalls` under way at once.
    private static func inParallel<Input: Sendable, Output: Sendable>(
        _ inputs: [Input], _ work: @Sendable @escaping (Input) async -> Output
    ) async -> [Output] {
        await withTaskGroup(of: (Int, Output).self) { group in
            var results: [Int: Output] = [:]
            for (index, input) in inputs.enumerated() {
                if index >= parallelCalls, let (done, output) = await group.next() { results[done] = output }
                group.addTask { (index, await work(input)) }
            }
            for await (index, output) in group { results[index] = output }
            return inputs.indices.compactMap { results[$0] }
        }
    }
}
