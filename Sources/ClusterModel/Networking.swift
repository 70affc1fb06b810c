public import FastJSON

public struct Service: KubernetesObject {
    public struct Port: Sendable, Hashable {
        public let name: String?
        public let `protocol`: String
        public let port: Int
        /// The port on the pods; the Service's own port where it is not given.
        public let targetPort: PortReference
        public let nodePort: Int?
    }

    public static let resource = ResourceType.services

    public let metadata: ObjectMetadata
    public let type: String
    public let selector: [String: String]
    public let clusterIP: String?
    public let clusterIPs: [String]
    public let ports: [Port]
    public let externalName: String?
    public let externalTrafficPolicy: String?
    public let internalTrafficPolicy: String?
    public let publishNotReadyAddresses: Bool
    public let loadBalancerAddresses: [String]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        type = spec["type"].string ?? "ClusterIP"
        selector = spec["selector"].stringMap
        clusterIP = spec["clusterIP"].string
        clusterIPs = spec["clusterIPs"].strings
        ports = spec["ports"].array.map { port in
            let number = port["port"].int ?? 0
            return Port(
                name: port["name"].string, protocol: port["protocol"].string ?? "TCP", port: number,
                targetPort: PortReference(port["targetPort"]) ?? .number(number), nodePort: port["nodePort"].int)
        }
        externalName = spec["externalName"].string
        externalTrafficPolicy = spec["externalTrafficPolicy"].string
        internalTrafficPolicy = spec["internalTrafficPolicy"].string
        publishNotReadyAddresses = spec["publishNotReadyAddresses"].bool ?? false
        loadBalancerAddresses = json["status", "loadBalancer", "ingress"].array.compactMap { $0["ip"].string ?? $0["hostname"].string }
    }

    public var isHeadless: Bool { clusterIP == "None" }
}

/// Addresses behind a Service, from an EndpointSlice or from an Endpoints object.
public struct EndpointSlice: KubernetesObject {
    public struct Endpoint: Sendable, Hashable {
        public let addresses: [String]
        public let isReady: Bool
        /// Name of the pod behind it, where the target is one.
        public let pod: String?
        public let node: String?
    }

    public struct Port: Sendable, Hashable {
        public let name: String?
        public let port: Int?
        public let `protocol`: String
    }

    public static let resource = ResourceType.endpointSlices

    public let metadata: ObjectMetadata
    /// Name of the Service it belongs to, empty where none owns it.
    public let service: String
    public let endpoints: [Endpoint]
    public let ports: [Port]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        service = metadata.labels["kubernetes.io/service-name"] ?? metadata.owners.first { $0.kind == "Service" }?.name ?? ""
        endpoints = json["endpoints"].array.map { endpoint in
            // An absent `ready` means unknown, which consumers must read as ready.
            Endpoint(
                addresses: endpoint["addresses"].strings, isReady: endpoint["conditions", "ready"].bool ?? true,
                pod: Self.pod(endpoint["targetRef"]), node: endpoint["nodeName"].string)
        }
        ports = json["ports"].array.map(Self.port)
    }

    /// The slices that an Endpoints object stands for: one a subset.
    public static func slices(fromEndpoints json: JSONValue) -> [EndpointSlice] {
        let metadata = ObjectMetadata(json["metadata"])
        return json["subsets"].array.map { EndpointSlice(subset: $0, metadata: metadata) }
    }

    private init(subset: JSONValue, metadata: ObjectMetadata) {
        self.metadata = metadata
        service = metadata.name
        let groups = [("addresses", true), ("notReadyAddresses", false)]
        endpoints = groups.flatMap { key, isReady in
            subset[key].array.map {
                Endpoint(
                    addresses: [$0["ip"].string ?? ""], isReady: isReady, pod: Self.pod($0["targetRef"]), node: $0["nodeName"].string)
            }
        }
        ports = subset["ports"].array.map(Self.port)
    }

    private static func port(_ json: JSONValue) -> Port {
        Port(name: json["name"].string, port: json["port"].int, protocol: json["protocol"].string ?? "TCP")
    }

    private static func pod(_ target: JSONValue) -> String? {
        target["kind"].string == "Pod" ? target["name"].string : nil
    }
}

