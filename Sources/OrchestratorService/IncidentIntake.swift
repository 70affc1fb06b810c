import Foundation
import HTTPTypes
import Hummingbird
import IncidentModel
import Investigation
import ServiceKit
import Synchronization

/// Takes incidents in: each once, however often it is sent, and only as many as can be worked off.
final class IncidentIntake: Sendable {
    /// Bounds of what is taken in.
    struct Limits: Sendable {
        /// Incidents that may wait for a free place.
        var queued = 20_000
        /// An equal report within so many seconds is the same incident; nil where each is one of its own.
        var foldingSeconds: Double?
    }

    /// Bytes of an `Idempotency-Key`.
    private static let longestKey = 255
    /// Seconds between looks at the length of the queue; incidents taken in here are counted meanwhile.
    private static let lookSeconds = 1.0

    private struct State {
        var queued = 0
        var looked: ContinuousClock.Instant?
        /// Keys of requests that are being answered at this moment.
        var open: Set<String> = []
    }

    private let store: any IncidentStore
    private let limits: Limits
    private let state = Mutex(State())

    init(store: any IncidentStore, limits: Limits) {
        self.store = store
        self.limits = limits
    }

    /// - Parameters:
    ///   - key: the caller's `Idempotency-Key`.
    ///   - caller: name of the caller; each has keys of its own.
    /// - Returns: the incident, and whether it is new.
    /// - Throws: `Problem` with 400 for a bad key, 409 for a key that is in flight, 422 for one that belongs to another report, 503
    ///   where too many incidents wait; `StoreError`.
    func take(_ report: IncidentReport, key: String?, caller: String) async throws -> (id: UUID, isNew: Bool) {
        let mark = try key.map { try Self.mark($0, caller) }
        if let mark, !state.withLock({ $0.open.insert(mark).inserted }) {
            throw Problem(.conflict, "a request with this Idempotency-Key is being answered", headers: [.retryAfter: "1"])
        }
        defer { if let mark { state.withLock { state in _ = state.open.remove(mark) } } }
        let hasRoom = try await hasRoom()
        // Whole milliseconds, which is what the store and the API keep.
        let now = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1_000).rounded(.down) / 1_000)
        var incident = Incident(
            id: UUID(), description: report.description, namespace: report.namespace, cluster: report.cluster, labels: report.labels,
            createdAt: now)
        incident.origin = RequestOrigin(correlationID: CorrelationID.current?.text, traceparent: TraceContext.current)
        let terms = OpeningTerms(
            idempotencyKey: mark, request: try report.canonical, foldingSeconds: limits.foldingSeconds,
            admitsNew: hasRoom)
        switch try await store.open(incident, under: terms) {
        case .opened:
            state.withLock { $0.queued += 1 }
            return (incident.id, true)
        case .existing(let id): return (id, false)
        case .keyReused:
            throw Problem(.unprocessableContent, "this Idempotency-Key belongs to another report; send a new key with a new report")
        case .refused:
            throw Problem(.serviceUnavailable, "too many incidents wait to be investigated; try again later", headers: [.retryAfter: "10"])
        }
    }

    private func hasRoom() async throws -> Bool {
        let now = ContinuousClock.now
        let isDue = state.withLock { state in
            if let looked = state.looked, looked.duration(to: now) < .seconds(Self.lookSeconds) { return false }
            state.looked = now
            return true
        }
        if isDue {
            let queued = try await store.queueLength()
            state.withLock { $0.queued = queued }
        }
        return state.withLock { $0.queued } < limits.queued
    }

    private static func mark(_ key: String, _ caller: String) throws(Problem) -> String {
        guard (1...longestKey).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Problem(.badRequest, "`Idempotency-Key` must have 1 to \(longestKey) visible ASCII characters")
        }
        return "\(caller)/\(key)"
    }
}

extension IncidentReport {
    /// Equal for equal reports, whatever the order and the white space of the JSON.
    var canonical: Data {
        get throws {
            try IncidentJSON.encode(
                Canonical(description: description, namespace: namespace, cluster: cluster, labels: labels))
        }
    }

    private struct Canonical: Encodable {
        let description: String
        let namespace: String?
        let cluster: String?
        let labels: [String: String]
    }
}
