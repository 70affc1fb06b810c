internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Probes that knock where nobody listens.
extension ProbeVerdict {
    /// `host` of a probe replaces the pod's address; the kubelet then asks from the node, where `localhost` is the node itself.
    var foreignHost: Finding? {
        let host: String? =
            switch probe.action {
            case .http(_, let host, _, _), .tcp(let host, _): host
            default: nil
            }
        guard let host, !host.isEmpty, host != container.pod.podIP else { return nil }
        switch failure {
        case .refused, .timeout, .other:
            return misconfigured(
                "host", "asks host \(host) in place of the pod", found: host, expected: container.pod.podIP, confidence: 0.9,
                reasons: ["the kubelet connects from the node, where \(host) is not the pod"])
        default: return nil
        }
    }

    func refused(_ port: Int?) -> Finding? {
        guard let port else { return startsLate(nil) }
        if case .grpc = probe.action, let spoken = spokenElsewhere(on: port) {
            return misconfigured(
                "protocol", "asks gRPC on port \(port), where the program speaks \(spoken)", found: "gRPC", expected: spoken,
                confidence: 0.86, reasons: ["another probe succeeds on the same port; the kubelet says the same of a refusal"])
        }
        let listening = container.listeningPorts
        if listening.contains(port) { return startsLate(port) }
        let change = changedFrom(port)
        let changed = change.map { ["the previous revision asked port \($0)"] } ?? []
        if !listening.isEmpty {
            let said = listening.sorted().map { String($0) }
            let best = change.flatMap { listening.contains($0) ? String($0) : nil } ?? declaredAmong(listening) ?? said.first
            return misconfigured(
                "port", "asks port \(port), where nothing listens", found: String(port), expected: best, confidence: 0.95,
                reasons: ["the program says that it listens on \(Phrase.list(said))"] + changed)
        }
        if let told = container.configuredPorts.first, told != port, !container.configuredPorts.contains(port) {
            return misconfigured(
                "port", "asks port \(port), while the program is told to listen on \(told)", found: String(port), expected: String(told),
                confidence: 0.82, reasons: ["its environment or arguments name port \(told)"] + changed)
        }
        if let other = portOfQuietProbe, other != port {
            return misconfigured(
                "port", "asks port \(port), where nothing listens", found: String(port), expected: String(other), confidence: 0.88,
                reasons: ["another probe of the same container succeeds on port \(other)"] + changed)
        }
        if !container.declaredPorts.isEmpty && !container.declaredPorts.contains(port) {
            return misconfigured(
                "port", "asks port \(port), which the container does not declare", found: String(port),
                expected: change.map { String($0) } ?? declared, confidence: change == nil ? 0.82 : 0.9, reasons: changed)
        }
        if let change {
            return misconfigured(
                "port", "asks port \(port), where nothing listens", found: String(port), expected: String(change), confidence: 0.88,
                reasons: changed)
        }
        return startsLate(port)
    }

    /// What another probe speaks that asks the same port and has not been complained of.
    private func spokenElsewhere(on port: Int) -> String? {
        let probes: [(ProbeRules.Kind, Probe?)] = [
            (.startup, container.container.startupProbe), (.readiness, container.container.readinessProbe),
            (.liveness, container.container.livenessProbe),
        ]
        for case (let other, let probe?) in probes where other != kind && container.number(of: probe.port) == port {
            let isQuiet = !container.events("Unhealthy").contains { $0.message.hasPrefix(other.rawValue.capitalizedFirst) }
            guard isQuiet, container.status?.isRunning == true else { continue }
            switch probe.action {
            case .http(let scheme, _, _, _): return scheme
            case .tcp: return "TCP"
            default: continue
            }
        }
        return nil
    }

    private func declaredAmong(_ listening: Set<Int>) -> String? {
        listening.intersection(container.declaredPorts).min().map { String($0) }
    }

    private func changedFrom(_ port: Int) -> Int? {
        guard let earlier = earlierProbe, let number = container.number(of: earlier.port), number != port else { return nil }
        return number
    }

    /// The port of another probe of this container that has been asking without any complaint.
    private var portOfQuietProbe: Int? {
        let probes: [(ProbeRules.Kind, Probe?)] = [
            (.readiness, container.container.readinessProbe), (.liveness, container.container.livenessProbe),
        ]
        let age = container.context.age(container.status?.runningSince) ?? 0
        return probes.lazy.compactMap { other, probe -> Int? in
            guard other != kind, let probe, age > Double(probe.budgetSeconds),
                !container.events("Unhealthy").contains(where: { $0.message.hasPrefix(other.rawValue.capitalizedFirst) }),
                // A readiness probe that never complains may just never have been asked.
                other == .liveness || container.status?.isReady == true
            else { return nil }
            return container.number(of: probe.port)
        }.first
    }
}

extension ContainerCase {
    /// Names of variables by which programs are commonly told where to listen.
    private static let portVariables: Set<String> = [
        "PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT", "LISTEN_ADDR", "LISTEN_ADDRESS", "BIND_ADDR", "BIND_ADDRESS", "BIND",
        "ADDR", "HTTP_ADDR", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS", "UVICORN_PORT", "GRPC_PORT", "WEB_PORT",
    ]
    private static let portOptions = [
        "--port", "-p", "--listen", "--listen-address", "--addr", "--bind", "-b", "--http-port", "--server.port",
    ]

    /// Ports that literal variables or arguments tell the program to listen on; a wish, and no proof that it does.
    var configuredPorts: [Int] {
        var result: [Int] = []
        for variable in container.env where Self.portVariables.contains(variable.name) {
            if case .value(let value) = variable.source, let port = Self.lastPort(value) { result.append(port) }
        }
        let words = (container.command + container.args).flatMap { $0.split(separator: " ").map(String.init) }
        for (index, word) in words.enumerated() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            guard let option = parts.first, Self.portOptions.contains(option.lowercased()) else { continue }
            let value = parts.count == 2 ? parts[1] : index + 1 < words.count ? words[index + 1] : ""
            if let port = Self.lastPort(value) { result.append(port) }
        }
        return result
    }

    /// `8080`, `:8080`, `0.0.0.0:8080`, `http://+:8080`.
    private static func lastPort(_ value: String) -> Int? {
        let last = value.split { !($0.isASCII && $0.isNumber) && $0 != "." }.last.map(String.init) ?? ""
        guard let port = Int(last), (1...65_535).contains(port) else { return nil }
        return port
    }
}
