public import FastJSON
public import IncidentModel

public struct PersistentVolumeClaim: KubernetesObject {
    public static let resource = ResourceType.persistentVolumeClaims

    public let metadata: ObjectMetadata
    /// `nil` asks for the default class; empty for none.
    public let storageClassName: String?
    public let accessModes: [String]
    public let volumeMode: String
    public let requestedStorage: String?
    public let volumeName: String?
    public let selector: LabelSelector?
    public let phase: String
    public let capacity: String?
    public let conditions: [Condition]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        storageClassName = spec["storageClassName"].string ?? metadata.annotations["volume.beta.kubernetes.io/storage-class"]
        accessModes = spec["accessModes"].strings
        volumeMode = spec["volumeMode"].string ?? "Filesystem"
        requestedStorage = spec["resources", "requests", "storage"].string
        volumeName = spec["volumeName"].string
        selector = LabelSelector(spec["selector"])
        phase = json["status", "phase"].string ?? ""
        capacity = json["status", "capacity", "storage"].string
        conditions = json["status", "conditions"].array.map(Condition.init)
    }
}

public struct PersistentVolume: KubernetesObject {
    public static let resource = ResourceType.persistentVolumes

    public let metadata: ObjectMetadata
    public let storageClassName: String
    public let accessModes: [String]
    public let volumeMode: String
    public let capacity: String?
    public let reclaimPolicy: String
    public let claim: ObjectReference?
    public let claimUID: String?
    public let nodeTerms: [[LabelSelector.Requirement]]
    public let driver: String?
    public let phase: String
    public let reason: String?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        storageClassName = spec["storageClassName"].string ?? ""
        accessModes = spec["accessModes"].strings
        volumeMode = spec["volumeMode"].string ?? "Filesystem"
        capacity = spec["capacity", "storage"].string
        reclaimPolicy = spec["persistentVolumeReclaimPolicy"].string ?? ""
        let claimName = spec["claimRef", "name"].string
        claim = claimName.map {
            ObjectReference(kind: "PersistentVolumeClaim", namespace: spec["claimRef", "namespace"].string, name: $0)
        }
        claimUID = spec["claimRef", "uid"].string
        nodeTerms = spec["nodeAffinity", "required", "nodeSelectorTerms"].array.map {
            LabelSelector.requirements($0["matchExpressions"])
        }
        driver = spec["csi", "driver"].string
        phase = json["status", "phase"].string ?? ""
        reason = json["status", "message"].string
    }
}

public struct StorageClass: KubernetesObject {
    public static let resource = ResourceType.storageClasses

    public let metadata: ObjectMetadata
    public let provisioner: String
    public let bindingMode: String

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        provisioner = json["provisioner"].string ?? ""
        bindingMode = json["volumeBindingMode"].string ?? "Immediate"
    }

    public var isDefault: Bool {
        ["storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class"]
            .contains { metadata.annotations[$0] == "true" }
    }
}

public struct VolumeAttachment: KubernetesObject {
    public static let resource = ResourceType.volumeAttachments

    public let metadata: ObjectMetadata
    public let attacher: String
    public let node: String
    public let persistentVolume: String?
    public let isAttached: Bool
    public let error: String?

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        attacher = json["spec", "attacher"].string ?? ""
        node = json["spec", "nodeName"].string ?? ""
        persistentVolume = json["spec", "source", "persistentVolumeName"].string
        isAttached = json["status", "attached"].bool ?? false
        error = json["status", "attachError", "message"].string
    }
}

/// The CSI drivers registered on a node.
public struct CSINode: KubernetesObject {
    public static let resource = ResourceType.csiNodes

    public let metadata: ObjectMetadata
    public let drivers: [String]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        drivers = json["spec", "drivers"].array.compactMap { $0["name"].string }
    }
}

public struct CSIDriver: KubernetesObject {
    public static let resource = ResourceType.csiDrivers

    public let metadata: ObjectMetadata

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
    }
}
