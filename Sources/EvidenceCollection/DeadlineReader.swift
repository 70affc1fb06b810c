public import ClusterModel
public import FastJSON
public import FoundationEssentials
public import KubernetesClient

/// A reader whose calls all end at one moment, each with a timeout error.
public struct DeadlineReader: ClusterReader {
    private let reader: any ClusterReader
    private let deadline: ContinuousClock.Instant
    private let seconds: Double

    /// - Parameter seconds: from now on.
    public init(_ reader: any ClusterReader, seconds: Double) {
        self.reader = reader
        self.seconds = seconds
        deadline = .now + .seconds(seconds)
    }

    public func version() async throws(ClusterReadError) -> String {
        try await bounded { reader async throws(ClusterReadError) in try await reader.version() }
    }

    public func list(
        _ resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) async throws(ClusterReadError) -> [JSONValue] {
        try await bounded { reader async throws(ClusterReadError) in
            try await reader.list(resource, namespace: namespace, selecting: selection)
        }
    }

    public func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue {
        try await bounded { reader async throws(ClusterReadError) in try await reader.get(resource, namespace: namespace, name: name) }
    }

    public func log(_ request: LogRequest) async throws(ClusterReadError) -> String {
        try await bounded { reader async throws(ClusterReadError) in try await reader.log(request) }
    }

    public func serverTime() async -> Date? {
        try? await bounded { reader async throws(ClusterReadError) in await reader.serverTime() }
    }

    private func bounded<Value: Sendable>(
        _ read: @escaping @Sendable (any ClusterReader) async throws(ClusterReadError) -> Value
    ) async throws(ClusterReadError) -> Value {
        let expired = Result<Value, ClusterReadError>.failure(.timeout("not read within the \(Int(seconds)) s of the collection"))
        guard ContinuousClock.now < deadline else { return try expired.get() }
        let result = await withTaskGroup(of: Result<Value, ClusterReadError>.self) { [reader, deadline] group in
            group.addTask {
                do throws(ClusterReadError) { return .success(try await read(reader)) } catch { return .failure(error) }
            }
            group.addTask {
                try? await Task.sleep(until: deadline, clock: .continuous)
                return expired
            }
            let first = await group.next() ?? expired
            group.cancelAll()
            return first
        }
        return try result.get()
    }
}
