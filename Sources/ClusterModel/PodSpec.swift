public import FastJSON

/// The `spec` of a pod or of a pod template.
public struct PodSpec: Sendable, Hashable {
    public let initContainers: [Container]
    public let containers: [Container]
    public let ephemeralContainers: [Container]
    public let volumes: [Volume]
    public let nodeName: String?
    public let nodeSelector: [String: String]
    public let affinity: Affinity
    public let tolerations: [Toleration]
    public let topologySpreadConstraints: [TopologySpreadConstraint]
    public let serviceAccountName: String
    public let automountServiceAccountToken: Bool?
    public let imagePullSecrets: [String]
    public let restartPolicy: String
    public let schedulerName: String
    public let schedulingGates: [String]
    public let priorityClassName: String?
    public let runtimeClassName: String?
    public let readinessGates: [String]
    public let dnsPolicy: String
    public let dnsNameservers: [String]
    public let dnsSearches: [String]
    /// The `ndots` option of `dnsConfig`, where it is given.
    public let dnsDots: Int?
    public let hostname: String?
    public let subdomain: String?
    public let isHostNetwork: Bool
    public let securityContext: SecurityContext
    public let terminationGracePeriodSeconds: Int
    public let activeDeadlineSeconds: Int?
    /// Names and addresses of `hostAliases`.
    public let hostAliases: [String: String]

    public init(_ json: JSONValue) {
        initContainers = json["initContainers"].array.map { Container($0, role: .`init`) }
        containers = json["containers"].array.map { Container($0, role: .app) }
        ephemeralContainers = json["ephemeralContainers"].array.map { Container($0, role: .ephemeral) }
        volumes = json["volumes"].array.map(Volume.init)
        nodeName = json["nodeName"].string
        nodeSelector = json["nodeSelector"].stringMap
        affinity = Affinity(json["affinity"])
        tolerations = json["tolerations"].array.map(Toleration.init)
        topologySpreadConstraints = json["topologySpreadConstraints"].array.map(TopologySpreadConstraint.init)
        serviceAccountName = json["serviceAccountName"].string ?? json["serviceAccount"].string ?? "default"
        automountServiceAccountToken = json["automountServiceAccountToken"].bool
        imagePullSecrets = json["imagePullSecrets"].array.compactMap { $0["name"].string }
        restartPolicy = json["restartPolicy"].string ?? "Always"
        schedulerName = json["schedulerName"].string ?? "default-scheduler"
        schedulingGates = json["schedulingGates"].array.compactMap { $0["name"].string }
        priorityClassName = json["priorityClassName"].string
        runtimeClassName = json["runtimeClassName"].string
        readinessGates = json["readinessGates"].array.compactMap { $0["conditionType"].string }
        dnsPolicy = json["dnsPolicy"].string ?? "ClusterFirst"
        dnsNameservers = json["dnsConfig", "nameservers"].strings
        dnsSearches = json["dnsConfig", "searches"].strings
        dnsDots = json["dnsConfig", "options"].array.first { $0["name"].string == "ndots" }.flatMap { option in
            option["value"].string.flatMap { Int($0) } ?? option["value"].int
        }
        hostname = json["hostname"].string
        subdomain = json["subdomain"].string
        isHostNetwork = json["hostNetwork"].bool ?? false
        securityContext = SecurityContext(json["securityContext"])
        terminationGracePeriodSeconds = json["terminationGracePeriodSeconds"].int ?? 30
        activeDeadlineSeconds = json["activeDeadlineSeconds"].int
        hostAliases = Dictionary(
            json["hostAliases"].array.flatMap { alias in
                alias["hostnames"].strings.map { ($0, alias["ip"].string ?? "") }
            }
        ) { $1 }
    }

    public var allContainers: [Container] { initContainers + containers + ephemeralContainers }
}

/// A volume of a pod: its name and what it is made from.
public struct Volume: Sendable, Hashable {
    public struct KeyReference: Sendable, Hashable {
        /// Keys that must exist; empty means all keys.
        public let name: String
        public let keys: [String]
        public let isOptional: Bool
    }

    public enum Source: Sendable, Hashable {
        case configMap(KeyReference)
        case secret(KeyReference)
        case persistentVolumeClaim(name: String)
        case emptyDir(medium: String?, sizeLimit: String?)
        case hostPath(path: String, type: String?)
        case projected([Source])
        case serviceAccountToken(audience: String?)
        case downwardAPI
        case csi(driver: String, secret: String?)
        case nfs(server: String, path: String)
        case ephemeral(storageClass: String?)
        case other(String)
    }

