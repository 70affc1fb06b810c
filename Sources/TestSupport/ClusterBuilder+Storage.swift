import ClusterModel

extension ClusterBuilder {
    /// Adds a PersistentVolume.
    /// - Parameters:
    ///   - claim: name of the claim in `claimRef`; it makes the phase `Bound` unless another one is given.
    ///   - onNode: host name in its node affinity.
    public mutating func volume(
        _ name: String, storage: String = "1Gi", accessModes: [String] = ["ReadWriteOnce"], storageClass: String = "standard",
        claim: String? = nil, phase: String? = nil, onNode: String? = nil, labels: [String: String] = [:], more: JSONNode = [:]
    ) {
        var spec: JSONNode = [
            "capacity": ["storage": .string(storage)], "accessModes": .array(accessModes.map(JSONNode.string)),
            "persistentVolumeReclaimPolicy": "Retain",
        ]
        if !storageClass.isEmpty { spec["storageClassName"] = .string(storageClass) }
        if let claim {
            spec["claimRef"] = ["kind": "PersistentVolumeClaim", "namespace": .string(namespace), "name": .string(claim)]
        }
        if let onNode {
            spec["nodeAffinity"] = [
                "required": [
                    "nodeSelectorTerms": [
                        [
                            "matchExpressions": [
                                ["key": "kubernetes.io/hostname", "operator": "In", "values": [.string(onNode)]]
                            ]
                        ]
                    ]
                ]
            ]
        }
        let state = phase ?? (claim == nil ? "Available" : "Bound")
        add(.persistentVolumes, name: name, labels: labels, ["spec": spec.merged(with: more), "status": ["phase": .string(state)]])
    }
}
