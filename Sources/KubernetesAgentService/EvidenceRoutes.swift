import AgentAPI
import ClusterModel
import EvidenceCollection
import Foundation
import HTTPTypes
import Hummingbird
import Investigation
import Logging
import NIOCore
import ServiceKit

/// The two calls that investigations make: what exists, and all evidence of a scope.
struct EvidenceRoutes: Sendable {
    private static let pieceBytes = 64 << 10

    let collector: EvidenceCollector
    let admission: CollectionAdmission
    let logger: Logger

    var routes: [Route] {
        [
            .get("/api/v1/inventory") { request, _ in try await inventory(request) },
            .post("/api/v1/evidence") { request, _ in try await evidence(request) },
        ]
    }

    private func inventory(_ request: Request) async throws -> Response {
        let inventory = try await collecting { () async throws(AgentError) in try await collector(for: request).inventory() }
        return .json(String(decoding: try JSONEncoder().encode(inventory), as: UTF8.self))
    }

    private func evidence(_ request: Request) async throws -> Response {
        let body = try await request.json()
        let scope: EvidenceScope
        do { scope = try EvidenceScope(wire: body) } catch { throw Problem(.badRequest, error.message) }
        let evidence = try await collecting { () async throws(AgentError) in try await collector(for: request).evidence(for: scope) }
        logger.info(
            "evidence collected",
            metadata: [
                "namespaces": .stringConvertible(scope.namespaces.count), "gaps": .stringConvertible(evidence.gaps.count),
                "logs": .stringConvertible(evidence.logs.count),
                "objects": .stringConvertible(evidence.lists.values.reduce(0) { $0 + $1.count }),
            ])
        return Self.response(evidence)
    }

    /// Who waits for a shorter time gets what could be read in it; the rest are gaps.
    private func collector(for request: Request) -> EvidenceCollector {
        let header = HTTPField.Name(CallDeadline.header).flatMap { request.headers[$0] }
        return CallDeadline.seconds(header).map { collector.within(seconds: $0) } ?? collector
    }

    private func collecting<Value>(_ work: () async throws(AgentError) -> Value) async throws -> Value {
        guard admission.enter() else {
            throw Problem(
                .tooManyRequests, "the agent collects evidence for \(admission.most) others already; try again",
                headers: [.retryAfter: "1"])
        }
        defer { admission.leave() }
        do throws(AgentError) { return try await work() } catch {
            logger.warning("collection failed", metadata: ["error": .string(String(error.message.prefix(500)))])
            throw Problem(error)
        }
    }

    private static func response(_ evidence: ClusterEvidence) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json"],
            body: ResponseBody { writer in
                var buffer = ByteBuffer()
                for piece in EvidenceWireForm(evidence) {
                    buffer.writeString(piece)
                    guard buffer.readableBytes >= pieceBytes else { continue }
                    try await writer.write(buffer)
                    buffer = ByteBuffer()
                }
                try await writer.write(buffer)
                try await writer.finish(nil)
            })
    }
}
