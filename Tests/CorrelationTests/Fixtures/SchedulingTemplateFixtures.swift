import ClusterModel
import IncidentModel
import TestSupport
import Testing

/// Pods that were recorded without what they ask of nodes, as `kubectl describe` does: their template tells it.
@Suite struct SchedulingTemplateFixtures {
    private static let unlabelled =
        "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."

    private static func ask(_ cluster: ClusterBuilder) throws -> Report {
        try diagnose(cluster.evidence(), "web pending", namespace: "shop")
    }

    /// A Deployment whose template wants this node label; `pod` is merged into the spec of its pod, which no node takes.
    private static func cluster(wants selector: [String: String], pod: JSONNode, node: [String: String]) -> ClusterBuilder {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", labels: node)
        var shape = PodShape.unschedulable(unlabelled)
        shape.more = ["spec": pod]
        cluster.deployment("web", TemplateShape([ContainerShape("web")], nodeSelector: selector), pods: [shape])
        return cluster
    }

    @Test func `the selector of the template stands in for the pod's`() throws {
        try Self.ask(Self.cluster(wants: ["disk": "ssd"], pod: ["nodeSelector": .null], node: ["disk": "hdd"])).names(
            .nodeSelectorMismatch, on: "Deployment shop/web",
            ["field": "nodeSelector", "label": "disk", "found": "disk=ssd", "expected": "disk=hdd"])
    }

    @Test func `a pod's own selector counts before that of a template which was changed since`() throws {
        let cluster = Self.cluster(wants: ["disk": "hdd"], pod: ["nodeSelector": ["disk": "ssd"]], node: ["disk": "hdd"])
        try Self.ask(cluster).names(.nodeSelectorMismatch, on: "Deployment shop/web", ["found": "disk=ssd", "expected": "disk=hdd"])
    }

    @Test func `the node affinity of the template stands in for the pod's`() throws {
        var cluster = ClusterBuilder()
        cluster.node("worker-1", labels: ["zone": "b"])
        let term: JSONNode = ["matchExpressions": [["key": "zone", "operator": "In", "values": ["a"]]]]
        let affinity: JSONNode = [
            "affinity": ["nodeAffinity": ["requiredDuringSchedulingIgnoredDuringExecution": ["nodeSelectorTerms": [term]]]]
        ]
        var shape = PodShape.unschedulable(Self.unlabelled)
        shape.more = ["spec": ["affinity": .null]]
        cluster.deployment("web", TemplateShape([ContainerShape("web")], more: affinity), pods: [shape])
        try Self.ask(cluster).names(
            .nodeSelectorMismatch, on: "Deployment shop/web", ["field": "nodeAffinity", "label": "zone", "expected": "zone=b"])
    }
}
