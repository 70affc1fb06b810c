public import Foundation

/// One investigation, from the sentence that opened it to its report.
public struct Incident: Codable, Sendable, Hashable, Identifiable {
    public var id: UUID
    public var description: String
    /// Where the reporter says it happens; the description may name another.
    public var namespace: String?
    public var cluster: String?
    public var labels: [String: String]
    public var status: IncidentStatus
    public var createdAt: Date
    public var completedAt: Date?
    public var extractedEntities: ExtractedEntities?
    public var evidence: EvidenceSummary
    /// The first root cause as a sentence; `nil` where none is known.
    public var suggestedRootCause: String?
    public var confidenceScore: ConfidenceLevel?
    public var report: Report?
    /// Why it failed, where `status` is `failed`; who cancelled it, where it is `cancelled`.
    public var error: String?
    /// What a `pending` incident waits for before it goes on: `review`; nil where it waits for a free place only.
    public var awaits: String?
    public var review: Review?
    public var origin: RequestOrigin?

    public init(
        id: UUID, description: String, namespace: String? = nil, cluster: String? = nil, labels: [String: String] = [:], createdAt: Date
    ) {
        self.id = id
        self.description = description
        self.namespace = namespace
        self.cluster = cluster
        self.labels = labels
        self.status = .pending
        self.createdAt = createdAt
        self.evidence = EvidenceSummary()
    }

    enum CodingKeys: String, CodingKey {
        case id, description, namespace, cluster, labels, status
        case createdAt = "created_at"
        case completedAt = "completed_at"
        case extractedEntities = "extracted_entities"
        case evidence
        case suggestedRootCause = "suggested_root_cause"
        case confidenceScore = "confidence_score"
        case report, error, awaits, review, origin
    }
}

public enum IncidentStatus: String, Codable, Sendable, CaseIterable {
    case pending, running, completed, failed, cancelled

    /// Whether nothing more will happen to the incident.
    public var isFinal: Bool { self != .pending && self != .running }
}

/// What the description was understood to say.
public struct ExtractedEntities: Codable, Sendable, Hashable {
    public var podName: String?
    public var namespace: String?
    public var workload: String?
    public var service: String?
    public var node: String?
    public var errorSummary: String?
    /// When it happens, in the description's own words.
    public var time: String?
    /// Every object the words were mapped to, best match first.
    public var resolved: [ObjectReference]

    public init(
        podName: String? = nil, namespace: String? = nil, workload: String? = nil, service: String? = nil, node: String? = nil,
        errorSummary: String? = nil, time: String? = nil, resolved: [ObjectReference] = []
    ) {
        self.podName = podName
        self.namespace = namespace
        self.workload = workload
        self.service = service
        self.node = node
        self.errorSummary = errorSummary
        self.time = time
        self.resolved = resolved
    }

    enum CodingKeys: String, CodingKey {
        case podName = "pod_name"
        case namespace, workload, service, node
        case errorSummary = "error_summary"
        case time, resolved
    }
}

/// The part of the evidence that is kept with the incident.
public struct EvidenceSummary: Codable, Sendable, Hashable {
    /// The pod the incident turned out to be about.
    public var podDetails: PodDetails?
    /// The last lines of that pod's logs, containers prefixed.
    public var podLogs: String?
    /// How many objects of each kind were read.
    public var objectCounts: [String: Int]
    /// The moment the evidence describes.
    public var collectedAt: Date?

    public init(podDetails: PodDetails? = nil, podLogs: String? = nil, objectCounts: [String: Int] = [:], collectedAt: Date? = nil) {
        self.podDetails = podDetails
        self.podLogs = podLogs
        self.objectCounts = objectCounts
        self.collectedAt = collectedAt
    }

    enum CodingKeys: String, CodingKey {
        case podDetails = "pod_details"
        case podLogs = "pod_logs"
        case objectCounts = "object_counts"
        case collectedAt = "collected_at"
    }
}

/// One line of what happened in an investigation, in order.
public struct JournalEntry: Codable, Sendable, Hashable {
    /// 1, 2, …: gapless within an incident.
    public var sequence: Int
    public var time: Date
    /// The step that wrote it, e.g. `collect`.
    public var step: String
    public var message: String

    public init(sequence: Int, time: Date, step: String, message: String) {
        self.sequence = sequence
        self.time = time
        self.step = step
        self.message = message
    }
}
