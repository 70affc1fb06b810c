internal import ClusterModel
internal import FastJSON
internal import FoundationEssentials
internal import IncidentModel

/// TCP probes of Services from nodes, `telemetry/connectivity.json` of a snapshot.
struct Connectivity: Sendable {
    enum Result: Sendable, Hashable {
        case open
        /// Refused or unreachable: somebody answered with no.
        case failed
        /// Nobody answered.
        case timeout
        case unknown

        var isFailure: Bool { self == .failed || self == .timeout }
    }

    struct Probe: Sendable, Hashable {
        /// `nil` where it is not known from which node it was made.
        let node: String?
        let result: Result
        let output: String
    }

    struct Target: Sendable, Hashable {
        let namespace: String
        let service: String
        /// `nil` where the probe names none.
        let port: Int?
        let probes: [Probe]

        var reference: ObjectReference { ObjectReference(kind: "Service", namespace: namespace, name: service) }
        var failures: [Probe] { probes.filter(\.result.isFailure) }
        /// Whether probes were answered at all, and none of them opened.
        var isClosed: Bool { !failures.isEmpty && !probes.contains { $0.result == .open } }
        var isOpen: Bool { failures.isEmpty && probes.contains { $0.result == .open } }
    }

    static let file = "connectivity.json"

    /// Sorted, so that nothing depends on the order of the file.
    let targets: [Target]
    let gaps: [EvidenceGap]
    private let byService: [ObjectReference: [Target]]

    init(_ telemetry: [String: Data]) {
        let reading = TelemetryFile(Self.file, in: telemetry)
        targets = reading.items.compactMap(Self.target).sorted {
            ($0.namespace, $0.service, $0.port ?? 0) < ($1.namespace, $1.service, $1.port ?? 0)
        }
        gaps = reading.gaps(unread: reading.items.count - targets.count)
        byService = Dictionary(grouping: targets, by: \.reference)
    }

    func targets(of service: ObjectReference) -> [Target] { byService[service] ?? [] }

    private static func target(_ json: JSONValue) -> Target? {
        guard let service = json["service"].string, !service.isEmpty else { return nil }
        let probes = json["probes"].array.map {
            Probe(node: $0["node"].string, result: result($0["result"]), output: $0["output"].string ?? "")
        }
        return Target(
            namespace: json["namespace"].string ?? "", service: service,
            port: json["port"].int ?? json["port"].string.flatMap { Phrase.number(in: $0) },
            probes: probes.sorted { ($0.node ?? "", $0.output) < ($1.node ?? "", $1.output) })
    }

    private static func result(_ json: JSONValue) -> Result {
        switch json.string?.lowercased() {
        case "open", "succeeded", "success", "ok": .open
        case "failed", "refused", "closed": .failed
        case "timeout", "timed out": .timeout
        default: .unknown
        }
    }
}

/// A telemetry file that is an array of objects, or what kept it from being read.
struct TelemetryFile {
    let name: String
    private(set) var items: [JSONValue] = []
    private var reason: String?

    init(_ name: String, in telemetry: [String: Data]) {
        self.name = name
        guard let data = telemetry[name] ?? telemetry["telemetry/" + name] else { return }
        guard let json = try? JSONValue(parsing: data) else {
            reason = "not valid JSON"
            return
        }
        if json.kind == .array { items = json.array } else { reason = "not an array of objects" }
    }

    /// - Parameter unread: items that were no such object.
    func gaps(unread: Int) -> [EvidenceGap] {
        var result = reason.map { [EvidenceGap(path: "telemetry/" + name, reason: $0)] } ?? []
        if unread > 0 {
            result.append(EvidenceGap(path: "telemetry/" + name, reason: "\(Phrase.count(unread, "item")) without the fields it needs"))
        }
        return result
    }
}
