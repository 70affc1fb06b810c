internal import ClusterModel
internal import IncidentModel

/// What is known of the ports on which a pod's programs listen. A declared containerPort is information only: a program may listen
/// elsewhere, and on more.
struct PortEvidence {
    /// Of all app containers and sidecars.
    let declared: [Container.Port]
    /// By the programs' own words.
    let listening: Set<Int>
    /// Asked by probes of a pod that is Ready, so something answers there.
    let probed: Set<Int>
    /// Given to the program as the port to listen on.
    let configured: Set<Int>
    /// Whether some program declares no port, so that nobody knows all of them.
    let isPartial: Bool

    init(_ cases: [ContainerCase], workload: Workload) {
        declared = cases.flatMap(\.container.ports)
        listening = Set(cases.flatMap(\.listeningPorts))
        probed = Set(
            cases.flatMap { item in
                [item.container.readinessProbe, item.container.livenessProbe].compactMap { item.number(of: $0?.port) }
            })
        configured = Set(cases.flatMap { Self.configured($0.container, workload: workload) })
        isPartial = cases.count > 1 && cases.contains { $0.container.ports.isEmpty }
    }

    /// Ports that something is known to answer on.
    var known: Set<Int> { listening.union(probed).union(configured) }

    func numbers(_ transport: String) -> Set<Int> { Set(declared.filter { $0.protocol == transport }.map(\.containerPort)) }

    // MARK: Settings

    /// Names of variables that by custom hold the port or address to listen on.
    private static let variables: Set = [
        "PORT", "HTTP_PORT", "SERVER_PORT", "APP_PORT", "LISTEN_PORT", "GRPC_PORT", "SERVICE_PORT", "WEB_PORT", "API_PORT", "BIND_PORT",
        "LISTEN_ADDR", "LISTEN_ADDRESS", "BIND_ADDR", "BIND_ADDRESS", "HTTP_ADDR", "ADDR", "ASPNETCORE_URLS", "ASPNETCORE_HTTP_PORTS",
        "UVICORN_PORT", "FLASK_RUN_PORT", "GUNICORN_BIND", "QUARKUS_HTTP_PORT", "MICRONAUT_SERVER_PORT",
    ]
    private static let flags = [
        "--port", "--http-port", "--server.port", "--listen", "--listen-address", "--bind", "--bind-address", "--addr", "--address", "-p",
        "--web.listen-address", "--http.port", "--grpc-port",
    ]

    private static func configured(_ container: Container, workload: Workload) -> [Int] {
        let own = workload.reference.name.uppercased().replacing("-", with: "_") + "_PORT"
        var result = container.env.compactMap { variable -> Int? in
            guard variables.contains(variable.name) || variable.name == own, case .value(let value) = variable.source else { return nil }
            return port(in: value)
        }
        let words = (container.command + container.args).flatMap { $0.split(separator: " ") }.map(String.init)
        for (index, word) in words.enumerated() {
            for flag in flags {
                if word == flag, index + 1 < words.count, let number = port(in: words[index + 1]) { result.append(number) }
                if word.hasPrefix(flag + "="), let number = port(in: String(word.dropFirst(flag.count + 1))) { result.append(number) }
            }
        }
        return result
    }

    // `8080`, `:8080`, `0.0.0.0:8080`, `http://+:8080`.
    private static func port(in value: String) -> Int? {
        let last = value.split(separator: ":").last.map(String.init) ?? value
        return Int(last.prefix { $0 != "/" && $0 != ";" }).flatMap { (1...65_535).contains($0) ? $0 : nil }
    }
}