    public let name: String
    public let source: Source

    public init(_ json: JSONValue) {
        name = json["name"].string ?? ""
        source = Self.source(json)
    }

    private static func source(_ json: JSONValue) -> Source {
        for (key, value) in json.members where key != "name" {
            switch key {
            case "configMap": return .configMap(keys(value, name: value["name"].string))
            case "secret": return .secret(keys(value, name: value["secretName"].string ?? value["name"].string))
            case "persistentVolumeClaim": return .persistentVolumeClaim(name: value["claimName"].string ?? "")
            case "emptyDir": return .emptyDir(medium: value["medium"].string, sizeLimit: value["sizeLimit"].string)
            case "hostPath": return .hostPath(path: value["path"].string ?? "", type: value["type"].string)
            case "projected": return .projected(value["sources"].array.map(source))
            case "serviceAccountToken": return .serviceAccountToken(audience: value["audience"].string)
            case "downwardAPI": return .downwardAPI
            case "csi": return .csi(driver: value["driver"].string ?? "", secret: value["nodePublishSecretRef", "name"].string)
            case "nfs": return .nfs(server: value["server"].string ?? "", path: value["path"].string ?? "")
            case "ephemeral": return .ephemeral(storageClass: value["volumeClaimTemplate", "spec", "storageClassName"].string)
            default: return .other(key)
            }
        }
        return .other("none")
    }

    private static func keys(_ json: JSONValue, name: String?) -> KeyReference {
        KeyReference(
            name: name ?? "", keys: json["items"].array.compactMap { $0["key"].string }, isOptional: json["optional"].bool ?? false)
    }
}

public struct Toleration: Sendable, Hashable {
    public let key: String
    public let `operator`: String
    public let value: String
    public let effect: String

    public init(_ json: JSONValue) {
        key = json["key"].string ?? ""
        `operator` = json["operator"].string ?? "Equal"
        value = json["value"].string ?? ""
        effect = json["effect"].string ?? ""
    }

    /// As the scheduler decides it: an empty key with `Exists` tolerates everything, an empty effect every effect.
    public func tolerates(_ taint: Taint) -> Bool {
        guard effect.isEmpty || effect == taint.effect else { return false }
        if key.isEmpty { return `operator` == "Exists" }
        guard key == taint.key else { return false }
        return `operator` == "Exists" || value == taint.value
    }
}

public struct TopologySpreadConstraint: Sendable, Hashable {
    public let topologyKey: String
    public let maxSkew: Int
    public let whenUnsatisfiable: String
    public let selector: LabelSelector?

    public init(_ json: JSONValue) {
        topologyKey = json["topologyKey"].string ?? ""
        maxSkew = json["maxSkew"].int ?? 1
        whenUnsatisfiable = json["whenUnsatisfiable"].string ?? "DoNotSchedule"
        selector = LabelSelector(json["labelSelector"])
    }
}

/// The required parts of a pod's affinity; preferences never keep a pod from a node.
public struct Affinity: Sendable, Hashable {
    public struct PodTerm: Sendable, Hashable {
        public let topologyKey: String
        public let selector: LabelSelector?
        public let namespaces: [String]
    }

    /// Terms are alternatives; requirements within one must all hold. The one field that terms may match on, `metadata.name`, stands
    /// among the labels: DaemonSets pin their pods with it.
    public let nodeTerms: [[LabelSelector.Requirement]]
    public let podTerms: [PodTerm]
    public let podAntiTerms: [PodTerm]

    public init(_ json: JSONValue) {
        let required = "requiredDuringSchedulingIgnoredDuringExecution"
        nodeTerms = json["nodeAffinity", required, "nodeSelectorTerms"].array.map {
            LabelSelector.requirements($0["matchExpressions"]) + LabelSelector.requirements($0["matchFields"])
        }
        podTerms = json["podAffinity", required].array.map(Self.podTerm)
        podAntiTerms = json["podAntiAffinity", required].array.map(Self.podTerm)
    }

    private static func podTerm(_ json: JSONValue) -> PodTerm {
        PodTerm(
            topologyKey: json["topologyKey"].string ?? "", selector: LabelSelector(json["labelSelector"]),
            namespaces: json["namespaces"].strings)
    }
}
