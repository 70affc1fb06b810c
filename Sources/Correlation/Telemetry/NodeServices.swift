internal import ClusterModel
internal import FastJSON
internal import FoundationEssentials
internal import IncidentModel

/// States of the services of hosts, `telemetry/node_services.json` of a snapshot: what `systemctl status` says about each.
struct NodeServices: Sendable {
    enum State: Sendable, Hashable {
        case running
        /// Stopped in good order.
        case stopped
        /// Ended with an error, or is started over and over.
        case failed
        /// The host has no such service.
        case absent
        case unknown
    }

    struct Unit: Sendable, Hashable {
        let node: String
        /// In lower case, without `.service`.
        let service: String
        let state: State
        /// As the host says it: `inactive (dead)`.
        let words: String
        let since: Date?
        let journal: [String]

        var isDown: Bool { state == .stopped || state == .failed }
        /// The last line that tells of trouble, else the last one.
        var tellingLine: String? {
            journal.last { line in
                Phrase.containsAny(line.lowercased(), ["error", "fail", "fatal", "panic", "expired", "refused", "no such file", "cannot"])
            } ?? journal.last
        }
    }

    static let file = "node_services.json"

    /// Sorted by node and service.
    let units: [Unit]
    let gaps: [EvidenceGap]

    init(_ telemetry: [String: Data]) {
        let reading = TelemetryFile(Self.file, in: telemetry)
        units = reading.items.compactMap(Self.unit).sorted { ($0.node, $0.service, $0.words) < ($1.node, $1.service, $1.words) }
        gaps = reading.gaps(unread: reading.items.count - units.count)
    }

    var nodes: [String] { Set(units.map(\.node)).sorted() }

    func units(on node: String, named services: Set<String>) -> [Unit] {
        units.filter { $0.node == node && services.contains($0.service) }
    }

    func units(named service: String) -> [Unit] { units.filter { $0.service == service } }

    private static func unit(_ json: JSONValue) -> Unit? {
        guard let node = json["node"].string, !node.isEmpty, let name = json["service"].string, !name.isEmpty else { return nil }
        // `active` may be the word of systemd, alone or with the sub-state behind it, or a plain yes or no.
        let text = json["active"].string ?? json["active"].bool.map { $0 ? "active" : "inactive" } ?? ""
        let active = text.lowercased().prefix { $0.isLetter || $0 == "-" }
        let sub = json["sub"].string?.lowercased() ?? Phrase.between(text, "(", ")")?.lowercased() ?? ""
        let loaded = json["loaded"].string?.lowercased() ?? json["loaded"].bool.map { $0 ? "loaded" : "not-found" } ?? ""
        let lines = json["journal"].kind == .array ? json["journal"].strings : [json["journal"].string].compactMap { $0 }
        return Unit(
            node: node, service: service(name), state: state(String(active), sub, loaded),
            words: sub.isEmpty ? String(active) : "\(active) (\(sub))", since: json["since"].string.flatMap(RFC3339.parse),
            journal: lines.filter { !$0.isEmpty })
    }

    private static func service(_ name: String) -> String {
        let short = name.lowercased().hasSuffix(".service") ? String(name.lowercased().dropLast(8)) : name.lowercased()
        switch short {
        case "cri-o": return "crio"
        case "dockerd": return "docker"
        default: return short
        }
    }

    /// systemd.unit(5) and the output of `systemctl show`: load, active and sub state.
    private static func state(_ active: String, _ sub: String, _ loaded: String) -> State {
        if loaded.hasPrefix("not-found") || loaded.hasPrefix("not found") || sub == "not-found" { return .absent }
        switch active {
        case "active", "running", "reloading", "up": return sub == "dead" || sub == "failed" ? .failed : .running
        case "failed": return .failed
        case "activating": return sub == "auto-restart" ? .failed : .unknown
        case "inactive", "dead", "stopped", "deactivating", "down": return sub == "failed" ? .failed : .stopped
        default: return .unknown
        }
    }
}
