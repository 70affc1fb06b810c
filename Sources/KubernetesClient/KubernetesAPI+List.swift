public import ClusterModel
public import FastJSON

extension KubernetesAPI {
    // A list of more pages is no cluster but an error of the server: with the usual page size these are a million objects.
    private static let pageLimit = 2_000
    private static let restartLimit = 2

    public func list(
        _ resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) async throws(ClusterReadError) -> [JSONValue] {
        var restarts = 0
        while true {
            do throws(ClusterReadError) {
                return try await pages(of: resource, namespace: namespace, selecting: selection)
            } catch {
                // The server forgot the state that later pages continue (etcd compaction): only the whole list again is consistent.
                guard case .gone = error, restarts < Self.restartLimit else { throw error }
                restarts += 1
            }
        }
    }

    private func pages(
        of resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) async throws(ClusterReadError) -> [JSONValue] {
        var items: [JSONValue] = []
        var token: String?
        for _ in 0..<Self.pageLimit {
            let path = try RequestPath(
                resource, namespace: namespace,
                query: [
                    ("limit", String(transport.options.pageSize)), ("continue", token), ("labelSelector", selection.labels),
                    ("fieldSelector", selection.fields),
                ])
            let page = try await object(path)
            guard page["items"].kind == .array || page["kind"].string?.hasSuffix("List") == true else {
                throw .malformed("the answer to \(path) is no list")
            }
            items += page["items"].array
            let next = page["metadata", "continue"].string ?? ""
            if next.isEmpty { return items }
            guard next != token else { throw .malformed("the list of \(resource.plural) continues with itself") }
            token = next
        }
        throw .malformed("the list of \(resource.plural) does not end after \(Self.pageLimit) pages")
    }
}
