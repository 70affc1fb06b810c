import ClusterModel
import FastJSON

extension ClusterBuilder {
    /// EndpointSlices and Endpoints as the controllers would make them: for every Service with a selector that has none yet.
    func addEndpoints(to lists: inout [String: [JSONValue]]) {
        for service in lists[ResourceType.services.path] ?? [] {
            let selector = service["spec", "selector"].stringMap
            let name = service["metadata", "name"].string ?? ""
            let space = service["metadata", "namespace"].string ?? ""
            guard !selector.isEmpty, !withoutEndpoints.contains(space + "/" + name) else { continue }
            let pods = (lists[ResourceType.pods.path] ?? []).filter { pod in
                pod["metadata", "namespace"].string == space && pod["status", "podIP"].string != nil
                    && LabelSelector(matchLabels: selector).matches(pod["metadata", "labels"].stringMap)
            }
            lists[ResourceType.endpointSlices.path, default: []].append(slice(of: service, name, space, pods).value)
            lists[ResourceType.endpoints.path, default: []].append(endpoints(of: service, name, space, pods).value)
        }
    }

    private func slice(of service: JSONValue, _ name: String, _ space: String, _ pods: [JSONValue]) -> JSONNode {
        [
            "metadata": [
                "name": "\(name)-slice", "namespace": .string(space), "uid": .string(Self.uid("EndpointSlice", space, name)),
                "labels": ["kubernetes.io/service-name": .string(name)], "creationTimestamp": .string(time(minutesAgo: 60)),
            ],
            "addressType": "IPv4",
            "endpoints": .array(
                pods.map { pod in
                    let ready = JSONNode.bool(isReady(pod))
                    return [
                        "addresses": [.string(pod["status", "podIP"].string ?? "")], "conditions": ["ready": ready, "serving": ready],
                        "targetRef": target(pod, space), "nodeName": .string(pod["spec", "nodeName"].string ?? ""),
                    ]
                }),
            "ports": .array(ports(of: service, first: pods.first)),
        ]
    }

    private func endpoints(of service: JSONValue, _ name: String, _ space: String, _ pods: [JSONValue]) -> JSONNode {
        func addresses(ready: Bool) -> JSONNode {
            .array(
                pods.filter { isReady($0) == ready }.map {
                    ["ip": .string($0["status", "podIP"].string ?? ""), "targetRef": target($0, space)]
                })
        }
        var node: JSONNode = [
            "metadata": [
                "name": .string(name), "namespace": .string(space), "uid": .string(Self.uid("Endpoints", space, name)),
                "creationTimestamp": .string(time(minutesAgo: 60)),
            ]
        ]
        if !pods.isEmpty {
            node["subsets"] = [
                [
                    "addresses": addresses(ready: true), "notReadyAddresses": addresses(ready: false),
                    "ports": .array(ports(of: service, first: pods.first)),
                ]
            ]
        }
        return node
    }

    /// Numbers of the target ports; a named one is looked up in the pod.
    private func ports(of service: JSONValue, first pod: JSONValue?) -> [JSONNode] {
        service["spec", "ports"].array.compactMap { port in
            let target = port["targetPort"].isNothing ? port["port"] : port["targetPort"]
            let named = pod?["spec", "containers"].array.flatMap { $0["ports"].array }.first { $0["name"].string == target.string }
            guard let number = target.int ?? named?["containerPort"].int else { return nil }
            var node: JSONNode = ["port": .int(number), "protocol": .string(port["protocol"].string ?? "TCP")]
            if let name = port["name"].string { node["name"] = .string(name) }
            return node
        }
    }

    private func target(_ pod: JSONValue, _ space: String) -> JSONNode {
        ["kind": "Pod", "namespace": .string(space), "name": .string(pod["metadata", "name"].string ?? "")]
    }

    private func isReady(_ pod: JSONValue) -> Bool {
        pod["status", "conditions"].array.contains { $0["type"].string == "Ready" && $0["status"].string == "True" }
    }
}
