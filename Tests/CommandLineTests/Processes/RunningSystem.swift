import FastJSON
import Foundation
import TestSupport

/// A replayed cluster, an agent, and orchestrators over one store: real processes on loopback.
final class RunningSystem: Sendable {
    let agent: RunningProcess
    private let replay: RunningProcess
    private let agentPort: Int
    private let environment: [String: String]

    /// - Parameter environment: settings of the orchestrators; the store among them.
    init(scenario: String = "55-chain-of-three", environment: [String: String], agentEnvironment: [String: String] = [:]) async throws {
        let root = URL(filePath: #filePath).appending(path: "../../../..").standardizedFileURL
        let kubeconfig = FileManager.default.temporaryDirectory.appending(path: "kubeconfig-\(UUID().uuidString)").path
        replay = try RunningProcess(
            ["replay", root.appending(path: "scenarios/\(scenario)").path, "--port", "0", "--write-kubeconfig", kubeconfig])
        _ = try await replay.port()
        agent = try RunningProcess(["k8s-agent", "--port", "0", "--kubeconfig", kubeconfig], environment: agentEnvironment)
        agentPort = try await agent.port()
        try? FileManager.default.removeItem(atPath: kubeconfig)
        self.environment = environment
    }

    func orchestrator(shell: String? = nil) async throws -> Replica {
        let process = try RunningProcess(
            ["orchestrator", "--port", "0", "--agent", "http://127.0.0.1:\(agentPort)"], shell: shell, environment: environment)
        return Replica(process: process, port: try await process.port())
    }
}

/// One orchestrator.
struct Replica: Sendable {
    let process: RunningProcess
    let port: Int

    /// Reports an incident, again until it is taken: a client that keeps its `Idempotency-Key` may do so.
    func open(_ description: String, key: String) async throws -> String? {
        let headers = [("Content-Type", "application/json"), ("Idempotency-Key", key)]
        let body = JSONText.object([("description", JSONText.quote(description))])
        let answer = try await RawHTTP.request("POST", "/api/v1/incidents", headers: headers, body: Array(body.utf8), port: port)
        return answer.status == 202 ? answer.header("Location") : nil
    }

    func get(_ path: String) async throws -> JSONValue {
        let answer = try await RawHTTP.request("GET", path, port: port)
        return try JSONValue(parsing: answer.body)
    }

    /// The incidents at these paths, when all of them are final.
    func finished(_ paths: [String], within limit: Duration = .seconds(60)) async throws -> [JSONValue] {
        let deadline = ContinuousClock.now + limit
        while true {
            var incidents: [JSONValue] = []
            for path in paths { incidents.append(try await get(path)) }
            let open = incidents.filter { ["pending", "running"].contains($0["status"].string ?? "pending") }
            if open.isEmpty { return incidents }
            guard ContinuousClock.now < deadline else {
                throw SREProcess.Failure(
                    description: "\(open.count) of \(paths.count) never ended: \(open.map { $0["status"].string ?? "?" })")
            }
            try await Task.sleep(for: .milliseconds(20))
        }
    }
}
