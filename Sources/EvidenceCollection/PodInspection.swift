import ClusterModel
import FastJSON
import Foundation
public import IncidentModel
public import KubernetesClient

/// Reads one pod with what belongs to its summary: owners, events, and the keys of what its environment is made from.
public struct PodInspection: Sendable {
    private static let mostOwners = 5

    private let reader: any ClusterReader
    private let limits: CollectionLimits

    public init(reader: any ClusterReader, limits: CollectionLimits = CollectionLimits()) {
        self.reader = reader
        self.limits = limits
    }

    /// - Returns: the summary, and what could not be read for it.
    /// - Throws: where the pod itself cannot be read; `.notFound` only when it is absent.
    public func details(namespace: String, name: String) async throws(ClusterReadError) -> (details: PodDetails, gaps: [EvidenceGap]) {
        let reader = DeadlineReader(reader, seconds: limits.deadlineSeconds)
        let json = try await reader.get(.pods, namespace: namespace, name: name)
        let pod = Pod(json)
        var read = ReadLists([ListOutcome(job: ListJob(resource: .pods, namespace: namespace), result: .success([json]))])
        async let owners = owners(of: pod, from: reader)
        let outcomes = await jobs(for: pod).concurrentMap(width: limits.parallelism) { [limits] job in await job.run(reader, limits) }
        for outcome in outcomes + (await owners) { read.add(outcome) }
        let view = ClusterView(
            // Nothing here depends on the time.
            ClusterEvidence(
                capturedAt: Date(timeIntervalSince1970: 0), kubernetesVersion: "", namespaces: [namespace], gaps: read.gaps,
                lists: read.lists))
        return (PodDetails(pod, in: view), view.gaps)
    }

    private func jobs(for pod: Pod) -> [ListJob] {
        let about = "involvedObject.kind=Pod,involvedObject.name=\(pod.name)"
        let sources = Set(
            pod.spec.allContainers.flatMap(\.envFrom).map { source in
                PodObjectReference(resource: source.kind == .configMap ? .configMaps : .secrets, name: source.name)
            })
        return [ListJob(resource: .events, namespace: pod.namespace, selection: ListSelection(fields: about))]
            + sources.filter { KubernetesFieldValue.isPlain($0.name) }.map {
                ListJob(resource: $0.resource, namespace: pod.namespace, selection: ListSelection(fields: "metadata.name=\($0.name)"))
            }
    }

    /// Climbs from controller to controller; one that is gone ends the chain.
    private func owners(of pod: Pod, from reader: DeadlineReader) async -> [ListOutcome] {
        var outcomes: [ListOutcome] = []
        var next = pod.metadata.controller
        while let owner = next, outcomes.count < Self.mostOwners, let resource = ResourceType.of(kind: owner.kind), resource.isNamespaced {
            let job = ListJob(resource: resource, namespace: pod.namespace)
            do throws(ClusterReadError) {
                let json = try await reader.get(resource, namespace: pod.namespace, name: owner.name)
                outcomes.append(ListOutcome(job: job, result: .success([json])))
                next = ObjectMetadata(json["metadata"], keepingFields: false).controller
            } catch .notFound {
                break
            } catch {
                outcomes.append(ListOutcome(job: job, result: .failure(error)))
                break
            }
        }
        return outcomes
    }
}

/// Values that stand for themselves in a field selector.
enum KubernetesFieldValue {
    static func isPlain(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F } && !text.contains { ",=\\!".contains($0) }
    }
}
