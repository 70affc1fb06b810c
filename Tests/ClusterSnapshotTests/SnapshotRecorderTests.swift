import ClusterModel
import ClusterSnapshot
import FastJSON
import Foundation
import IncidentModel
import KubernetesClient
import Logging
import TestSupport
import Testing

@Suite struct SnapshotRecorderTests {
    private static func recordedAgain(_ evidence: ClusterEvidence) async throws -> ClusterEvidence {
        try await withReplay(of: evidence) { replay in
            var logger = Logger(label: "client")
            logger.logLevel = .critical
            var options = KubernetesAPI.Options()
            options.pageSize = 7  // Small, so that lists take several pages.
            let client = KubernetesAPI(connection: try ClusterConnection(server: replay.url), options: options, logger: logger)
            let result = await SnapshotRecorder.record(from: client, namespaces: evidence.namespaces, capturedAt: evidence.capturedAt)
            await client.shutdown()
            return result
        }
    }

    @Test(arguments: Scenario.all.map(\.name))
    func `recording the replay of a snapshot gives an equal snapshot`(name: String) async throws {
        let evidence = try Scenario.named(name).evidence()
        let again = try await Self.recordedAgain(evidence)
        let (old, new) = (CanonicalSnapshot(evidence), CanonicalSnapshot(again))
        #expect(new.gaps == old.gaps)
        #expect(new.logs == old.logs)
        #expect(new.lists.keys.sorted() == old.lists.keys.sorted())
        for (path, items) in old.lists { #expect(new.lists[path] == items, "\(path)") }
        #expect(new == old)
    }

    @Test func `gaps survive, with their reasons`() async throws {
        var cluster = ClusterBuilder()
        cluster.deployment("cart", pods: [.crashLooping()])
        cluster.removeList(.secrets, reason: "forbidden: secrets is forbidden: User \"sre\" cannot list resource \"secrets\"")
        cluster.removeList(.apiServices, reason: "not served: the server could not find the requested resource")
        cluster.removeList(.leases, reason: "timeout: no answer within 15 s")
        cluster.removeList(.csiDrivers, reason: "server error 500: etcd")
        let pod = try #require(cluster.view().pods.items.first?.name)
        cluster.gaps.append(EvidenceGap(path: "logs/shop/\(pod)/cart", reason: "forbidden: pods/log is forbidden"))
        cluster.gaps.append(EvidenceGap(path: "logs/shop/\(pod)/cart.previous", reason: "timeout: the node does not answer"))
        let first = try await Self.recordedAgain(cluster.evidence())
        let second = try await Self.recordedAgain(first)
        #expect(CanonicalSnapshot(second) == CanonicalSnapshot(first))
        let gaps = Dictionary(first.gaps.map { ($0.path, $0.reason) }) { $1 }
        let wished = Dictionary(cluster.gaps.map { ($0.path, $0.reason) }) { $1 }
        for (path, reason) in wished where !reason.hasPrefix("not served") { #expect(gaps[path] == reason) }
        #expect(gaps["apis/apiregistration.k8s.io/v1/apiservices"]?.hasPrefix("not served: ") == true)
        #expect(gaps.count == wished.count)
    }

    @Test func `a namespace is recorded by itself, and secrets without values`() async {
        var cluster = ClusterBuilder()
        cluster.namespace("other")
        cluster.deployment("web", in: "other")
        cluster.deployment("cart")
        cluster.event("BackOff", about: ObjectReference(kind: "Pod", namespace: "shop", name: "cart"), "m")
        cluster.event("NodeNotReady", about: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"), "m")
        cluster.raw("Secret", #"{"metadata":{"name":"db","namespace":"shop"},"data":{"password":"aHVudGVyMg=="}}"#)
        let fake = FixedReader(evidence: cluster.evidence())
        let recorded = await SnapshotRecorder.record(from: fake, namespaces: ["shop"], capturedAt: cluster.capturedAt)
        #expect(recorded.namespaces == ["shop"])
        #expect(recorded.lists["api/v1/pods"]?.allSatisfy { $0["metadata", "namespace"].string == "shop" } == true)
        #expect(recorded.lists["api/v1/pods"]?.count == 1)
        #expect(recorded.lists["api/v1/secrets"]?.first?["data"].stringMap == ["password": ""])
        // The kubelet's message in the place of a log is no log; other failures are gaps.
        #expect(recorded.logs.isEmpty)
        #expect(recorded.gaps.isEmpty)
        #expect(recorded.lists["api/v1/events"]?.map { $0["involvedObject", "kind"].string } == ["Pod", "Node"])
    }

    /// Gives lists without looking at selectors, and always the same words for a log.
    private struct FixedReader: ClusterReader {
        let evidence: ClusterEvidence

        func version() async throws(ClusterReadError) -> String { evidence.kubernetesVersion }

        func list(
            _ resource: ResourceType, namespace: String?, selecting selection: ListSelection
        ) async throws(ClusterReadError) -> [JSONValue] {
            (evidence.lists[resource.path] ?? []).filter { namespace == nil || $0["metadata", "namespace"].string == namespace }
        }

        func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue {
            throw .notFound(name)
        }

        func log(_ request: LogRequest) async throws(ClusterReadError) -> String {
            "unable to retrieve container logs for containerd://0123456789abcdef"
        }
    }
}
