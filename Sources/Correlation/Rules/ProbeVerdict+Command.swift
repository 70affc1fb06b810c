internal import ClusterModel
internal import IncidentModel

/// Probes that speak a protocol the program does not, or run a command that does not work.
extension ProbeVerdict {
    func command(_ message: String, confidence: Double) -> Finding {
        var expected: String?
        if let earlier = earlierProbe, case .exec(let command) = earlier.action { expected = command.joined(separator: " ") }
        if expected == commandText { expected = nil }
        return misconfigured(
            "command", "runs a command that fails: \(Citation.cut(message))", found: commandText, expected: expected,
            confidence: confidence, reasons: expected.map { ["the previous revision ran \($0)"] } ?? [])
    }

    private var commandText: String { if case .exec(let command) = probe.action { command.joined(separator: " ") } else { "" } }

    /// What the probe speaks.
    private var spoken: String {
        switch probe.action {
        case .http(let scheme, _, _, _): scheme
        case .tcp: "TCP"
        case .grpc: "gRPC"
        case .exec: "exec"
        case .unknown: ""
        }
    }

    func protocolMismatch(_ message: String) -> Finding {
        misconfigured(
            "protocol", "speaks \(spoken), and the program answers something else: \(Citation.cut(message))", found: spoken,
            expected: expectedProtocol(message), confidence: 0.9)
    }

    private func expectedProtocol(_ message: String) -> String? {
        if let earlier = earlierProbe, case .http(let scheme, _, _, _) = earlier.action, scheme != spoken { return scheme }
        if message.contains("HTTP response to HTTPS client") || message.contains("first record does not look like a TLS handshake") {
            return "HTTP"
        }
        // A TLS alert, which starts with byte 0x15, where HTTP was expected.
        if message.contains("malformed HTTP response \"\\x15\\x03") { return "HTTPS" }
        if case .http = probe.action, message.contains("malformed HTTP") { return "TCP" }
        return nil
    }

    /// 400 is what a TLS server says to plain HTTP (Go, nginx, Tomcat), and what a program says that does not like the Host header.
    func badRequest(_ code: Int) -> Finding {
        guard spoken == "HTTP" else {
            return misconfigured("path", "gets HTTP \(code) from \(path ?? "")", found: path, expected: nil, confidence: 0.6)
        }
        if logSays(["HTTP request to an HTTPS server", "plain HTTP request was sent to HTTPS port", "not an SSL/TLS record"]) {
            return misconfigured(
                "protocol", "asks a TLS port in plain HTTP (HTTP \(code))", found: "HTTP", expected: "HTTPS", confidence: 0.93,
                reasons: ["the program's log says so"])
        }
        if logSays(["Invalid HTTP_HOST header", "DisallowedHost", "Invalid host header", "Blocked host"]) {
            return misconfigured(
                "host", "is turned away for its Host header (HTTP \(code))", found: container.pod.podIP, expected: nil, confidence: 0.88,
                reasons: ["the program's log says so"])
        }
        let name: String? =
            if case .name(let name)? = probe.port { name } else { container.container.ports.first { $0.containerPort == port }?.name }
        let isTLS = [443, 8443, 6443, 9443].contains(port ?? 0) || name?.hasPrefix("https") == true || name?.hasPrefix("tls") == true
        return misconfigured(
            "protocol", "gets HTTP \(code)", found: "HTTP", expected: "HTTPS", confidence: code == 400 && !isTLS ? 0.65 : 0.88,
            reasons: isTLS ? ["port \(port.map { String($0) } ?? "") is one for TLS"] : [])
    }

    private func logSays(_ words: [String]) -> Bool {
        let readings = [container.currentLog, container.crashLog].compactMap { $0 }
        return readings.contains { reading in
            (reading.lastLines.map(\.text) + reading.findings.map(\.line.text)).contains { Phrase.containsAny($0, words) }
        }
    }
}
