import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

/// The whole system as real processes: a replayed cluster, the agent that reads it, the orchestrator that asks the agent, and a user's
/// tool that asks the orchestrator over REST.
@Suite struct ServiceProcessTests {
    /// The three processes over one scenario.
    private struct Stack {
        let folder: TemporaryFolder
        let replay: RunningProcess
        let agent: RunningProcess
        var orchestrator: RunningProcess
        let agentURL: String
        let store: String

        init(_ scenario: Scenario) async throws {
            let folder = try TemporaryFolder()
            store = folder.url.appending(path: "incidents.sqlite").path
            self.folder = folder
            let kubeconfig = folder.url.appending(path: "kubeconfig").path
            replay = try RunningProcess(["replay", scenario.directory, "--port", "0", "--write-kubeconfig", kubeconfig])
            _ = try await replay.port()
            agent = try RunningProcess(["k8s-agent", "--port", "0", "--kubeconfig", kubeconfig])
            agentURL = "http://127.0.0.1:\(try await agent.port())"
            orchestrator = try RunningProcess(["orchestrator", "--port", "0", "--agent", agentURL, "--store", store])
        }

        func url() async throws -> String { "http://127.0.0.1:\(try await orchestrator.port())" }
    }

    private func incident(_ outcome: SREProcess.Outcome) throws -> Incident {
        try IncidentJSON.decode(Incident.self, from: Data(outcome.output.utf8))
    }

