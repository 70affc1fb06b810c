import ClusterModel
import ClusterSnapshot
import FastJSON
import KubernetesClient
import Synchronization
import TestSupport

/// A cluster in memory that can refuse, fail, wait, and remember what was asked of it.
final class FakeCluster: ClusterReader {
    enum Call: Hashable {
        case version
        case list(ResourceType, namespace: String?)
        case get(ResourceType, namespace: String?, name: String)
        case log(LogRequest)
    }

    typealias Failure = @Sendable (Call) -> ClusterReadError?

    private struct State {
        var calls: [Call] = []
        var running = 0
        var mostRunning = 0
    }

    private let snapshot: SnapshotReader
    private let failure: Failure
    private let overrides: [String: [JSONValue]]
    private let pause: @Sendable (Call) -> Duration?
    private let state = Mutex(State())

    /// - Parameters:
    ///   - overrides: lists given exactly as they are, by path; Secrets with values, for one.
    ///   - pause: how long a call takes; it can be cancelled.
    init(
        _ evidence: ClusterEvidence, overrides: [String: [JSONValue]] = [:], failing failure: @escaping Failure = { _ in nil },
        pause: @escaping @Sendable (Call) -> Duration? = { _ in nil }
    ) {
        snapshot = SnapshotReader(evidence)
        self.overrides = overrides
        self.pause = pause
        self.failure = failure
    }

    var calls: [Call] { state.withLock { $0.calls } }
    /// Calls about pods by name: what requests cause, and the review of access at start does not.
    var podCalls: [Call] {
        calls.filter { call in
            switch call {
            case .get: true
            case .log(let request): !request.pod.contains("access-probe")
            case .version, .list: false
            }
        }
    }
    var mostCallsAtOnce: Int { state.withLock { $0.mostRunning } }
    var logRequests: [LogRequest] {
        podCalls.compactMap { if case .log(let request) = $0 { request } else { nil } }
    }

    func version() async throws(ClusterReadError) -> String {
        try await answer(.version) { () async throws(ClusterReadError) in try await self.snapshot.version() }
    }

    func list(
        _ resource: ResourceType, namespace: String?, selecting selection: ListSelection
    ) async throws(ClusterReadError) -> [JSONValue] {
        try await answer(.list(resource, namespace: namespace)) { () async throws(ClusterReadError) in
            if let items = self.overrides[resource.path] { return items }
            return try await self.snapshot.list(resource, namespace: namespace, selecting: selection)
        }
    }

    func get(_ resource: ResourceType, namespace: String?, name: String) async throws(ClusterReadError) -> JSONValue {
        try await answer(.get(resource, namespace: namespace, name: name)) { () async throws(ClusterReadError) in
            try await self.snapshot.get(resource, namespace: namespace, name: name)
        }
    }

    func log(_ request: LogRequest) async throws(ClusterReadError) -> String {
        try await answer(.log(request)) { () async throws(ClusterReadError) in try await self.snapshot.log(request) }
    }

    private func answer<Value>(
        _ call: Call, _ value: () async throws(ClusterReadError) -> Value
    ) async throws(ClusterReadError) -> Value {
        state.withLock { state in
            state.calls.append(call)
            state.running += 1
            state.mostRunning = max(state.mostRunning, state.running)
        }
        defer { state.withLock { $0.running -= 1 } }
        if let pause = pause(call) {
            do { try await Task.sleep(for: pause) } catch { throw .timeout("cancelled") }
        } else {
            await Task.yield()
        }
        if let error = failure(call) { throw error }
        return try await value()
    }
}
