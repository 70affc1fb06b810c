import ClusterModel
import FastJSON
import HTTPTypes
import Hummingbird
import KubernetesClient
import NIOCore
import ServiceLifecycle

/// A watch on something that never changes: the present objects where they are asked for, then bookmarks until time is up.
struct WatchStream: Sendable {
    private let events: [String]
    private let bookmark: String?
    private let timeout: Duration

    /// How often a client hears that it is up to date.
    private static let bookmarkInterval = Duration.seconds(15)
    /// Where the client names no end; the API server takes half an hour to an hour.
    private static let defaultTimeoutSeconds = 1_800

    init(items: [JSONValue], type: ResourceType, version: String, call: ReplayRequest, columns: TableColumns) throws(ClusterReadError) {
        let seconds: Int?
        do {
            seconds = try call.number("timeoutSeconds")
        } catch {
            throw .badRequest(error.message)
        }
        timeout = .seconds(min(seconds ?? Self.defaultTimeoutSeconds, Self.defaultTimeoutSeconds))
        let asTable = call.representation == .table
        let include = call["includeObject"] ?? "Metadata"
        let sendsInitial = call.flag("sendInitialEvents")
        var events: [String] = []
        // Without a version, or with 0, a watch begins with what is there.
        if sendsInitial || ["", "0"].contains(call["resourceVersion"] ?? "") {
            events = items.map { item in
                Self.event(
                    "ADDED",
                    asTable ? columns.table([item], metadata: [], include: include) : ObjectText.complete(item, as: type))
            }
        }
        if sendsInitial { events.append(Self.bookmark(type, version, asTable: asTable, endsInitial: true, columns: columns)) }
        self.events = events
        let wantsBookmarks = call.flag("allowWatchBookmarks")
        bookmark = wantsBookmarks ? Self.bookmark(type, version, asTable: asTable, endsInitial: false, columns: columns) : nil
    }

    /// The stream as a response. It ends by itself, with the connection, or with the server.
    func response(to request: Request) -> Response {
        let body = request.body
        // The server ends the connection with the stream: a client that is not told would try to use it again.
        return Response(
            status: .ok, headers: [.contentType: "application/json", .cacheControl: "no-cache, private", .connection: "close"],
            body: ResponseBody { writer in
                for event in events { try await writer.write(ByteBuffer(string: event + "\n")) }
                let end = ContinuousClock.now + timeout
                // A client that goes away or a server that stops ends the stream early, which is nothing to report.
                try? await body.consumeWithCancellationOnInboundClose { _ in
                    while true {
                        if let bookmark { try await writer.write(ByteBuffer(string: bookmark + "\n")) }
                        try await Self.rest(until: min(end, ContinuousClock.now + Self.bookmarkInterval))
                        if ContinuousClock.now >= end { return }
                    }
                }
                try await writer.finish(nil)
            })
    }

    private static func rest(until instant: ContinuousClock.Instant) async throws {
        try await cancelWhenGracefulShutdown { try await Task.sleep(until: instant, clock: .continuous) }
        try Task.checkCancellation()
    }

    private static func event(_ type: String, _ object: String) -> String {
        JSONText.object([("type", JSONText.quote(type)), ("object", object)])
    }

    private static func bookmark(
        _ type: ResourceType, _ version: String, asTable: Bool, endsInitial: Bool, columns: TableColumns
    ) -> String {
        var metadata: [(key: String, json: String)] = [("resourceVersion", JSONText.quote(version))]
        if endsInitial { metadata.append(("annotations", "{\"k8s.io/initial-events-end\":\"true\"}")) }
        if asTable {
            return event("BOOKMARK", columns.table([], metadata: [("resourceVersion", JSONText.quote(version))], include: "None"))
        }
        metadata.append(("creationTimestamp", "null"))
        return event(
            "BOOKMARK",
            JSONText.object([
                ("kind", JSONText.quote(type.kind)), ("apiVersion", JSONText.quote(type.groupVersion)),
                ("metadata", JSONText.object(metadata)),
            ]))
    }
}
