import ClusterModel
import FastJSON

/// The columns of Services and what belongs to them.
enum NetworkColumns {
    static let byKind: [String: [TableColumn]] = [
        "Service": [
            .text("Type") { $0["spec", "type"].string ?? "ClusterIP" },
            .text("Cluster-IP") { $0["spec", "clusterIPs"].strings.first ?? $0["spec", "clusterIP"].orNone },
            .text("External-IP", externalAddress), .text("Port(s)", servicePorts), .age,
            .text("Selector", wide: true) { WorkloadColumns.labels($0["spec", "selector"]) },
        ],
        "Endpoints": [.text("Endpoints", addresses), .age],
        "EndpointSlice": [
            .text("AddressType") { $0["addressType"].string ?? "" },
            .text("Ports") { shortened($0["ports"].array.map { $0["port"].scalar ?? "*" }) },
            .text("Endpoints") { shortened($0["endpoints"].array.flatMap { $0["addresses"].strings }) },
            .age,
        ],
        "Ingress": [
            .text("Class") { $0["spec", "ingressClassName"].text ?? $0["metadata", "annotations", "kubernetes.io/ingress.class"].orNone },
            .text("Hosts") { item in
                let hosts = item["spec", "rules"].array.compactMap { $0["host"].text }
                return hosts.isEmpty
                    ? "*" : hosts.prefix(3).joined(separator: ",") + (hosts.count > 3 ? " + \(hosts.count - 3) more..." : "")
            },
            .text("Address") { loadBalancer($0).joined(separator: ",") },
            .text("Ports") { $0["spec", "tls"].count > 0 ? "80, 443" : "80" },
            .age,
        ],
        "IngressClass": [
            .text("Controller") { $0["spec", "controller"].string ?? "" },
            .text("Parameters") { item in
                let reference = item["spec", "parameters"]
                return reference["name"].text.map { "\(reference["kind"].string ?? "")/\($0)" } ?? "<none>"
            },
            .age,
        ],
        "NetworkPolicy": [
            .text("Pod-Selector") { item in
                let selector = LabelSelector(item["spec", "podSelector"])?.description ?? ""
                return selector.isEmpty ? "<none>" : selector
            },
            .age,
        ],
    ]

    private static func loadBalancer(_ item: JSONValue) -> [String] {
        item["status", "loadBalancer", "ingress"].array.compactMap { $0["ip"].text ?? $0["hostname"].text }
    }

    @Sendable private static func externalAddress(_ service: JSONValue) -> String {
        let external = service["spec", "externalIPs"].strings
        switch service["spec", "type"].string {
        case "LoadBalancer":
            let all = loadBalancer(service) + external
            return all.isEmpty ? "<pending>" : all.joined(separator: ",")
        case "ExternalName": return service["spec", "externalName"].orNone
        default: return external.isEmpty ? "<none>" : external.joined(separator: ",")
        }
    }

    @Sendable private static func servicePorts(_ service: JSONValue) -> String {
        let ports = service["spec", "ports"].array.map { port in
            let number = port["port"].scalar ?? ""
            let nodePort = port["nodePort"].int.map { $0 > 0 ? ":\($0)" : "" } ?? ""
            return "\(number)\(nodePort)/\(port["protocol"].string ?? "TCP")"
        }
        return ports.isEmpty ? "<none>" : ports.joined(separator: ",")
    }

    @Sendable private static func addresses(_ endpoints: JSONValue) -> String {
        shortened(
            endpoints["subsets"].array.flatMap { subset -> [String] in
                let addresses = subset["addresses"].array.compactMap { $0["ip"].string }
                let ports = subset["ports"].array.compactMap { $0["port"].scalar }
                return ports.isEmpty ? addresses : ports.flatMap { port in addresses.map { "\($0):\(port)" } }
            })
    }

    private static func shortened(_ texts: [String]) -> String {
        if texts.isEmpty { return "<none>" }
        return texts.prefix(3).joined(separator: ",") + (texts.count > 3 ? " + \(texts.count - 3) more..." : "")
    }
}
