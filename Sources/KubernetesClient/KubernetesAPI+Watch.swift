import AsyncHTTPClient
public import ClusterModel

extension KubernetesAPI {
    /// How long the server is asked to keep one watch open.
    static let watchSeconds = 290

    /// Watches a list from a resource version on. The sequence ends when the server ends the watch, every few minutes: watch again
    /// from the version of the last event.
    ///
    /// Reading throws `.gone` when that version is too old: the caller then lists again and watches from the new list.
    /// It throws `.unreachable` or `.timeout` when the connection breaks, and the server's other errors as they are.
    /// - Parameters:
    ///   - namespace: `nil` watches all namespaces.
    ///   - resourceVersion: where to start; `nil` starts with an `.added` event for every object there is.
    public func watch(
        _ resource: ResourceType, namespace: String?, resourceVersion: String?, selecting selection: ListSelection = .everything
    ) -> WatchEvents {
        let (transport, watches) = (transport, watches)
        return WatchEvents(
            open: { () throws(ClusterReadError) in
                let path = try RequestPath(
                    resource, namespace: namespace,
                    query: [
                        ("watch", "true"), ("allowWatchBookmarks", "true"), ("timeoutSeconds", String(Self.watchSeconds)),
                        ("resourceVersion", resourceVersion), ("labelSelector", selection.labels), ("fieldSelector", selection.fields),
                    ])
                return try await transport.get(path, through: watches) { $0.body }
            }, server: transport.connection.server)
    }
}
