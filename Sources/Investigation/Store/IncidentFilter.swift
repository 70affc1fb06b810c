public import Foundation
public import IncidentModel

/// Which incidents to list.
public struct IncidentFilter: Sendable, Hashable {
    /// Any of these; empty means all.
    public var statuses: Set<IncidentStatus>
    /// The namespace that was given or found.
    public var namespace: String?
    /// Code of the first root cause.
    public var cause: CauseCode?
    /// Created at this time or later.
    public var from: Date?
    /// Created before this time.
    public var until: Date?
    /// Only incidents stored before the one with this sequence number, which a page gives as `next`.
    public var before: Int?
    /// Only incidents stored after the one with this sequence number, the oldest first; 0 begins at the beginning.
    public var after: Int?
    public var limit: Int

    public init(
        statuses: Set<IncidentStatus> = [], namespace: String? = nil, cause: CauseCode? = nil, from: Date? = nil, until: Date? = nil,
        before: Int? = nil, after: Int? = nil, limit: Int = 20
    ) {
        self.statuses = statuses
        self.namespace = namespace
        self.cause = cause
        self.from = from
        self.until = until
        self.before = before
        self.after = after
        self.limit = limit
    }
}

public struct IncidentPage: Sendable, Hashable {
    public var incidents: [Incident]
    /// `before` of the next page, or `after` where the oldest come first; nil where there is none.
    public var next: Int?
    /// Those of the incidents that cannot be read: what is known of them is their id, status and age, and in `error` what is wrong.
    public var unreadable: Set<UUID>

    public init(incidents: [Incident], next: Int? = nil, unreadable: Set<UUID> = []) {
        self.incidents = incidents
        self.next = next
        self.unreadable = unreadable
    }
}

/// How much is queued and kept.
public struct StoreStatistics: Sendable, Hashable {
    /// Pending incidents that wait for a free place.
    public var queued: Int
    public var running: Int
    /// Pending incidents that wait for a person.
    public var awaiting: Int
    public var finished: Int
    /// Seconds that the incident at the head of the queue has waited; 0 where the queue is empty.
    public var oldestQueuedSeconds: Double
    /// Bytes of incidents, checkpoints and journals.
    public var bytes: Int

    public init(queued: Int = 0, running: Int = 0, awaiting: Int = 0, finished: Int = 0, oldestQueuedSeconds: Double = 0, bytes: Int = 0) {
        self.queued = queued
        self.running = running
        self.awaiting = awaiting
        self.finished = finished
        self.oldestQueuedSeconds = oldestQueuedSeconds
        self.bytes = bytes
    }
}

/// Which finished incidents are kept; nil for no bound. Counted from the newest, all incidents count, and only finished ones are deleted.
public struct Retention: Sendable, Hashable {
    /// Seconds since they were created.
    public var seconds: Double?
    /// Incidents in all.
    public var count: Int?
    /// Bytes of incidents, checkpoints and journals.
    public var bytes: Int?

    public init(seconds: Double? = nil, count: Int? = nil, bytes: Int? = nil) {
        self.seconds = seconds
        self.count = count
        self.bytes = bytes
    }

    public var isUnbounded: Bool { seconds == nil && count == nil && bytes == nil }
}