    @Test(arguments: ["04", "12", "55", "56"])
    func `an incident sent over REST comes back with the right cause and its evidence`(name: String) async throws {
        let scenario = try Scenario.named(name)
        let report = try scenario.incident()
        let stack = try await Stack(scenario)
        let place = report.namespace.map { ["-n", $0] } ?? []
        let outcome = try await SREProcess.run(
            ["investigate", report.description, "--server", try await stack.url(), "-o", "json"] + place)
        #expect(outcome.status == 0, "\(outcome.errors)\n\(stack.orchestrator.errors)\n\(stack.agent.errors)")
        let answer = try incident(outcome)
        let top = try #require(answer.report?.rootCauses.first)
        #expect(try scenario.expected().rootCauses.contains { $0.accepts(cause: top.cause.rawValue) && $0.accepts(object: top.object) })
        #expect(!top.citations.isEmpty && answer.suggestedRootCause == top.statement && answer.completedAt != nil)
        #expect(outcome.errors.contains("collect: "), "the journal is shown as progress")
        for process in [stack.orchestrator, stack.agent, stack.replay] { #expect(try await process.stop() == 0) }
    }

    @Test func `a killed orchestrator has its incidents when it is back`() async throws {
        let scenario = try Scenario.named("04")
        var stack = try await Stack(scenario)
        let report = try scenario.incident()
        let first = try incident(
            try await SREProcess.run(["investigate", report.description, "--server", try await stack.url(), "-o", "json"]))
        try await stack.orchestrator.crash()
        stack.orchestrator = try RunningProcess(["orchestrator", "--port", "0", "--agent", stack.agentURL, "--store", stack.store])
        let again = try await SREProcess.run(["incident", first.id.uuidString, "--server", try await stack.url(), "-o", "json"])
        #expect(again.status == 0, "\(again.errors)")
        #expect(try incident(again) == first)
        let unknown = try await SREProcess.run(["incident", UUID().uuidString, "--server", try await stack.url()])
        #expect(unknown.status == 1 && unknown.errors.contains("(HTTP 404)"))
    }

    @Test func `without an agent the incident fails and no cause is invented`() async throws {
        let orchestrator = try RunningProcess(
            ["orchestrator", "--port", "0", "--agent", "http://127.0.0.1:1", "--store", "memory"],
            environment: ["SRE_STEP_TIMEOUT_SECONDS": "2"])
        let outcome = try await SREProcess.run(
            ["investigate", "cart is down", "--server", "http://127.0.0.1:\(try await orchestrator.port())", "-o", "json"])
        #expect(outcome.status == 1)
        let failed = try incident(outcome)
        #expect(failed.status == .failed && failed.suggestedRootCause == nil && failed.report?.rootCauses.isEmpty != false)
        #expect(failed.error?.contains("agent") == true)
    }

    @Test func `both services run in one process, and the command line reads the same cluster by itself`() async throws {
        let scenario = try Scenario.named("04")
        let folder = try TemporaryFolder()
        let kubeconfig = folder.url.appending(path: "kubeconfig").path
        let replay = try RunningProcess(["replay", scenario.directory, "--port", "0", "--write-kubeconfig", kubeconfig])
        _ = try await replay.port()
        let report = try scenario.incident()
        let direct = try await SREProcess.run([
            "investigate", report.description, "--kubeconfig", kubeconfig, "-n", "logistics", "-o", "json",
        ])
        #expect(direct.status == 0, "\(direct.errors)")
        #expect(try incident(direct).report?.rootCauses.first?.cause == .configMapNotFound)

        // Below the ports that the system hands out by itself.
        let port = 20_000 + Int.random(in: 0..<6_000)
        let serve = try RunningProcess(
            ["serve", "--port", String(port), "--agent-port", String(port + 6_000), "--kubeconfig", kubeconfig, "--store", "memory"])
        // The two listeners of one process come up one after the other; both are there when the orchestrator is ready.
        var isReady = false
        for _ in 1...400 where !isReady {
            isReady = (try? await RawHTTP.request("GET", "/readyz", port: port).status) == 200
            if !isReady { try await Task.sleep(for: .milliseconds(25)) }
        }
        let served = try await SREProcess.run(["investigate", report.description, "--server", "http://127.0.0.1:\(port)", "-o", "json"])
        #expect(served.status == 0, "\(served.errors)\n\(serve.errors)")
        #expect(try await serve.stop() == 0)
    }

    @Test func `a recorded replay investigates like the original`() async throws {
        let scenario = try Scenario.named("12")
        let folder = try TemporaryFolder()
        let kubeconfig = folder.url.appending(path: "kubeconfig").path
        let replay = try RunningProcess(["replay", scenario.directory, "--port", "0", "--write-kubeconfig", kubeconfig])
        _ = try await replay.port()
        let recording = folder.url.appending(path: "copy.tar.gz").path
        let namespace = try #require(try scenario.incident().namespace)
        let recorded = try await SREProcess.run(["snapshot", recording, "--kubeconfig", kubeconfig, "-n", namespace])
        #expect(recorded.status == 0 && recorded.errors.contains("recorded "), "\(recorded.errors)")
        let outcome = try await SREProcess.run([
            "investigate", try scenario.incident().description, "--snapshot", recording, "-n", namespace, "-o", "json",
        ])
        let top = try #require(try incident(outcome).report?.rootCauses.first)
        #expect(try scenario.expected().rootCauses.contains { $0.accepts(cause: top.cause.rawValue) && $0.accepts(object: top.object) })
    }

    @Test func `a taken port is an error in one line`() async throws {
        let first = try RunningProcess(["orchestrator", "--port", "0", "--store", "memory"])
        let port = String(try await first.port())
        let second = try await SREProcess.run(["orchestrator", "--port", port, "--store", "memory"])
        #expect(second.status == 1 && second.errors.contains("cannot listen on 127.0.0.1:\(port)"), "\(second.errors)")
    }

    @Test func `the binary under a service's name is that service`() async throws {
        let folder = try TemporaryFolder()
        let link = folder.url.appending(path: "orchestrator")
        try FileManager.default.createSymbolicLink(at: link, withDestinationURL: SREProcess.binary)
        let service = try RunningProcess(["--port", "0", "--store", "memory"], as: link)
        #expect(try await service.port() > 0)
        #expect(try await service.stop() == 0)
    }

    @Test func `a snapshot of an unreachable cluster is an error, not an empty recording`() async throws {
        let folder = try TemporaryFolder()
        let kubeconfig = try folder.write(ReplayKubeconfig.text(server: "http://127.0.0.1:1"), to: "config").path
        let outcome = try await SREProcess.run(["snapshot", folder.url.appending(path: "out").path, "--kubeconfig", kubeconfig])
        #expect(outcome.status == 1 && !FileManager.default.fileExists(atPath: folder.url.appending(path: "out").path))
    }
}

/// A kubeconfig for an address, as tests need it.
enum ReplayKubeconfig {
    static func text(server: String) -> String {
        """
        apiVersion: v1
        kind: Config
        current-context: x
        clusters: [{name: x, cluster: {server: "\(server)"}}]
        users: [{name: x, user: {}}]
        contexts: [{name: x, context: {cluster: x, user: x}}]
        """
    }
}
