internal import ClusterModel

/// What is taken on each node, added up once a case; empty where no pod waits for a node.
///
/// Pods of namespaces that were not read are missing from it, so that what is taken is a lower bound.
struct NodeRooms: Sendable {
    private let taken: [String: [String: Double]]
    private let pods: [String: [Pod]]

    init(_ view: ClusterView) {
        guard view.pods.items.contains(where: Self.waits) else {
            taken = [:]
            pods = [:]
            return
        }
        var taken: [String: [String: Double]] = [:]
        var pods: [String: [Pod]] = [:]
        for pod in view.pods.items where !pod.isFinished {
            guard let node = pod.spec.nodeName, !node.isEmpty else { continue }
            taken[node, default: [:]].merge(PodDemand(pod.spec).amounts, uniquingKeysWith: +)
            pods[node, default: []].append(pod)
        }
        self.taken = taken
        self.pods = pods
    }

    private static func waits(_ pod: Pod) -> Bool {
        pod.phase == "Pending" && (pod.spec.nodeName ?? "").isEmpty
    }

    func taken(_ resource: String, on node: Node) -> Double { taken[node.name]?[resource] ?? 0 }

    func pods(on node: Node) -> [Pod] { pods[node.name] ?? [] }

    /// What is left of a resource; `nil` where the node does not say what it has.
    func free(_ resource: String, on node: Node) -> Double? {
        node.amount(of: resource).map { max(0, $0 - taken(resource, on: node)) }
    }
}

extension Node {
    /// Allocatable amount in base units. A resource that the node does not list is one it has none of.
    func amount(of resource: String) -> Double? {
        if allocatable.isEmpty { return nil }
        return allocatable[resource].flatMap { Quantity($0) }?.value ?? 0
    }
}

/// What a pod asks of a node, as the scheduler adds it up: all app containers and native sidecars together, or the largest init container.
struct PodDemand {
    let amounts: [String: Double]
    private let texts: [String: [(container: String, text: String)]]

    init(_ spec: PodSpec) {
        let together = spec.containers + spec.initContainers.filter(\.isNativeSidecar)
        let alone = spec.initContainers.filter { !$0.isNativeSidecar }
        var sums: [String: Double] = ["pods": 1]
        var texts: [String: [(String, String)]] = [:]
        for container in together {
            for (resource, text) in Self.requests(container) {
                guard let quantity = Quantity(text) else { continue }
                sums[resource, default: 0] += quantity.value
                texts[resource, default: []].append((container.name, text))
            }
        }
        for container in alone {
            for (resource, text) in Self.requests(container) {
                guard let quantity = Quantity(text), quantity.value > sums[resource] ?? 0 else { continue }
                sums[resource] = quantity.value
                texts[resource] = [(container.name, text)]
            }
        }
        amounts = sums
        self.texts = texts
    }

    // A limit without a request is a request too: the API server copies it.
    private static func requests(_ container: Container) -> [String: String] {
        container.limits.merging(container.requests) { $1 }
    }

    /// As the manifest has it, or the sum where several containers ask.
    func text(of resource: String) -> String? {
        let entries = texts[resource] ?? []
        if entries.count == 1 { return entries[0].text }
        return amounts[resource].map { Self.text($0, of: resource) }
    }

    /// The container that asks for most, where several ask.
    func largest(of resource: String) -> (container: String, text: String)? {
        (texts[resource] ?? []).max {
            (Quantity($0.text)?.value ?? 0, $1.container) < (Quantity($1.text)?.value ?? 0, $0.container)
        }
    }

    /// An amount in the unit in which people write the resource: `1500m`, `24Gi`.
    static func text(_ amount: Double, of resource: String) -> String {
        if resource == "cpu" {
            let milli = (amount * 1_000).rounded()
            return milli.truncatingRemainder(dividingBy: 1_000) == 0 ? String(Int(milli / 1_000)) : "\(Int(milli))m"
        }
        guard ["memory", "ephemeral-storage", "storage"].contains(resource) || resource.hasPrefix("hugepages-") else {
            return String(Int(amount.rounded()))
        }
        for (unit, size) in [("Gi", 1_073_741_824.0), ("Mi", 1_048_576), ("Ki", 1_024)] where amount >= size {
            let count = amount / size
            // Whole units are exact; anything else is cut to one digit, and rounded down so that it is never too much.
            if count.truncatingRemainder(dividingBy: 1) == 0 { return "\(Int(count))\(unit)" }
            if count >= 10 || unit == "Ki" { return "\(Int(count))\(unit)" }
        }
        return String(Int(amount))
    }
}
