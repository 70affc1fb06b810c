internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel
internal import KnowledgeGraph

/// Everything rules may look at: the view, the topology made from it, the health of workloads, and what the logs say.
struct CaseContext: Sendable {
    let view: ClusterView
    let graph: KnowledgeGraph
    let question: Question
    let topology: Topology
    let logs: LogIndex
    let connectivity: Connectivity
    let hostServices: NodeServices
    let displacedPods: DisplacedPods
    let telemetry: ApplicationTelemetry
    let rooms: NodeRooms

    init(view: ClusterView, graph: KnowledgeGraph, question: Question) {
        self.view = view
        self.graph = graph
        self.question = question
        let logs = LogIndex(view)
        self.logs = logs
        rooms = NodeRooms(view)
        topology = Topology(view, graph: graph)
        connectivity = Connectivity(view.telemetry)
        hostServices = NodeServices(view.telemetry)
        displacedPods = DisplacedPods(view)
        telemetry = ApplicationTelemetry(view, topology: topology, namespaces: question.namespaces)
    }

    var now: Date { view.now }

    /// Seconds since a moment, `nil` for an unknown one.
    func age(_ time: Date?) -> Double? { time.map { now.timeIntervalSince($0) } }
}

/// What each container's logs say, read once.
struct LogIndex: Sendable {
    private let readings: [String: LogReading]

    init(_ view: ClusterView) {
        var readings: [String: LogReading] = [:]
        for pod in view.pods.items {
            for log in view.logs(of: pod) { readings[Self.key(pod, log.container, log.isPrevious)] = LogReading(log.text, now: view.now) }
        }
        self.readings = readings
    }

    func current(_ pod: Pod, _ container: String) -> LogReading? { readings[Self.key(pod, container, false)] }
    func previous(_ pod: Pod, _ container: String) -> LogReading? { readings[Self.key(pod, container, true)] }

    private static func key(_ pod: Pod, _ container: String, _ isPrevious: Bool) -> String {
        "\(pod.namespace)/\(pod.name)/\(container)/\(isPrevious)"
    }
}

extension Citation {
    /// Longest text of a citation: a line or two of a terminal.
    private static let longestText = 480
    private static let headOfText = 200

    static func field(_ object: ObjectReference, _ field: String, _ text: String, time: Date? = nil) -> Citation {
        Citation(source: .object, object: object, field: field, time: time, text: cut(text))
    }

    static func event(_ event: Event) -> Citation {
        Citation(
            source: .event, object: event.regarding, field: event.reason, container: event.container, time: event.lastTime,
            text: cut(event.message))
    }

    static func log(_ pod: Pod, _ container: String, _ line: LogLine) -> Citation {
        Citation(source: .log, object: pod.reference, container: container, time: line.time, text: cut(line.text))
    }

    /// A complete list in which something is missing.
    static func absence(_ object: ObjectReference, _ text: String) -> Citation {
        Citation(source: .absence, object: object, text: cut(text))
    }

    /// A readable length of a text from the cluster, without the credentials in it.
    static func cut(_ text: String) -> String {
        // Errors that pass through several programs name what failed first and why last.
        CredentialMask.cut(CredentialMask.inText(text), to: longestText, tail: longestText - headOfText)
    }
}
