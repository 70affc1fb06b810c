import ClusterModel
import Foundation
public import IncidentModel

extension ClusterBuilder {
    /// Adds a namespace, and its default ServiceAccount.
    public mutating func namespace(_ name: String, labels: [String: String] = [:]) {
        add(.namespaces, name: name, labels: labels, ["status": ["phase": "Active"]])
        add(.serviceAccounts, name: "default", in: name, [:])
    }

    /// Adds a node; one of this name that is there already is replaced.
    public mutating func node(
        _ name: String, ready: Bool = true, cpu: String = "4", memory: String = "16Gi", labels: [String: String] = [:],
        taints: [JSONNode] = [], unschedulable: Bool = false, conditions: [JSONNode] = []
    ) {
        remove(.nodes, name)
        let condition: JSONNode = [
            "type": "Ready", "status": ready ? "True" : "Unknown", "reason": ready ? "KubeletReady" : "NodeStatusUnknown",
            "message": ready ? "kubelet is posting ready status" : "Kubelet stopped posting node status.",
            "lastTransitionTime": .string(time(minutesAgo: ready ? 600 : 5)),
        ]
        var spec: JSONNode = [:]
        if !taints.isEmpty { spec["taints"] = .array(taints) }
        if unschedulable { spec["unschedulable"] = true }
        let resources: JSONNode = ["cpu": .string(cpu), "memory": .string(memory), "pods": "110"]
        add(
            .nodes, name: name, labels: ["kubernetes.io/hostname": name].merging(labels) { $1 }, minutesOld: 10_000,
            [
                "spec": spec,
                "status": [
                    "conditions": .array([condition] + conditions), "allocatable": resources, "capacity": resources,
                    "addresses": [["type": "InternalIP", "address": "192.0.2.10"]],
                    "nodeInfo": ["architecture": "amd64", "kubeletVersion": .string(kubernetesVersion), "bootID": "boot-1"],
                ],
            ])
    }

    /// Adds a Service; its EndpointSlice and Endpoints are made from the pods that its selector finds.
    /// - Parameters:
    ///   - selector: labels of the pods; `nil` means `app: <name>`, empty means a Service without selector.
    ///   - endpoints: `false` makes no EndpointSlice.
    public mutating func service(
        _ name: String, port: Int = 80, targetPort: JSONNode? = nil, selector: [String: String]? = nil, type: String = "ClusterIP",
        in namespace: String? = nil, endpoints: Bool = true, more: JSONNode = [:]
    ) {
        let selector = selector ?? ["app": name]
        var spec: JSONNode = [
            "type": .string(type), "clusterIP": "10.96.0.\(serial % 250 + 1)",
            "ports": [["port": .int(port), "targetPort": targetPort ?? .int(port), "protocol": "TCP"]],
        ]
        if !selector.isEmpty { spec["selector"] = .strings(selector) }
        if !endpoints { withoutEndpoints.insert((namespace ?? self.namespace) + "/" + name) }
        add(.services, name: name, in: namespace, ["spec": spec.merged(with: more)])
    }

    public mutating func configMap(_ name: String, _ data: [String: String] = [:], in namespace: String? = nil, minutesOld: Double = 60) {
        add(.configMaps, name: name, in: namespace, minutesOld: minutesOld, ["data": .strings(data)])
    }

    /// Adds a Secret with these keys; there are no values.
    public mutating func secret(_ name: String, keys: [String] = [], in namespace: String? = nil, type: String = "Opaque") {
        let data = Dictionary(keys.map { ($0, "") }) { first, _ in first }
        add(.secrets, name: name, in: namespace, ["data": .strings(data), "type": .string(type)])
    }

    public mutating func serviceAccount(_ name: String, in namespace: String? = nil) {
        add(.serviceAccounts, name: name, in: namespace, [:])
    }

    /// Adds a PersistentVolumeClaim, `Bound` or `Pending`.
    public mutating func claim(
        _ name: String, storageClass: String? = "standard", phase: String = "Bound", storage: String = "1Gi", in namespace: String? = nil
    ) {
        var spec: JSONNode = ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": .string(storage)]]]
        if let storageClass { spec["storageClassName"] = .string(storageClass) }
        if phase == "Bound" { spec["volumeName"] = "pv-\(name)" }
        add(.persistentVolumeClaims, name: name, in: namespace, ["spec": spec, "status": ["phase": .string(phase)]])
    }

    public mutating func storageClass(_ name: String, provisioner: String = "csi.example.com", isDefault: Bool = false) {
        add(
            .storageClasses, name: name, annotations: isDefault ? ["storageclass.kubernetes.io/is-default-class": "true"] : [:],
            ["provisioner": .string(provisioner), "volumeBindingMode": "Immediate"])
    }

    public mutating func quota(_ name: String, hard: [String: String], used: [String: String], in namespace: String? = nil) {
        add(
            .resourceQuotas, name: name, in: namespace,
            ["spec": ["hard": .strings(hard)], "status": ["hard": .strings(hard), "used": .strings(used)]])
    }

    /// Adds an event about an object.
    public mutating func event(
        _ reason: String, about object: ObjectReference, _ message: String, type: String = "Warning", count: Int = 1,
        minutesAgo: Double = 2, firstMinutesAgo: Double? = nil, container: String? = nil, source: String = "kubelet"
    ) {
        let number = next()
        let space = object.namespace ?? "default"
        var involved: JSONNode = [
            "kind": .string(object.kind), "name": .string(object.name),
            "uid": .string(Self.uid(object.kind, object.namespace, object.name)),
        ]
        if let namespace = object.namespace { involved["namespace"] = .string(namespace) }
        if let container { involved["fieldPath"] = "spec.containers{\(container)}" }
        add(
            .events, name: "\(object.name).\(String(number, radix: 16))", in: space, minutesOld: firstMinutesAgo ?? minutesAgo,
            [
                "involvedObject": involved, "reason": .string(reason), "message": .string(message), "type": .string(type),
                "count": .int(count), "firstTimestamp": .string(time(minutesAgo: firstMinutesAgo ?? minutesAgo)),
                "lastTimestamp": .string(time(minutesAgo: minutesAgo)), "source": ["component": .string(source)],
            ])
    }

    /// Adds a log to every pod of this name, or of a workload of this name; lines without a time get one.
    /// - Parameter container: `nil` takes the pod's first container.
    public mutating func log(
        _ name: String, container: String? = nil, previous: Bool = false, in namespace: String? = nil, minutesAgo: Double = 1,
        _ text: String
    ) {
        let space = namespace ?? self.namespace
        let start = capturedAt.addingTimeInterval(-minutesAgo * 60)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).enumerated().map { index, line in
            "\(RFC3339.format(start.addingTimeInterval((Double(index) + 0.1) / 1_000), fraction: true)) \(line)\n"
        }
        for (pod, first) in pods(named: name, in: space) {
            logs.append(
                ContainerLog(namespace: space, pod: pod, container: container ?? first, isPrevious: previous, text: lines.joined()))
        }
    }
}
