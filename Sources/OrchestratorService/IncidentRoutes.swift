import Foundation
import HTTPTypes
import Hummingbird
import IncidentModel
import Investigation
import Logging
import NIOCore
import Reporting
import ServiceKit

/// Opening incidents and reading what became of them.
struct IncidentRoutes: Sendable {
    private static let path = "/api/v1/incidents"
    private static let mostListed = 200

    let store: any IncidentStore
    let signal: WorkSignal
    let logger: Logger
    private let finished = FinishedIncidents()

    init(store: any IncidentStore, signal: WorkSignal, logger: Logger) {
        self.store = store
        self.signal = signal
        self.logger = logger
    }

    var routes: [Route] {
        [
            .post(Self.path) { request, _ in try await open(request) },
            .get(Self.path) { request, _ in try await list(request) },
            .get(Self.path + "/{id}") { _, context in try await show(Self.id(of: context)) },
            .get(Self.path + "/{id}/journal") { request, context in try await journal(Self.id(of: context), request) },
            .get(Self.path + "/{id}/report.md") { _, context in try await report(Self.id(of: context)) },
        ]
    }

    private func open(_ request: Request) async throws -> Response {
        let report = try IncidentReport(try await request.json())
        // Whole milliseconds, which is what the store and the API keep.
        let now = Date(timeIntervalSince1970: (Date().timeIntervalSince1970 * 1_000).rounded(.down) / 1_000)
        let incident = Incident(
            id: UUID(), description: report.description, namespace: report.namespace, cluster: report.cluster, labels: report.labels,
            createdAt: now)
        try await ask { () async throws(StoreError) in try await store.insert(incident) }
        signal.notify()
        let id = incident.id.uuidString.lowercased()
        logger.info("incident accepted", metadata: ["incident_id": .string(id)])
        return .json("{\"incident_id\":\"\(id)\"}", status: .accepted, headers: [.location: "\(Self.path)/\(id)"])
    }

    private func show(_ id: UUID) async throws -> Response {
        if let body = finished.body(of: id) { return .json(body) }
        let incident = try await known(id)
        let body = ByteBuffer(bytes: try IncidentJSON.encode(incident.forAPI))
        if incident.status.isFinal { finished.keep(body, of: id) }
        return .json(body)
    }

    private func list(_ request: Request) async throws -> Response {
        let limit = try request.integer("limit", default: 20, in: 1...Self.mostListed)
        let incidents = try await ask { () async throws(StoreError) in try await store.incidents(limit: limit) }
        return .json(ByteBuffer(bytes: try IncidentJSON.encode(IncidentList(incidents: incidents.map(\.summary)))))
    }

    private func journal(_ id: UUID, _ request: Request) async throws -> Response {
        let after = try request.integer("after", default: 0, in: 0...Int(Int32.max))
        // In this order, so that a final status means that the entries are complete.
        let incident = try await known(id)
        let entries = try await ask { () async throws(StoreError) in try await store.journal(of: id, after: after) }
        let journal = Journal(incidentID: id.uuidString.lowercased(), status: incident.status, entries: entries)
        return .json(ByteBuffer(bytes: try IncidentJSON.encode(journal)))
    }

    private func report(_ id: UUID) async throws -> Response {
        let incident = try await known(id)
        guard incident.status.isFinal else {
            throw Problem(
                .conflict, "the investigation is \(incident.status.rawValue); its report comes with its end", headers: [.retryAfter: "1"])
        }
        return .text(MarkdownReport.render(incident), type: "text/markdown; charset=utf-8")
    }

    private func known(_ id: UUID) async throws -> Incident {
        guard let incident = try await ask({ () async throws(StoreError) in try await store.incident(id) }) else {
            throw Problem(.notFound, "there is no incident with this id")
        }
        return incident
    }

    /// Turns failures of the store into answers; what callers are not told is logged here.
    private func ask<Value>(_ call: () async throws(StoreError) -> Value) async throws(Problem) -> Value {
        do {
            return try await call()
        } catch {
            logger.error("store failed", metadata: ["error": .string(error.explanation)])
            throw error.problem
        }
    }

    private static func id(of context: ServiceContext) throws(Problem) -> UUID {
        guard let text = context.parameters.get("id"), let id = UUID(uuidString: text) else {
            throw Problem(.badRequest, "the incident id must be a UUID such as 123e4567-e89b-12d3-a456-426614174000")
        }
        return id
    }
}
