internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Services whose target port is not the one on which the pods listen (N3, N4), as far as declarations, probes, settings and the
/// programs' own words tell.
struct ServicePortRules {
    private let service: Service
    private let workload: Workload
    private let pod: Pod
    private let evidence: PortEvidence

    /// Names of ports that a program may well open without declaring them.
    private static let sideNames = ["metric", "prom", "monitor", "admin", "debug", "health", "pprof", "telemetry", "actuator"]

    /// Ports that are UDP by custom; a container that declares them does it often without the protocol, and traffic flows all the same.
    private static let datagramPorts: Set<Int> = [
        53, 67, 68, 69, 123, 161, 162, 500, 514, 1194, 1812, 1813, 2055, 3478, 4500, 4789, 5060, 5353, 6343, 8125, 51820,
    ]

    static func finding(_ service: Service, _ context: CaseContext) -> Finding? {
        // A headless Service sends nothing anywhere: its clients choose the port.
        guard !service.isHeadless, let rules = ServicePortRules(service, context) else { return nil }
        let found = service.ports.compactMap { rules.finding($0, context) }
        return found.max { ($0.impact, $0.confidence) < ($1.impact, $1.confidence) }
    }

    private init?(_ service: Service, _ context: CaseContext) {
        let pods = context.view.pods(selectedBy: service).filter { $0.isReady && !$0.isTerminating }
        guard let pod = pods.first, let workload = context.topology[context.topology.workload(of: pod)] else { return nil }
        self.service = service
        self.pod = pod
        self.workload = workload
        let cases = context.cases(of: pod, in: workload).filter { $0.container.role == .app || $0.container.isNativeSidecar }
        evidence = PortEvidence(cases, workload: workload)
    }

    private func finding(_ port: Service.Port, _ context: CaseContext) -> Finding? {
        switch port.targetPort {
        case .name(let name): named(name, port, context)
        case .number(let target): transport(target, port) ?? numbered(target, port) ?? swapped(target, port)
        }
    }

    private func make(
        _ port: Service.Port, field: String = "port", found: String, expected: String, _ words: String, _ confidence: Double,
        impact: Finding.Impact, reasons: [String]
    ) -> Finding {
        let declared = evidence.declared.map { "\($0.name.map { "\($0) " } ?? "")\($0.containerPort)/\($0.protocol)" }
        return ServiceRules.make(
            service, .servicePortMismatch, "Service \(service.name) sends port \(port.port) to \(words).", confidence,
            ["field": field, "found": found, "expected": expected, "port": String(port.port), "reference": workload.reference.name],
            [
                .field(service.reference, "spec.ports[\(port.port)].targetPort", port.targetPort.description),
                .field(pod.reference, "spec.containers[].ports", declared.isEmpty ? "none" : Phrase.list(declared, atMost: 8)),
            ], impact: impact, reasons: reasons, fields: ["ports"])
    }

    // MARK: Names

    // The endpoints controller looks for the name together with the protocol.
    private func named(_ name: String, _ port: Service.Port, _ context: CaseContext) -> Finding? {
        let fitting = evidence.declared.filter { $0.name == name }
        guard !fitting.contains(where: { $0.protocol == port.protocol }) else { return nil }
        // Endpoints with a number for this port show that the name was found, whatever the recorded pods declare.
        guard context.view.endpointPort(of: port.port, behind: service) == nil else { return nil }
        if let other = fitting.first {
            return make(
                port, field: "protocol", found: port.protocol, expected: other.protocol,
                "named port \(name) over \(port.protocol), which the pods of \(workload.reference) declare for \(other.protocol) only", 0.9,
                impact: .outage, reasons: ["name and protocol must both fit"])
        }
        let names = evidence.declared.compactMap(\.name)
        let hint = names.isEmpty ? "" : "; they declare \(Phrase.list(names))"
        let likely =
            evidence.declared.first { $0.containerPort == port.port && $0.name != nil }?.name
            ?? names.first { ServiceName.isTypo($0, name) || ServiceName.areRelated($0, name) } ?? names.first
            ?? evidence.declared.first.map { String($0.containerPort) }
        return make(
            port, found: name, expected: likely ?? "",
            "named port \(name), which the pods of \(workload.reference) do not declare\(hint)", 0.92, impact: .outage,
            reasons: ["the name is declared by no container"])
    }

    // MARK: Numbers

    private func transport(_ target: Int, _ port: Service.Port) -> Finding? {
        let others = evidence.declared.filter { $0.containerPort == target }
        guard let other = others.first, !others.contains(where: { $0.protocol == port.protocol }),
            !service.ports.contains(where: { $0.targetPort == port.targetPort && $0.protocol == other.protocol })
        else { return nil }
        return make(
            port, field: "protocol", found: port.protocol, expected: other.protocol,
            "\(target) over \(port.protocol), and the pods of \(workload.reference) declare that port for \(other.protocol) only",
            Self.datagramPorts.contains(target) ? 0.4 : 0.75, impact: Self.datagramPorts.contains(target) ? .latent : .outage,
            reasons: ["the Service has no port for the declared protocol"])
    }

