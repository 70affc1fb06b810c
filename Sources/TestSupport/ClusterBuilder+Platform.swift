import ClusterModel
import Foundation
import IncidentModel

/// What of a cluster is no application: nodes in trouble, the control plane, services of hosts, probes.
extension ClusterBuilder {
    /// Gives a node other conditions than the ones it has; `Ready=True` is added where it is not among them.
    public mutating func conditions(of node: String, _ conditions: [JSONNode]) {
        let hasReady = conditions.contains { $0["type"] == "Ready" }
        let ready: JSONNode = ["type": "Ready", "status": "True", "reason": "KubeletReady", "message": "kubelet is posting ready status"]
        change(.nodes, node, ["status": ["conditions": .array((hasReady ? [] : [ready]) + conditions)]])
    }

    /// A condition that turned so many minutes ago.
    public func condition(
        _ type: String, _ status: String, _ reason: String, _ message: String = "", minutesAgo: Double = 10
    ) -> JSONNode {
        [
            "type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message),
            "lastTransitionTime": .string(time(minutesAgo: minutesAgo)),
        ]
    }

    /// Adds a static pod of the control plane as kubeadm runs it.
    public mutating func staticPod(_ component: String, on node: String, _ state: ContainerState = .running) {
        pod(
            "\(component)-\(node)", TemplateShape([ContainerShape(component)]), PodShape(state, node: node, minutesOld: 600),
            labels: ["component": component, "tier": "control-plane"], owner: ObjectReference(kind: "Node", namespace: nil, name: node),
            in: "kube-system")
    }

    /// Adds a lease that was renewed so many seconds ago.
    public mutating func lease(_ name: String, in namespace: String, secondsAgo: Double) {
        add(
            .leases, name: name, in: namespace, minutesOld: 10_000,
            ["spec": ["leaseDurationSeconds": 40, "renewTime": .string(time(minutesAgo: secondsAgo / 60))]])
    }

    /// Adds what a host says of one of its services.
    public mutating func hostService(
        _ service: String, on node: String, active: String = "active", sub: String = "running", loaded: String = "loaded",
        minutesAgo: Double = 10, journal: [String] = []
    ) {
        append(
            "node_services.json",
            [
                "node": .string(node), "service": .string(service), "active": .string(active), "sub": .string(sub),
                "since": .string(time(minutesAgo: minutesAgo)), "loaded": .string(loaded), "journal": .array(journal.map(JSONNode.string)),
            ])
    }

    /// Adds TCP probes of a Service: what came of them by node.
    public mutating func probes(_ service: String, port: Int = 80, in namespace: String? = nil, _ results: [String: String]) {
        let probes = results.sorted { $0.key < $1.key }.map { node, result in
            JSONNode(dictionaryLiteral: ("node", node.isEmpty ? .null : .string(node)), ("result", .string(result)), ("output", ""))
        }
        append(
            "connectivity.json",
            [
                "namespace": .string(namespace ?? self.namespace), "service": .string(service), "port": .int(port),
                "probes": .array(probes),
            ])
    }

    private mutating func append(_ file: String, _ item: JSONNode) {
        let known = telemetry[file].map { String(decoding: $0, as: UTF8.self).dropLast() } ?? "["
        telemetry[file] = Data("\(known)\(known == "[" ? "" : ",")\(item.text)]".utf8)
    }
}

extension PodShape {
    /// A pod that no scheduler has looked at.
    public static func unseen(minutesOld: Double = 10) -> PodShape {
        PodShape(
            unschedulable: "", minutesOld: minutesOld,
            more: ["status": ["conditions": .null, "phase": "Pending"]])
    }

    /// A pod that the kubelet evicted; its status stays as `Failed`.
    public static func evicted(_ message: String, node: String = "worker-1", name: String? = nil, minutesAgo: Double = 5, at time: String)
        -> PodShape
    {
        PodShape(
            .running, name: name, node: node, minutesOld: minutesAgo + 60,
            more: [
                "status": [
                    "phase": "Failed", "reason": "Evicted", "message": .string(message), "containerStatuses": .null, "podIP": .null,
                    "conditions": [
                        [
                            "type": "DisruptionTarget", "status": "True", "reason": "TerminationByKubelet", "message": .string(message),
                            "lastTransitionTime": .string(time),
                        ],
                        ["type": "Ready", "status": "False", "reason": "PodFailed", "lastTransitionTime": .string(time)],
                    ],
                ]
            ])
    }

    /// A pod that waits for its sandbox.
    public static func creating(node: String = "worker-1", minutesOld: Double = 10) -> PodShape {
        PodShape(.waiting("ContainerCreating"), node: node, minutesOld: minutesOld, more: ["status": ["podIP": .null]])
    }

    /// A pod whose node no longer reports: its containers look as they did, and the node controller marked it.
    public static func stranded(on node: String, terminatingSince: String? = nil) -> PodShape {
        var more: JSONNode = [
            "status": ["conditions": [["type": "Ready", "status": "False"], ["type": "PodScheduled", "status": "True"]]]
        ]
        if let terminatingSince { more["metadata"] = ["deletionTimestamp": .string(terminatingSince), "deletionGracePeriodSeconds": 30] }
        return PodShape(.running, node: node, minutesOld: 300, more: more)
    }
}
