import ClusterModel
import EvidenceCollection
import Hummingbird
import KubernetesClient
import NIOCore
import ServiceKit

/// Logs of a pod as plain text, passed on as they come.
struct LogRoutes: Sendable {
    let reader: any ClusterReader
    let limits: CollectionLimits

    var routes: [Route] {
        [
            .get("/api/v1/pods/{namespace}/{name}/logs") { request, context in
                let (namespace, name) = try KubernetesNames.pod(in: context)
                let query = try LogQuery(request)
                do throws(ClusterReadError) { return try await answer(namespace, name, query) } catch { throw Problem(error) }
            }
        ]
    }

    private func answer(_ namespace: String, _ name: String, _ query: LogQuery) async throws(ClusterReadError) -> Response {
        if let container = query.container {
            return try await single(query.request(container, namespace: namespace, pod: name))
        }
        let bounded = DeadlineReader(reader, seconds: limits.deadlineSeconds)
        let pod = Pod(try await bounded.get(.pods, namespace: namespace, name: name))
        let requests = pod.spec.allContainers.map { query.request($0.name, namespace: namespace, pod: name) }
        guard requests.count != 1, let first = requests.first else {
            return try await single(requests.first ?? query.request("", namespace: namespace, pod: name))
        }
        return try await combined(first, Array(requests.dropFirst()))
    }

    private func single(_ request: LogRequest) async throws(ClusterReadError) -> Response {
        let log = try await OpenLog(request, from: reader)
        return Self.response { writer in
            var pieces = log.pieces
            while let bytes = try await pieces.next() { try await writer.write(ByteBuffer(bytes: bytes)) }
        }
    }

    /// All containers, one after the other. The first that can be read is opened before the answer begins, so that a pod without any
    /// log gets a proper error.
    private func combined(_ first: LogRequest, _ others: [LogRequest]) async throws(ClusterReadError) -> Response {
        var unread: [(container: String, error: ClusterReadError)] = []
        var rest = others[...]
        var opened: (request: LogRequest, log: OpenLog)?
        var next: LogRequest? = first
        while let request = next, opened == nil {
            do throws(ClusterReadError) {
                opened = (request, try await OpenLog(request, from: reader))
            } catch {
                guard Self.concernsOneContainer(error) else { throw error }
                unread.append((request.container, error))
                next = rest.popFirst()
            }
        }
        guard let opened else { throw unread.first?.error ?? .notFound("the pod has no containers") }
        let head = unread.map { Self.absence($0.container, $0.error) }.joined()
        return Self.response { [rest, reader] writer in
            try await writer.write(ByteBuffer(string: head))
            try await Self.write(opened.log, of: opened.request.container, to: &writer)
            for request in rest {
                switch await OpenLog.opened(request, from: reader) {
                case .success(let log): try await Self.write(log, of: request.container, to: &writer)
                case .failure(let error): try await writer.write(ByteBuffer(string: Self.absence(request.container, error)))
                }
            }
        }
    }

    /// A container that has not started, or has no previous run, says nothing about the others.
    private static func concernsOneContainer(_ error: ClusterReadError) -> Bool {
        switch error {
        case .badRequest, .notFound: true
        default: false
        }
    }

    private static func absence(_ container: String, _ error: ClusterReadError) -> String {
        "[\(container)] (no log: \(error.message.prefix(200).map { $0.isNewline ? " " : String($0) }.joined()))\n"
    }

    @concurrent
    private static func write(_ log: OpenLog, of container: String, to writer: inout any ResponseBodyWriter) async throws {
        var lines = LinePrefixing(prefix: "[\(container)] ")
        var pieces = log.pieces
        while let bytes = try await pieces.next() { try await writer.write(ByteBuffer(bytes: lines.take(bytes))) }
        try await writer.write(ByteBuffer(bytes: lines.end()))
    }

    private static func response(_ write: @escaping @concurrent @Sendable (inout any ResponseBodyWriter) async throws -> Void) -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/plain; charset=utf-8"],
            body: ResponseBody { writer in
                try await write(&writer)
                try await writer.finish(nil)
            })
    }
}
