import Foundation
import HTTPTypes
import Hummingbird
import IncidentModel
import Investigation
import Logging
import NIOCore
import Reporting
import ServiceKit

/// Opening incidents, following them, and reading what became of them.
struct IncidentRoutes: Sendable {
    private static let path = "/api/v1/incidents"

    let store: any IncidentStore
    let logger: Logger
    private let intake: IncidentIntake
    private let events: IncidentEvents
    private let finished = FinishedIncidents()

    init(
        store: any IncidentStore, intake: IncidentIntake.Limits = .init(), events: IncidentEvents.Limits = .init(), logger: Logger
    ) {
        self.store = store
        self.logger = logger
        self.intake = IncidentIntake(store: store, limits: intake)
        self.events = IncidentEvents(store: store, limits: events)
    }

    var routes: [Route] {
        [
            .post(Self.path) { request, context in try await open(request, context) },
            .get(Self.path) { request, _ in try await list(request) },
            .get(Self.path + "/{id}") { _, context in try await show(Self.id(of: context)) },
            .post(Self.path + "/{id}/cancel") { _, context in try await cancel(Self.id(of: context), context) },
            Route(.patch, Self.path + "/{id}/review") { request, context in try await review(Self.id(of: context), request, context) }
                .needing(.admin),
            .get(Self.path + "/{id}/journal") { request, context in try await journal(Self.id(of: context), request) },
            .get(Self.path + "/{id}/events") { request, context in try await follow(Self.id(of: context), request) },
            .get(Self.path + "/{id}/report.md") { _, context in try await report(Self.id(of: context)) },
        ]
    }

    private func open(_ request: Request, _ context: ServiceContext) async throws -> Response {
        let report = try IncidentReport(try await request.json())
        let key = HTTPField.Name("Idempotency-Key").flatMap { request.headers[$0] }
        let (uuid, isNew) = try await ask { try await intake.take(report, key: key, caller: context.caller?.name ?? "") }
        let id = uuid.uuidString.lowercased()
        logger.info(isNew ? "incident accepted" : "incident known already", metadata: ["incident_id": .string(id)])
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
        let filter = try IncidentFilter(request)
        let page = try await ask { try await store.incidents(filter) }
        for incident in page.incidents where page.unreadable.contains(incident.id) {
            logger.error(
                "incident not readable",
                metadata: ["incident_id": .string(incident.id.uuidString.lowercased()), "error": .string(incident.error ?? "")])
        }
        return .json(ByteBuffer(bytes: try IncidentJSON.encode(IncidentList(page))))
    }

    private func cancel(_ id: UUID, _ context: ServiceContext) async throws -> Response {
        let entry = JournalDraft(
            time: Date(), step: "runner", message: context.caller.map { "cancelled by \($0.name)" } ?? "cancelled by request")
        guard let incident = try await ask({ try await store.cancel(id, journal: entry) }) else { throw Self.unknown }
        guard incident.status == .cancelled else {
            throw Problem(.conflict, "the investigation has \(incident.status.rawValue) already; there is nothing to cancel")
        }
        logger.info("incident cancelled", metadata: ["incident_id": .string(id.uuidString.lowercased())])
        return .json(ByteBuffer(bytes: try IncidentJSON.encode(incident.forAPI)))
    }

    private func review(_ id: UUID, _ request: Request, _ context: ServiceContext) async throws -> Response {
        let review = try Review(try await request.json(), reviewer: context.caller?.name, now: Date())
        let comment = review.comment.map { ": \($0)" } ?? ""
        let entry = JournalDraft(time: review.time, step: "review", message: "\(review.decision.rawValue)\(comment)")
        switch try await ask({ try await store.review(id, review, journal: entry) }) {
        case nil: throw Self.unknown
        case .notAwaited(let incident):
            throw Problem(.conflict, "the incident is \(incident.status.rawValue) and waits for no review")
        case .taken(let incident): return .json(ByteBuffer(bytes: try IncidentJSON.encode(incident.forAPI)))
        }
    }

    private func journal(_ id: UUID, _ request: Request) async throws -> Response {
        let after = try request.integer("after", default: 0, in: 0...Int(Int32.max))
        // In this order, so that a final status means that the entries are complete.
        let incident = try await known(id)
        let entries = try await ask { try await store.journal(of: id, after: after) }
        let journal = Journal(incidentID: id.uuidString.lowercased(), status: incident.status, entries: entries)
        return .json(ByteBuffer(bytes: try IncidentJSON.encode(journal)))
    }

    private func follow(_ id: UUID, _ request: Request) async throws -> Response {
        _ = try await known(id)
        return try await events.response(id, request)
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
        guard let incident = try await ask({ try await store.incident(id) }) else { throw Self.unknown }
        return incident
    }

    /// Turns failures of the store into answers; what callers are not told is logged here.
    private func ask<Value>(_ call: () async throws -> Value) async throws -> Value {
        do {
            return try await call()
        } catch let error as StoreError {
            logger.error("store failed", metadata: ["error": .string(error.explanation)])
            throw error.problem
        }
    }

    private static let unknown = Problem(.notFound, "there is no incident with this id")

    private static func id(of context: ServiceContext) throws(Problem) -> UUID {
        guard let text = context.parameters.get("id"), let id = UUID(uuidString: text) else {
            throw Problem(.badRequest, "the incident id must be a UUID such as 123e4567-e89b-12d3-a456-426614174000")
        }
        return id
    }
}
