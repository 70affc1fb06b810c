import FastJSON

/// The columns of nodes, storage, configuration, access rules and the rest.
enum ClusterColumns {
    static let byKind: [String: [TableColumn]] = nodes.merging(configuration) { $1 }.merging(storage) { $1 }.merging(access) { $1 }

    private static let nodes: [String: [TableColumn]] = [
        "Node": [
            .text("Status", nodeStatus), .text("Roles", roles), .age,
            .text("Version") { $0["status", "nodeInfo", "kubeletVersion"].string ?? "" },
            .text("Internal-IP", wide: true) { address($0, "InternalIP") },
            .text("External-IP", wide: true) { address($0, "ExternalIP") },
            .text("OS-Image", wide: true) { $0["status", "nodeInfo", "osImage"].text ?? "<unknown>" },
            .text("Kernel-Version", wide: true) { $0["status", "nodeInfo", "kernelVersion"].text ?? "<unknown>" },
            .text("Container-Runtime", wide: true) { $0["status", "nodeInfo", "containerRuntimeVersion"].text ?? "<unknown>" },
        ],
        "Namespace": [.text("Status") { $0["status", "phase"].string ?? "" }, .age],
        "Lease": [.text("Holder") { $0["spec", "holderIdentity"].string ?? "" }, .age],
        "APIService": [
            .text("Service") { item in
                let service = item["spec", "service"]
                return service["name"].text.map { "\(service["namespace"].string ?? "")/\($0)" } ?? "Local"
            },
            .text("Available") { item in
                let condition = item["status", "conditions"].array.first { $0["type"].string == "Available" }
                guard let condition, condition["status"].string != "True" else { return condition == nil ? "<unknown>" : "True" }
                return "\(condition["status"].string ?? "") (\(condition["reason"].string ?? ""))"
            },
            .age,
        ],
        "PriorityClass": [
            .number("Value") { $0["value"].int ?? 0 },
            .text("Global-Default") { String($0["globalDefault"].bool ?? false) },
            .age,
            .text("PreemptionPolicy") { $0["preemptionPolicy"].text ?? "PreemptLowerPriority" },
        ],
        "RuntimeClass": [.text("Handler") { $0["handler"].string ?? "" }, .age],
        "ValidatingWebhookConfiguration": [.number("Webhooks") { $0["webhooks"].count }, .age],
        "MutatingWebhookConfiguration": [.number("Webhooks") { $0["webhooks"].count }, .age],
    ]

    private static let configuration: [String: [TableColumn]] = [
        "ConfigMap": [.number("Data") { $0["data"].count + $0["binaryData"].count }, .age],
        "Secret": [.text("Type") { $0["type"].string ?? "" }, .number("Data") { $0["data"].count }, .age],
        "ServiceAccount": [.number("Secrets") { $0["secrets"].count }, .age],
        "ResourceQuota": [
            .text("Request") { quota($0) { !$0.hasPrefix("limits.") } }, .text("Limit") { quota($0) { $0.hasPrefix("limits.") } }, .age,
        ],
        "LimitRange": [.createdAt],
    ]