public struct Ingress: KubernetesObject {
    public struct Backend: Sendable, Hashable {
        public let service: String
        public let port: PortReference?
    }

    public struct Path: Sendable, Hashable {
        public let host: String?
        public let path: String
        public let pathType: String
        public let backend: Backend?
    }

    public struct TLS: Sendable, Hashable {
        public let hosts: [String]
        public let secretName: String?
    }

    public static let resource = ResourceType.ingresses

    public let metadata: ObjectMetadata
    /// From the field, else from the older annotation.
    public let className: String?
    public let defaultBackend: Backend?
    public let paths: [Path]
    public let tls: [TLS]
    public let addresses: [String]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        className = spec["ingressClassName"].string ?? metadata.annotations["kubernetes.io/ingress.class"]
        defaultBackend = Self.backend(spec["defaultBackend"])
        paths = spec["rules"].array.flatMap { rule in
            rule["http", "paths"].array.map {
                Path(
                    host: rule["host"].string, path: $0["path"].string ?? "/", pathType: $0["pathType"].string ?? "ImplementationSpecific",
                    backend: Self.backend($0["backend"]))
            }
        }
        tls = spec["tls"].array.map { TLS(hosts: $0["hosts"].strings, secretName: $0["secretName"].string) }
        addresses = json["status", "loadBalancer", "ingress"].array.compactMap { $0["ip"].string ?? $0["hostname"].string }
    }

    private static func backend(_ json: JSONValue) -> Backend? {
        let service = json["service"]
        guard let name = service["name"].string else { return nil }
        return Backend(service: name, port: PortReference(service["port", "number"]) ?? PortReference(service["port", "name"]))
    }
}

public struct IngressClass: KubernetesObject {
    public static let resource = ResourceType.ingressClasses

    public let metadata: ObjectMetadata
    public let controller: String

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        controller = json["spec", "controller"].string ?? ""
    }

    public var isDefault: Bool { metadata.annotations["ingressclass.kubernetes.io/is-default-class"] == "true" }
}

public struct NetworkPolicy: KubernetesObject {
    public struct Peer: Sendable, Hashable {
        public let podSelector: LabelSelector?
        public let namespaceSelector: LabelSelector?
        public let cidr: String?
        public let except: [String]
    }

    public struct Port: Sendable, Hashable {
        public let `protocol`: String
        /// `nil` means every port.
        public let port: PortReference?
        public let endPort: Int?
    }

    public struct Rule: Sendable, Hashable {
        /// Empty means everyone.
        public let peers: [Peer]
        /// Empty means every port.
        public let ports: [Port]
    }

    public static let resource = ResourceType.networkPolicies

    public let metadata: ObjectMetadata
    public let podSelector: LabelSelector
    public let coversIngress: Bool
    public let coversEgress: Bool
    public let ingress: [Rule]
    public let egress: [Rule]

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"])
        let spec = json["spec"]
        podSelector = LabelSelector(spec["podSelector"]) ?? LabelSelector()
        let types = spec["policyTypes"].strings
        // Without policyTypes a policy covers ingress, and egress only where it has egress rules.
        coversIngress = types.isEmpty || types.contains("Ingress")
        coversEgress = types.contains("Egress") || (types.isEmpty && spec["egress"].count > 0)
        ingress = spec["ingress"].array.map { Self.rule($0, peers: "from") }
        egress = spec["egress"].array.map { Self.rule($0, peers: "to") }
    }

    private static func rule(_ json: JSONValue, peers key: String) -> Rule {
        let peers = json[key].array.map {
            Peer(
                podSelector: LabelSelector($0["podSelector"]), namespaceSelector: LabelSelector($0["namespaceSelector"]),
                cidr: $0["ipBlock", "cidr"].string, except: $0["ipBlock", "except"].strings)
        }
        let ports = json["ports"].array.map {
            Port(protocol: $0["protocol"].string ?? "TCP", port: PortReference($0["port"]), endPort: $0["endPort"].int)
        }
        return Rule(peers: peers, ports: ports)
    }
}
