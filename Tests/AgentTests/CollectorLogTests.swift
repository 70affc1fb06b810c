import ClusterModel
import EvidenceCollection
import FastJSON
import Foundation
import IncidentModel
import Investigation
import KubernetesClient
import TestSupport
import Testing

struct CollectorLogTests {
    private func logs(
        _ builder: ClusterBuilder, focus: [ObjectReference] = [], limits: CollectionLimits = CollectionLimits(),
        failing: @escaping FakeCluster.Failure = { _ in nil }
    ) async throws -> (evidence: ClusterEvidence, cluster: FakeCluster) {
        let cluster = FakeCluster(builder.evidence(), failing: failing)
        let scope = EvidenceScope(namespaces: ["shop"], focus: focus)
        return (try await EvidenceCollector(cluster, limits: limits).evidence(for: scope), cluster)
    }

    @Test func `a container that restarted gives its current and its previous log`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("cart", pods: [.crashLooping(.init(1), restarts: 3)])
        builder.log("cart", "now\n")
        builder.log("cart", previous: true, "before\n")
        let (evidence, cluster) = try await logs(builder)
        #expect(evidence.logs.map(\.isPrevious) == [false, true])
        #expect(evidence.logs.map(\.text).map { $0.contains("before") } == [false, true])
        let request = try #require(cluster.logRequests.first)
        #expect(request.tailLines == 300 && request.limitBytes == 256 << 10 && request.hasTimestamps)
    }

    @Test func `a container that never started has no log and that is no gap`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("cart", pods: [.waiting("ImagePullBackOff", "not found")])
        let (evidence, cluster) = try await logs(builder)
        #expect(cluster.logRequests.isEmpty)
        #expect(evidence.gaps.isEmpty)
    }

    @Test func `a log of a broken container that cannot be read is a gap`() async throws {
        var builder = ClusterBuilder()
        let pod = builder.deployment("cart", pods: [.crashLooping()])[0]
        let (evidence, _) = try await logs(builder) { call in
            if case .log = call { .timeout("late") } else { nil }
        }
        #expect(evidence.logs.isEmpty)
        #expect(evidence.gapPaths == ["logs/shop/\(pod)/cart", "logs/shop/\(pod)/cart.previous"])
    }

    @Test func `a healthy container whose log is missing is no gap`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("cart", pods: [.running])
        let (evidence, cluster) = try await logs(builder)
        #expect(cluster.logRequests.count == 1)
        #expect(evidence.gaps.isEmpty)
    }

    @Test func `logs that may not be read at all are one gap of their namespace`() async throws {
        let (evidence, _) = try await logs(shop()) { call in
            if case .log = call { .forbidden("pods/log is forbidden") } else { nil }
        }
        #expect(evidence.gaps == [EvidenceGap(path: "logs/shop", reason: "forbidden: pods/log is forbidden")])
    }

    @Test func `words of the kubelet in the place of a log are no log`() async throws {
        var builder = ClusterBuilder()
        let pod = builder.deployment("cart", pods: [.crashLooping()])[0]
        builder.log("cart", "unable to retrieve container logs for containerd://0123\n")
        builder.log("cart", previous: true, "panic: real\n")
        let (evidence, _) = try await logs(builder)
        #expect(evidence.logs.map(\.isPrevious) == [true])
        #expect(evidence.gapPaths == ["logs/shop/\(pod)/cart"])
    }

    @Test func `of a healthy workload two pods are read, of a broken one all`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("web", pods: Array(repeating: .running, count: 5))
        builder.deployment("cart", pods: Array(repeating: .crashLooping(.init(1), restarts: 1), count: 5))
        let (_, cluster) = try await logs(builder)
        #expect(cluster.logRequests.filter { $0.container == "web" }.count == 2)
        #expect(cluster.logRequests.filter { $0.container == "cart" }.count == 10)
    }

    @Test func `a focused workload or Service is read whole`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("web", pods: Array(repeating: .running, count: 5))
        builder.deployment("blog", pods: Array(repeating: .running, count: 5))
        builder.service("blog", port: 80)
        let (_, cluster) = try await logs(
            builder,
            focus: [
                ObjectReference(kind: "Deployment", namespace: "shop", name: "web"),
                ObjectReference(kind: "Service", namespace: "shop", name: "blog"),
            ])
        #expect(cluster.logRequests.count == 10)
    }

    @Test func `healthy containers are passed over beyond the budget`() async throws {
        var builder = ClusterBuilder()
        for index in 0..<10 { builder.deployment("web\(index)", pods: [.running]) }
        builder.deployment("cart", pods: [.crashLooping(.init(1), restarts: 2)])
        var limits = CollectionLimits()
        limits.logs = 4
        let (evidence, cluster) = try await logs(builder, limits: limits)
        #expect(cluster.logRequests.count == 4)
        #expect(cluster.logRequests.filter { $0.container == "cart" }.count == 2)
        #expect(!evidence.gapPaths.contains("logs"))
    }

    @Test func `broken containers beyond the limit are named, and every workload gets its turn first`() async throws {
        var builder = ClusterBuilder()
        for name in ["a", "b", "c"] { builder.deployment(name, pods: Array(repeating: .running(ready: false), count: 4)) }
        var limits = CollectionLimits()
        limits.brokenLogs = 6
        let (evidence, cluster) = try await logs(builder, limits: limits)
        let reads = Dictionary(grouping: cluster.logRequests, by: \.container).mapValues(\.count)
        #expect(reads == ["a": 2, "b": 2, "c": 2])
        #expect(evidence.gaps.first { $0.path == "logs" }?.reason.hasPrefix("6 more logs") == true)
    }

    @Test func `an init container that waits for something is read, one that is done is not`() async throws {
        var builder = ClusterBuilder()
        builder.deployment("web", pods: [.running])
        builder.change(
            .pods, builder.deployment("job", pods: [.running(ready: false)])[0],
            [
                "spec": ["initContainers": [["name": "wait"], ["name": "done"]]],
                "status": [
                    "initContainerStatuses": [
                        ["name": "wait", "ready": false, "restartCount": 0, "state": ["running": [:]]],
                        ["name": "done", "ready": true, "restartCount": 0, "state": ["terminated": ["exitCode": 0]]],
                    ]
                ],
            ])
        let (_, cluster) = try await logs(builder)
        #expect(Set(cluster.logRequests.map(\.container)) == ["web", "job", "wait"])
    }
}
