import ClusterModel
import FastJSON
import FoundationEssentials
import HTTPTypes
import Hummingbird
import IncidentModel
import KubernetesClient
import NIOCore

/// Answers requests from a snapshot. It routes by itself: the API's paths are data (groups, versions, plurals), not a fixed table.
struct ReplayResponder: HTTPResponder {
    typealias Context = BasicRequestContext

    let reader: SnapshotReader
    private let discovery: Discovery

    init(reader: SnapshotReader) {
        self.reader = reader
        discovery = Discovery(reader)
    }

    func respond(to request: Request, context: Context) async throws -> Response {
        var response = answer(request)
        if let name = HTTPField.Name(KubernetesAPI.capturedAtHeader) {
            response.headers[name] = RFC3339.format(reader.evidence.capturedAt, fraction: true)
        }
        return response
    }

    private func answer(_ request: Request) -> Response {
        let call = ReplayRequest(
            path: request.uri.path, query: request.uri.query ?? "", accept: request.headers[.accept] ?? "application/json")
        do throws(ReplayFailure) {
            guard request.method == .get else { throw .methodNotAllowed(request.method.rawValue) }
            guard let components = call.components else { throw .unknownPath }
            switch try answer(components, call) {
            case .json(let text): return Self.response(.ok, text, type: "application/json")
            case .text(let text): return Self.response(.ok, text, type: "text/plain; charset=utf-8")
            case .watch(let watch): return watch.response(to: request)
            }
        } catch {
            var response = Self.response(.init(code: error.status), error.body, type: "application/json")
            if error.status == 405 { response.headers[.allow] = "GET" }
            return response
        }
    }

    /// Types that were not recorded: asking for them says why.
    private static let known = Dictionary(ResourceType.all.map { ($0.path, $0) }) { first, _ in first }

    enum Answer {
        case json(String)
        case text(String)
        case watch(WatchStream)
    }

    private func answer(_ components: [String], _ call: ReplayRequest) throws(ReplayFailure) -> Answer {
        if let document = discovery.document(at: components) { return .json(document) }
        switch components.first {
        case "version" where components.count == 1: return .json(VersionDocument.json(for: reader.evidence.kubernetesVersion))
        case "healthz", "livez", "readyz": return .text("ok")
        case "api", "apis":
            guard let target = ReplayTarget(components, among: discovery.types) ?? ReplayTarget(components, among: Self.known) else {
                throw .unknownPath
            }
            return try answer(target, call)
        default: throw .unknownPath
        }
    }

    private func answer(_ target: ReplayTarget, _ call: ReplayRequest) throws(ReplayFailure) -> Answer {
        do throws(ClusterReadError) {
            switch target.action {
            case .list: return try collection(target, call)
            case .get(let name):
                let item = try reader.item(of: target.type, namespace: target.namespace, name: name)
                if call.representation == .table { return .json(table(of: target.type, [item], call, metadata: [])) }
                return .json(ObjectText.complete(item, as: target.type))
            case .log(let pod): return .text(try log(of: pod, in: target.namespace ?? "", call))
            }
        } catch {
            var failure = ReplayFailure(error)
            failure.group = target.type.group
            failure.kind = target.type.plural
            failure.name = target.name ?? ""
            throw failure
        }
    }
}

// MARK: What the paths give. Malformed parameters are thrown as `.badRequest` of the reader, the one error that both share.

extension ReplayResponder {
    private func collection(_ target: ReplayTarget, _ call: ReplayRequest) throws(ClusterReadError) -> Answer {
        let selection = ListSelection(labels: call["labelSelector"], fields: call["fieldSelector"])
        let items = try reader.items(of: target.type, namespace: target.namespace, selecting: selection)
        let version = ListDocument.resourceVersion(of: items)
        if call.flag("watch") {
            return .watch(try WatchStream(items: items, type: target.type, version: version, call: call, columns: columns(of: target.type)))
        }
        let page = try ListPage(items, limit: parameter(call, "limit"), token: call["continue"], isSelected: selection != .everything)
        var metadata: [(key: String, json: String)] = [("resourceVersion", JSONText.quote(version))]
        if let token = page.next { metadata.append(("continue", JSONText.quote(token))) }
        if let remaining = page.remaining { metadata.append(("remainingItemCount", String(remaining))) }
        if call.representation == .table { return .json(table(of: target.type, page.items, call, metadata: metadata)) }
        return .json(
            ListDocument.json(
                kind: target.type.kind + "List", apiVersion: target.type.groupVersion, metadata: metadata,
                items: page.items.map(\.serialized)))
    }

    private func log(of pod: String, in namespace: String, _ call: ReplayRequest) throws(ClusterReadError) -> String {
        let item = try reader.item(of: .pods, namespace: namespace, name: pod)
        let containers = item["spec", "containers"].array.compactMap { $0["name"].string }
        guard let container = call["container"] ?? (containers.count == 1 ? containers.first : nil) else {
            throw .badRequest(
                "a container name must be specified for pod \(pod), choose one of: [\(containers.joined(separator: " "))]")
        }
        var since = try parameter(call, "sinceSeconds", minimum: 1).map { reader.evidence.capturedAt.addingTimeInterval(-Double($0)) }
        do {
            if let time = try call.time("sinceTime") { since = time }
        } catch {
            throw .badRequest(error.message)
        }
        let request = LogRequest(
            namespace: namespace, pod: pod, container: container, isPrevious: call.flag("previous"),
            tailLines: try parameter(call, "tailLines"), limitBytes: try parameter(call, "limitBytes", minimum: 1),
            hasTimestamps: call.flag("timestamps"))
        return try reader.log(request, since: since)
    }

    private func parameter(_ call: ReplayRequest, _ name: String, minimum: Int = 0) throws(ClusterReadError) -> Int? {
        do {
            return try call.number(name, minimum: minimum)
        } catch {
            throw .badRequest(error.message)
        }
    }

    private func columns(of type: ResourceType) -> TableColumns {
        TableColumns(type: type, now: reader.evidence.capturedAt)
    }

    private func table(
        of type: ResourceType, _ items: [JSONValue], _ call: ReplayRequest, metadata: [(key: String, json: String)]
    ) -> String {
        columns(of: type).table(items, metadata: metadata, include: call["includeObject"] ?? "Metadata")
    }

    private static func response(_ status: HTTPResponse.Status, _ text: String, type: String) -> Response {
        Response(
            status: status, headers: [.contentType: type, .cacheControl: "no-cache, private"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// One object as GET gives it: with the kind that list items lack.
enum ObjectText {
    static func complete(_ item: JSONValue, as type: ResourceType) -> String {
        let members = item.members.filter { $0.key != "kind" && $0.key != "apiVersion" }
        return JSONText.object(
            [("kind", JSONText.quote(type.kind)), ("apiVersion", JSONText.quote(type.groupVersion))]
                + members.map { (key: $0.key, json: $0.value.serialized) })
    }
}