    private static let storage: [String: [TableColumn]] = [
        "PersistentVolumeClaim": [
            .text("Status") { $0["metadata", "deletionTimestamp"].isNothing ? $0["status", "phase"].string ?? "" : "Terminating" },
            .text("Volume") { $0["spec", "volumeName"].string ?? "" },
            .text("Capacity") { $0["status", "capacity", "storage"].string ?? "" },
            .text("Access Modes") { accessModes($0["status", "accessModes"]) },
            .text("StorageClass") { $0["spec", "storageClassName"].string ?? "" },
            .text("VolumeAttributesClass") { $0["spec", "volumeAttributesClassName"].text ?? "<unset>" },
            .age,
            .text("VolumeMode", wide: true) { $0["spec", "volumeMode"].text ?? "<unset>" },
        ],
        "PersistentVolume": [
            .text("Capacity") { $0["spec", "capacity", "storage"].string ?? "" },
            .text("Access Modes") { accessModes($0["spec", "accessModes"]) },
            .text("Reclaim Policy") { $0["spec", "persistentVolumeReclaimPolicy"].string ?? "" },
            .text("Status") { $0["metadata", "deletionTimestamp"].isNothing ? $0["status", "phase"].string ?? "" : "Terminating" },
            .text("Claim") { item in
                let claim = item["spec", "claimRef"]
                return claim["name"].text.map { "\(claim["namespace"].string ?? "")/\($0)" } ?? ""
            },
            .text("StorageClass") { $0["spec", "storageClassName"].string ?? "" },
            .text("VolumeAttributesClass") { $0["spec", "volumeAttributesClassName"].text ?? "<unset>" },
            .text("Reason") { $0["status", "reason"].string ?? "" },
            .age,
            .text("VolumeMode", wide: true) { $0["spec", "volumeMode"].text ?? "<unset>" },
        ],
        "StorageClass": [
            .text("Provisioner") { $0["provisioner"].string ?? "" },
            .text("ReclaimPolicy") { $0["reclaimPolicy"].text ?? "Delete" },
            .text("VolumeBindingMode") { $0["volumeBindingMode"].text ?? "Immediate" },
            .text("AllowVolumeExpansion") { String($0["allowVolumeExpansion"].bool ?? false) },
            .age,
        ],
        "VolumeAttachment": [
            .text("Attacher") { $0["spec", "attacher"].string ?? "" },
            .text("PV") { $0["spec", "source", "persistentVolumeName"].string ?? "" },
            .text("Node") { $0["spec", "nodeName"].string ?? "" },
            .text("Attached") { String($0["status", "attached"].bool ?? false) },
            .age,
        ],
        "CSINode": [.number("Drivers") { $0["spec", "drivers"].count }, .age],
    ]

    private static let access: [String: [TableColumn]] = [
        "Role": [.createdAt], "ClusterRole": [.createdAt], "RoleBinding": binding, "ClusterRoleBinding": binding,
    ]

    private static let binding: [TableColumn] = [
        .text("Role") { "\($0["roleRef", "kind"].string ?? "")/\($0["roleRef", "name"].string ?? "")" },
        .age,
        .text("Users", wide: true) { subjects($0, "User") },
        .text("Groups", wide: true) { subjects($0, "Group") },
        .text("ServiceAccounts", wide: true) { subjects($0, "ServiceAccount") },
    ]

    private static func subjects(_ item: JSONValue, _ kind: String) -> String {
        item["subjects"].array.filter { $0["kind"].string == kind }
            .map { subject in (subject["namespace"].text.map { $0 + "/" } ?? "") + (subject["name"].string ?? "") }
            .joined(separator: ", ")
    }

    @Sendable private static func nodeStatus(_ node: JSONValue) -> String {
        let ready = node["status", "conditions"].array.first { $0["type"].string == "Ready" }
        let status = ready.map { $0["status"].string == "True" ? "Ready" : "NotReady" } ?? "Unknown"
        return node["spec", "unschedulable"].bool == true ? status + ",SchedulingDisabled" : status
    }

    @Sendable private static func roles(_ node: JSONValue) -> String {
        let prefix = "node-role.kubernetes.io/"
        let roles = node["metadata", "labels"].stringMap.compactMap { key, value -> String? in
            if key.hasPrefix(prefix), key.count > prefix.count { return String(key.dropFirst(prefix.count)) }
            return key == "kubernetes.io/role" && !value.isEmpty ? value : nil
        }
        return roles.isEmpty ? "<none>" : Set(roles).sorted().joined(separator: ",")
    }

    private static func address(_ node: JSONValue, _ type: String) -> String {
        node["status", "addresses"].array.first { $0["type"].string == type }?["address"].orNone ?? "<none>"
    }

    private static func accessModes(_ modes: JSONValue) -> String {
        let short = ["ReadWriteOnce": "RWO", "ReadOnlyMany": "ROX", "ReadWriteMany": "RWX", "ReadWriteOncePod": "RWOP"]
        return modes.strings.compactMap { short[$0] }.joined(separator: ",")
    }

    private static func quota(_ item: JSONValue, _ isWanted: (String) -> Bool) -> String {
        let used = item["status", "used"]
        return item["status", "hard"].members.filter { isWanted($0.key) }.sorted { $0.key < $1.key }
            .map { "\($0.key): \(used[$0.key].scalar ?? "0")/\($0.value.scalar ?? "")" }
            .joined(separator: ", ")
    }
}
