import ClusterModel
import IncidentModel
import Investigation
import KubernetesClient

/// Reads the lists of a scope, in parallel under the limits.
struct ScopeReading: Sendable {
    let reader: DeadlineReader
    let limits: CollectionLimits

    /// - Parameter namespaces: empty means all.
    /// - Returns: what was read, and the namespaces it stands for, `nil` for all.
    /// - Throws: where nothing could be read.
    func read(_ resources: [ResourceType], namespaces: [String]) async throws(AgentError) -> (ReadLists, [String]?) {
        var outcomes = await run(jobs(resources, namespaces: namespaces))
        var scope = namespaces.isEmpty ? nil : namespaces
        var fallback: EvidenceGap?
        if scope == nil, !limits.namespaces.isEmpty, outcomes.contains(where: Self.isForbiddenPods) {
            scope = limits.namespaces
            fallback = EvidenceGap(
                path: "*",
                reason: "lists over all namespaces are forbidden; only these were read: \(limits.namespaces.joined(separator: ", "))")
            outcomes.removeAll { $0.job.resource.isNamespaced }
            outcomes += await run(jobs(resources.filter(\.isNamespaced), namespaces: limits.namespaces))
        }
        var read = ReadLists(outcomes)
        if let failure = read.totalFailure { throw AgentError(failure) }
        if let fallback { read.addGap(fallback) }
        return (read, scope)
    }

    /// Adds what lies outside the namespaces and decides how they fare.
    /// - Parameter recorded: the namespaces of a snapshot; there is nothing to read outside of them.
    func readConnected(to namespaces: [String], recorded: [String]?, into read: inout ReadLists) async {
        let connected = ConnectedNamespaces(scope: Set(namespaces), most: limits.connectedNamespaces)
        let jobs = connected.jobs(in: read.lists).filter { job in
            guard let recorded, let namespace = job.namespace else { return true }
            return recorded.contains(namespace)
        }
        for outcome in await run(jobs) { read.addConnected(outcome) }
    }

    private func jobs(_ resources: [ResourceType], namespaces: [String]) -> [ListJob] {
        resources.flatMap { resource -> [ListJob] in
            guard resource.isNamespaced, !namespaces.isEmpty else { return [ListJob(resource: resource)] }
            return namespaces.map { ListJob(resource: resource, namespace: $0) }
        }
    }

    private func run(_ jobs: [ListJob]) async -> [ListOutcome] {
        await jobs.concurrentMap(width: limits.parallelism) { [reader, limits] job in await job.run(reader, limits) }
    }

    private static func isForbiddenPods(_ outcome: ListOutcome) -> Bool {
        guard outcome.job.resource == .pods, case .failure(.forbidden) = outcome.result else { return false }
        return true
    }
}
