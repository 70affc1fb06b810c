import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

/// Several faults at once, and replicas of which only some fail.
@Suite struct MultiFaultFixtures {
    private static let notFound =
        "Back-off pulling image \"registry.example.com/a:9\": ErrImagePull: failed to resolve reference \"registry.example.com/a:9\": registry.example.com/a:9: not found"

    private static func three() -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "catalog", TemplateShape([ContainerShape("catalog", image: "registry.example.com/a:9")]),
            pods: [.waiting("ImagePullBackOff", notFound)])
        cluster.deployment(
            "billing", TemplateShape([ContainerShape("billing", limits: ["memory": "64Mi"])]),
            pods: [.running, .running, .crashLooping(.outOfMemory)])
        cluster.deployment(
            "courier", TemplateShape([ContainerShape("courier", envFrom: [.configMap("gone")])]),
            pods: [.waiting("CreateContainerConfigError", "configmap \"gone\" not found")])
        cluster.deployment("desk", pods: [.running, .running])
        return cluster
    }

    @Test func `three independent faults are all reported, the partial one last`() throws {
        let report = try diagnose(Self.three().evidence(), WorkloadExpectation.vague, namespace: "shop")
        #expect(Set(report.confident.map(\.object.name)) == ["catalog", "billing", "courier"], "\(report.words)")
        #expect(report.confident.last?.object.name == "billing", "\(report.words)")
    }

    @Test func `the fault of what was asked about comes first`() throws {
        let report = try diagnose(Self.three().evidence(), "billing restarts again and again", namespace: "shop")
        #expect(report.rootCauses.first?.object.name == "billing", "\(report.words)")
        #expect(report.rootCauses.first?.cause == .memoryLimitExceeded)
    }

    @Test func `two containers of one pod with a fault each are two causes`() throws {
        var cluster = ClusterBuilder()
        let template = TemplateShape([
            ContainerShape("web", limits: ["memory": "64Mi"]), ContainerShape("relay", image: "registry.example.com/a:9"),
        ])
        cluster.deployment(
            "web", template, pods: [PodShape(.crashLooping(.outOfMemory), others: ["relay": .waiting("ImagePullBackOff", Self.notFound)])])
        let report = try diagnose(cluster.evidence(), WorkloadExpectation.vague, namespace: "shop")
        #expect(Set(report.confident.map(\.cause)) == [.memoryLimitExceeded, .imageNotFound], "\(report.words)")
    }

    @Test func `a dependent of a broken thing is no second fault`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("db", TemplateShape([ContainerShape("db", limits: ["memory": "64Mi"])]), pods: [.crashLooping(.outOfMemory)])
        cluster.service("db", port: 5432)
        cluster.deployment("api", TemplateShape([ContainerShape("api", env: ["DB_HOST": "db"])]), pods: [.crashLooping()])
        cluster.log("api", previous: true, "dial tcp: connect: connection refused (db:5432)")
        let report = try diagnose(cluster.evidence(), WorkloadExpectation.vague, namespace: "shop")
        #expect(report.confident.count == 1, "\(report.words)")
        #expect(report.rootCauses.first?.object.name == "db")
        #expect(report.rootCauses.first?.affected.contains(ObjectReference(kind: "Deployment", namespace: "shop", name: "api")) == true)
    }

    // MARK: Contrast

    private static let panic =
        "panic: runtime error: index out of range [3] with length 3\n\ngoroutine 1 [running]:\nmain.main()\n\t/app/main.go:9"

    private static func spread(_ failing: Set<Int>, perNode: Int = 2) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        for number in 1...3 { cluster.node("worker-\(number)", labels: ["topology.kubernetes.io/zone": number == 3 ? "zone-b" : "zone-a"]) }
        let pods = (0..<3 * perNode).map { index in
            PodShape(failing.contains(index / perNode + 1) ? .crashLooping() : .running, node: "worker-\(index / perNode + 1)")
        }
        let names = cluster.deployment("web", pods: pods)
        for (index, name) in names.enumerated() where failing.contains(index / perNode + 1) { cluster.log(name, previous: true, panic) }
        return cluster
    }

    @Test func `replicas that fail on one node only say so, and doubt the program`() throws {
        let one = try diagnose(Self.spread([3]).evidence(), WorkloadExpectation.vague, namespace: "shop")
        let first = try #require(one.rootCauses.first)
        #expect((first.reasons + first.reasonsAgainst).contains { $0.contains("worker-3") }, "\(first.reasons) \(first.reasonsAgainst)")
        let all = try diagnose(Self.spread([1, 2, 3]).evidence(), WorkloadExpectation.vague, namespace: "shop")
        let everywhere = try #require(all.rootCauses.first { $0.cause == first.cause })
        #expect(first.confidence < everywhere.confidence)
        #expect(!everywhere.reasons.contains { $0.contains("worker-") })
    }

    @Test func `only the new revision fails`() throws {
        var cluster = ClusterBuilder()
        let old = TemplateShape([ContainerShape("web", image: "registry.example.com/web:1")])
        let new = TemplateShape([ContainerShape("web", image: "registry.example.com/web:2")])
        cluster.deployment("web", new, pods: [.crashLooping(), .crashLooping()], replicas: 4, revision: 2)
        cluster.replicaSet(of: "web", old, pods: [.running, .running], revision: 1, minutesOld: 9_000)
        cluster.log(cluster.replicaSetName("web", 2) + "-x7kbb", previous: true, Self.panic)
        let report = try diagnose(cluster.evidence(), WorkloadExpectation.vague, namespace: "shop")
        let first = try #require(report.rootCauses.first)
        #expect(first.reasons.contains { $0.contains("revision") }, "\(first.reasons)")
        #expect(first.change?.field == "container web: image")
    }
}