    private func numbered(_ target: Int, _ port: Service.Port) -> Finding? {
        let numbers = evidence.numbers(port.protocol)
        guard !evidence.known.contains(target) else { return nil }
        if numbers.contains(target) { return contradicted(target, port) }
        // What logs and probes tell is about TCP; and a port declared for another protocol is a matter of the protocol.
        guard port.protocol == "TCP", !evidence.declared.contains(where: { $0.containerPort == target }) else { return nil }
        guard let actual = actual(port, numbers) else { return nil }
        let weight = weight(port, numbers, actual)
        return make(
            port, found: String(target), expected: String(actual), "targetPort \(target), but \(workload.reference) listens on \(actual)",
            weight, impact: weight < 0.55 ? .latent : service.ports.count == 1 ? .outage : .degraded, reasons: [source(actual)])
    }

    /// The port that was meant.
    private func actual(_ port: Service.Port, _ numbers: Set<Int>) -> Int? {
        if numbers.union(evidence.known).contains(port.port) { return port.port }
        if let name = port.name, let same = evidence.declared.first(where: { $0.name == name && $0.protocol == port.protocol }) {
            return same.containerPort
        }
        // Another port of the Service may lead to one of them already.
        let taken = Set(service.ports.compactMap { item -> Int? in if case .number(let number) = item.targetPort { number } else { nil } })
        let free = { (set: Set<Int>) in set.subtracting(taken).sorted().first }
        return free(evidence.listening) ?? free(evidence.configured) ?? free(evidence.probed) ?? free(numbers)
    }

    private func source(_ actual: Int) -> String {
        if evidence.listening.contains(actual) { return "the program says that it listens on \(actual)" }
        if evidence.probed.contains(actual) { return "the probe that succeeds asks port \(actual)" }
        if evidence.configured.contains(actual) { return "the program is told to listen on \(actual)" }
        return "the containers declare other ports only"
    }

    // Programs have silent extra ports, for metrics and the like: one port among several proves little.
    private func weight(_ port: Service.Port, _ numbers: Set<Int>, _ actual: Int) -> Double {
        let isSide = Self.sideNames.contains { (port.name ?? "").contains($0) || service.name.contains($0) }
        // The port that the Service offers is the one that is declared: only the target was changed.
        let isMeant = actual == port.port || evidence.declared.contains { $0.name != nil && $0.name == port.name }
        if isSide || (service.ports.count > 1 && !isMeant) { return 0.4 }
        let isSaid = evidence.listening.contains(actual)
        if evidence.isPartial && !isSaid && !isMeant { return 0.45 }
        // Health is often answered on a port of its own.
        if !isMeant, !isSaid, !evidence.configured.contains(actual), !numbers.contains(actual) { return 0.4 }
        let base = isMeant ? 0.8 : numbers.count <= 1 ? 0.72 : 0.6
        return base + (isSaid || evidence.probed.contains(actual) ? 0.06 : 0)
    }

    // Declared, and the program says that it listens on another port only.
    private func contradicted(_ target: Int, _ port: Service.Port) -> Finding? {
        guard evidence.listening.count == 1, let actual = evidence.listening.first, evidence.declared.count == 1,
            service.ports.count == 1
        else { return nil }
        return make(
            port, found: String(target), expected: String(actual),
            "targetPort \(target), which is declared, but \(workload.reference) says that it listens on \(actual)", 0.55, impact: .latent,
            reasons: ["a declared port is information only"])
    }

    // The Service's port has the name of one declared port and leads to another.
    private func swapped(_ target: Int, _ port: Service.Port) -> Finding? {
        guard let name = port.name, let own = evidence.declared.first(where: { $0.name == name && $0.protocol == port.protocol }),
            own.containerPort != target,
            let other = evidence.declared.first(where: { $0.containerPort == target && $0.protocol == port.protocol }),
            let otherName = other.name, ServiceName.stem(service.name) == ServiceName.stem(workload.reference.name),
            service.ports.contains(where: { $0.name == otherName && $0.targetPort != .number(target) }) || service.ports.count == 1
        else { return nil }
        return make(
            port, found: String(target), expected: String(own.containerPort),
            "targetPort \(target), the \(otherName) port of \(workload.reference); its \(name) port is \(own.containerPort)", 0.68,
            impact: service.ports.count == 1 ? .outage : .degraded, reasons: ["the container declares port \(name) with another number"])
    }
}
