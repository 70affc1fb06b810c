internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Paths that are slow or lose packets by the time that TCP probes of Services take (N26): all of one node's paths, or all to one workload.
///
/// A connection inside a cluster takes a few milliseconds. A lost packet of its handshake is sent again after 1, then 3 seconds (RFC 6298), so
/// single slow or dead connections among fast ones speak of loss, and equally slow ones of delay.
struct PathDelayRules {
    /// A connection that takes less is fast wherever it goes.
    private static let leastDelay = 40.0
    /// How many times slower than the typical one a connection must be.
    private static let factor = 8.0
    private static let fewestSlow = 3
    /// Fewer times have no typical one among them.
    private static let fewestTimes = 6

    /// One probe: between which nodes, and whether it was slow.
    private struct Crossing {
        let target: Connectivity.Target
        let probe: Connectivity.Probe
        let from: String
        /// The one node with the Service's endpoints; `nil` where there are several.
        let to: String?
        let isSlow: Bool

        func touches(_ node: String) -> Bool { from != to && (from == node || to == node) }
    }

    private let context: CaseContext
    private let crossings: [Crossing]

    init(_ context: CaseContext) {
        self.context = context
        // What is closed from everywhere is a matter of the Service or of a policy.
        let probes = context.connectivity.targets.filter { !$0.isClosed }.flatMap { target in
            target.probes.map { (target: target, probe: $0) }
        }
        let times = probes.compactMap { Self.milliseconds($0.probe) }
        guard times.count >= Self.fewestTimes else {
            crossings = []
            return
        }
        let limit = max(Self.leastDelay, Self.factor * RobustStatistics.median(times))
        crossings = probes.compactMap { target, probe in
            guard let from = probe.node, probe.result == .open || probe.result == .timeout else { return nil }
            return Crossing(
                target: target, probe: probe, from: from, to: Self.home(of: target.reference, context),
                isSlow: Self.milliseconds(probe).map { $0 >= limit } ?? (probe.result == .timeout))
        }
    }

    /// Nodes whose paths are bad; else workloads to which all paths are.
    var findings: [Finding] {
        let slow = crossings.filter(\.isSlow)
        guard slow.count >= Self.fewestSlow, slow.contains(where: { $0.probe.result == .open }) else { return byWorkload }
        let nodes = Set(crossings.map(\.from)).sorted().compactMap(node)
        return nodes.isEmpty ? byWorkload : nodes
    }

    private func node(_ name: String) -> Finding? {
        let own = crossings.filter { $0.touches(name) }
        let slow = own.filter(\.isSlow)
        let others = crossings.filter { !$0.touches(name) && $0.from != name }
        // Slow probes of one Service are the matter of its workload. A fifth of the own paths and no more than a twentieth of the others are
        // slow: one lost handshake in five is loss that users feel, and less on the other side is what any network has.
        guard slow.count >= Self.fewestSlow, Set(slow.map(\.target.reference)).count > 1, 5 * slow.count >= own.count,
            20 * others.filter(\.isSlow).count <= others.count,
            !others.isEmpty
        else { return nil }
        let isLoss = 4 * slow.count < 3 * own.count || slow.contains { $0.probe.result == .timeout }
        let reference = ObjectReference(kind: "Node", namespace: nil, name: name)
        var finding = Finding(
            cause: .networkDegraded, object: reference, sufferer: reference,
            statement:
                "The network of Node \(name) \(isLoss ? "loses packets" : "is slow"): \(slow.count) of \(own.count) TCP probes that cross it \(isLoss ? "were late or got no answer" : "took \(Self.words(slow.map(\.probe)))"), and \(others.filter(\.isSlow).isEmpty ? "none" : "hardly any") of those that do not.",
            details: ["node": name, "effect": isLoss ? "loss" : "latency", "found": Self.words(slow.map(\.probe))],
            citations: slow.prefix(4).map { Self.citation($0.probe, $0.target) }, confidence: 0.8,
            reasons: ["the paths that are bad have this node in common"], impact: .degraded)
        finding.sufferers = NodePods.workloads(on: name, context).map(\.reference)
        return finding
    }

    private var byWorkload: [Finding] {
        let targets = Dictionary(grouping: crossings, by: \.target.reference)
        let slow = targets.filter { $0.value.count >= 2 && $0.value.allSatisfy { $0.isSlow && $0.probe.result == .open } }
        guard !slow.isEmpty, slow.count * 4 <= targets.count else { return [] }
        return slow.sorted { $0.key < $1.key }.compactMap { service, probes in
            guard let object = context.view.services[service.namespace ?? "", service.name],
                let workload = context.topology.workloads(behind: object).first
            else { return nil }
            let words = Self.words(probes.map(\.probe))
            return Finding(
                cause: .networkDegraded, object: workload.reference, sufferer: workload.reference,
                statement:
                    "The network path to \(workload.reference) is slow from everywhere: TCP probes of Service \(service.name) took \(words), those of other Services a few milliseconds.",
                details: ["effect": "latency", "found": words, "reference": service.name],
                citations: probes.prefix(3).map { Self.citation($0.probe, $0.target) }, confidence: 0.8,
                reasons: ["a connection takes long before the program has any part in it"], impact: .degraded)
        }
    }

    private static func home(of service: ObjectReference, _ context: CaseContext) -> String? {
        guard let object = context.view.services[service.namespace ?? "", service.name] else { return nil }
        let nodes = Set(context.view.pods(selectedBy: object).filter { !$0.isFinished }.compactMap(\.spec.nodeName))
        return nodes.count == 1 ? nodes.first : nil
    }

    // MARK: Times

    private static func citation(_ probe: Connectivity.Probe, _ target: Connectivity.Target) -> Citation {
        .field(
            target.reference, "TCP probe of port \(target.port.map { String($0) } ?? "?") from node \(probe.node ?? "?")",
            Citation.cut(probe.output.trimmed))
    }

    private static func words(_ probes: [Connectivity.Probe]) -> String {
        let times = probes.compactMap(milliseconds)
        guard !times.isEmpty else { return "no answer" }
        return "about \(Int(RobustStatistics.median(times))) ms"
    }

    /// An hour: what takes longer is no time of a probe.
    private static let mostMilliseconds = 3_600_000.0

    /// The time that an answered probe took, where its output tells: `time=3.3ms`, `0.4 seconds`, `time_connect: 0.402`.
    static func milliseconds(_ probe: Connectivity.Probe) -> Double? {
        guard probe.result == .open else { return nil }
        let words = probe.output.lowercased().split { $0.isWhitespace || "=(),".contains($0) }.map(String.init)
        for (index, word) in words.enumerated() {
            let number = word.prefix { $0.isNumber || $0 == "." }
            guard let value = Double(number), value.isFinite, value <= mostMilliseconds else { continue }
            let unit = number.count == word.count ? (index + 1 < words.count ? words[index + 1] : "") : String(word.dropFirst(number.count))
            if unit == "ms" || unit.hasPrefix("millisecond") { return value }
            if unit == "s" || unit == "sec" || unit.hasPrefix("second") { return 1_000 * value }
            if index > 0, ["time_connect:", "time_connect", "connect_time:"].contains(words[index - 1]) { return 1_000 * value }
        }
        return nil
    }
}
