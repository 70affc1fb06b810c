import FastJSON
import FoundationEssentials
import IncidentModel

/// The columns of `kubectl get pods`.
enum PodColumns {
    static let columns: [TableColumn] = [
        .text("Ready") {
            let summary = Summary($0); return "\(summary.ready)/\(summary.total)"
        },
        .text("Status") { Summary($0).status },
        .timed("Restarts") { Summary($0).restartText(now: $1) },
        .age,
        .text("IP", wide: true) { $0["status", "podIP"].orNone },
        .text("Node", wide: true) { $0["spec", "nodeName"].orNone },
        .text("Nominated Node", wide: true) { $0["status", "nominatedNodeName"].orNone },
        .text("Readiness Gates", wide: true, readinessGates),
    ]

    @Sendable private static func readinessGates(_ pod: JSONValue) -> String {
        let gates = pod["spec", "readinessGates"].array.compactMap { $0["conditionType"].string }
        guard !gates.isEmpty else { return "<none>" }
        let isTrue = gates.filter { gate in
            pod["status", "conditions"].array.contains { $0["type"].string == gate && $0["status"].string == "True" }
        }
        return "\(isTrue.count)/\(gates.count)"
    }

    /// The one-word status of a pod, decided in the order in which the API server's printer decides it.
    struct Summary {
        private(set) var status: String
        private(set) var ready = 0
        private(set) var total: Int
        private var restarts = 0
        private var sidecarRestarts = 0
        private var lastRestart: Date?

        init(_ pod: JSONValue) {
            let state = pod["status"]
            let initContainers = pod["spec", "initContainers"].array
            let sidecars = Set(initContainers.filter { $0["restartPolicy"].string == "Always" }.compactMap { $0["name"].string })
            total = pod["spec", "containers"].count + sidecars.count
            status = state["reason"].text ?? state["phase"].string ?? ""
            let conditions = state["conditions"].array
            func holds(_ type: String) -> Bool { conditions.contains { $0["type"].string == type && $0["status"].string == "True" } }
            if conditions.contains(where: { $0["type"].string == "PodScheduled" && $0["reason"].string == "SchedulingGated" }) {
                status = "SchedulingGated"
            }
            let isInitializing = readInit(state["initContainerStatuses"].array, count: initContainers.count, sidecars: sidecars)
            if !isInitializing || holds("Initialized") { readContainers(state["containerStatuses"].array, isReady: holds("Ready")) }
            guard !pod["metadata", "deletionTimestamp"].isNothing else { return }
            if state["reason"].string == "NodeLost" {
                status = "Unknown"
            } else if !["Succeeded", "Failed"].contains(state["phase"].string ?? "") {
                status = "Terminating"
            }
        }

        func restartText(now: Date) -> String {
            guard restarts > 0, let lastRestart else { return String(restarts) }
            return "\(restarts) (\(HumanDuration.text(seconds: now.timeIntervalSince(lastRestart))) ago)"
        }

        /// - Returns: whether an init container still stands before the others.
        private mutating func readInit(_ statuses: [JSONValue], count: Int, sidecars: Set<String>) -> Bool {
            for (index, container) in statuses.enumerated() {
                noteRestarts(of: container)
                let isSidecar = sidecars.contains(container["name"].string ?? "")
                if isSidecar { sidecarRestarts += container["restartCount"].int ?? 0 }
                let terminated = container["state", "terminated"]
                if terminated.kind == .object, terminated["exitCode"].int ?? 0 == 0 { continue }
                if isSidecar, container["started"].bool == true {
                    if container["ready"].bool == true { ready += 1 }
                    continue
                }
                if terminated.kind == .object {
                    status = "Init:" + Self.end(terminated)
                } else if let reason = container["state", "waiting", "reason"].text, reason != "PodInitializing" {
                    status = "Init:" + reason
                } else {
                    status = "Init:\(index)/\(count)"
                }
                return true
            }
            return false
        }

        private mutating func readContainers(_ statuses: [JSONValue], isReady: Bool) {
            restarts = sidecarRestarts
            var hasRunning = false
            for container in statuses.reversed() {
                noteRestarts(of: container)
                let terminated = container["state", "terminated"]
                if let reason = container["state", "waiting", "reason"].text {
                    status = reason
                } else if terminated.kind == .object {
                    status = Self.end(terminated)
                } else if container["ready"].bool == true, container["state", "running"].kind == .object {
                    hasRunning = true
                    ready += 1
                }
            }
            if status == "Completed", hasRunning { status = isReady ? "Running" : "NotReady" }
        }

        private mutating func noteRestarts(of container: JSONValue) {
            restarts += container["restartCount"].int ?? 0
            guard let end = container["lastState", "terminated", "finishedAt"].string.flatMap(RFC3339.parse) else { return }
            lastRestart = max(end, lastRestart ?? end)
        }

        private static func end(_ terminated: JSONValue) -> String {
            if let reason = terminated["reason"].text { return reason }
            if let signal = terminated["signal"].int, signal != 0 { return "Signal:\(signal)" }
            return "ExitCode:\(terminated["exitCode"].int ?? 0)"
        }
    }
}

/// The columns of `kubectl get events`.
enum EventColumns {
    static let columns: [TableColumn] = [
        .timed("Last Seen") { lastSeen($0, $1) },
        .text("Type") { $0["type"].string ?? "" },
        .text("Reason") { $0["reason"].string ?? "" },
        .text("Object") { event in
            let kind = (event["involvedObject", "kind"].string ?? "").lowercased()
            return event["involvedObject", "name"].text.map { "\(kind)/\($0)" } ?? kind
        },
        .text("Subobject", wide: true) { $0["involvedObject", "fieldPath"].string ?? "" },
        .text("Source", wide: true) { event in
            let component = event["source", "component"].text ?? event["reportingComponent"].string ?? ""
            return event["source", "host"].text.map { "\(component), \($0)" } ?? component
        },
        .text("Message") { ($0["message"].string ?? "").trimmed },
        .timed("First Seen", wide: true) { firstSeen($0, $1) },
        .number("Count", wide: true) { $0["series", "count"].int ?? max(1, $0["count"].int ?? 1) },
        .text("Name", wide: true) { $0["metadata", "name"].string ?? "" },
    ]

    private static func firstSeen(_ event: JSONValue, _ now: Date) -> String {
        HumanDuration.since(event["firstTimestamp"].isNothing ? event["eventTime"] : event["firstTimestamp"], now: now)
    }

    private static func lastSeen(_ event: JSONValue, _ now: Date) -> String {
        if !event["series", "lastObservedTime"].isNothing { return HumanDuration.since(event["series", "lastObservedTime"], now: now) }
        return event["lastTimestamp"].isNothing ? firstSeen(event, now) : HumanDuration.since(event["lastTimestamp"], now: now)
    }
}

extension JSONValue {
    /// A string that is not empty.
    var text: String? { string.flatMap { $0.isEmpty ? nil : $0 } }
    var orNone: String { text ?? "<none>" }
}

extension String {
    var trimmed: String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace }
        let front = drop(while: isSpace)
        return String(front.reversed().drop(while: isSpace).reversed())
    }
}
