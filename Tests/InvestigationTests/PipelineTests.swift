import ClusterModel
import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Investigation

/// From a sentence to a completed incident, or to an honest failure.
@Suite(.timeLimit(.minutes(1)))
struct PipelineTests {
    private func pipeline(_ agent: ScriptedAgent, clock: any Clock<Duration> = ContinuousClock()) -> InvestigationPipeline {
        InvestigationPipeline(agent: agent, limits: Fixture.limits, clock: clock, now: { moment })
    }

    @Test func `a recorded incident ends with its cause, its pod and its report`() async throws {
        let scenario = try Scenario.named("04")
        let report = try scenario.incident()
        let agent = ScriptedAgent(try scenario.evidence())
        var steps: [String] = []
        let reported = Incident.sample(report.description, namespace: report.namespace)
        let incident = try await pipeline(agent).investigate(reported) { steps.append($0.step) }
        #expect(incident.status == .completed && incident.completedAt == moment && incident.error == nil)
        #expect(Set(steps.prefix(2)) == ["parse", "inventory"] && steps.dropFirst(2) == ["resolve", "collect", "correlate", "report"])
        let cause = try #require(incident.report?.rootCauses.first)
        #expect(cause.cause == .configMapNotFound && cause.object.name == "route-planner")
        #expect(incident.suggestedRootCause == cause.statement && incident.confidenceScore == cause.level)
        #expect(incident.evidence.podDetails?.name.hasPrefix("route-planner-") == true)
        #expect(incident.evidence.objectCounts["pods", default: 0] > 0 && incident.evidence.collectedAt != nil)
        #expect(incident.extractedEntities?.resolved.contains { $0.name == "route-planner" } == true)
        #expect(agent.scopes.map(\.namespaces) == [["logistics"]] && agent.scopes.allSatisfy { $0.subject == nil })
    }

    @Test func `the agent is asked for whole namespaces, with the subjects in focus`() async throws {
        let agent = ScriptedAgent(Fixture.brokenShop().evidence())
        _ = try await pipeline(agent).investigate(.sample("cart answers 503"))
        let scope = try #require(agent.scopes.first)
        #expect(scope.namespaces == ["shop"] && scope.subject == nil && scope.focus.contains { $0.name == "cart" })
    }

    @Test func `transient failures are tried again`() async throws {
        let busy = ScriptedAgent.Behaviour.fail(.refused(status: 503, message: "busy"))
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), inventory: [.fail(.timeout("slow"))], evidence: [busy, busy])
        let incident = try await pipeline(agent).investigate(.sample())
        #expect(incident.status == .completed && agent.inventoryCalls == 2 && agent.scopes.count == 3)
    }

    @Test(arguments: [
        (AgentError.unreachable("connection refused"), 3, "inventory: the agent cannot be reached: connection refused. Check that it runs"),
        (.timeout("15 s"), 3, "inventory: the agent did not answer in time: 15 s."),
        (.refused(status: 403, message: "forbidden"), 1, "inventory: the agent refused with HTTP 403: forbidden."),
        (.malformed("not JSON"), 1, "inventory: the agent's answer makes no sense: not JSON. Check that the URL"),
    ])
    func `a failing agent fails the investigation with what to do`(_ error: AgentError, calls: Int, text: String) async throws {
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), inventory: Array(repeating: .fail(error), count: 9))
        do throws(InvestigationError) {
            _ = try await pipeline(agent).investigate(.sample())
            Issue.record("no failure")
        } catch {
            #expect(error == .agent(.inventory, agent.inventoryCalls == calls ? failure(of: error) : .malformed("other calls")))
            #expect(error.description.hasPrefix(text))
        }
    }

    private func failure(of error: InvestigationError) -> AgentError {
        if case .agent(_, let failure) = error { failure } else { .malformed("no agent error") }
    }

    @Test func `a step that takes too long is given up`() async throws {
        let clock = ManualClock()
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        async let outcome = Self.failure { [pipeline] in try await pipeline(agent, clock).investigate(.sample()) }
        try await clock.waitForSleepers(1)
        while agent.scopes.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        try await clock.waitForSleepers(1)
        clock.advance(by: .seconds(29))
        clock.advance(by: .seconds(2))
        #expect(try await outcome == .deadline(.collect, seconds: 30))
    }

    @Test func `a cancelled investigation says so and nothing else`() async throws {
        let agent = ScriptedAgent(Fixture.brokenShop().evidence(), evidence: [.hang])
        let task = Task { [pipeline] in try await Self.failure { try await pipeline(agent, ContinuousClock()).investigate(.sample()) } }
        while agent.scopes.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        task.cancel()
        #expect(try await task.value == .cancelled)
    }

    private static func failure(_ work: @Sendable () async throws -> Incident) async throws -> InvestigationError? {
        do {
            _ = try await work()
            return nil
        } catch let error as InvestigationError {
            return error
        }
    }

    @Test func `pods that could not be read give no cause and no clean bill of health`() async throws {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        builder.deployment("cart")
        builder.removeList(.pods, reason: "forbidden")
        let incident = try await pipeline(ScriptedAgent(builder.evidence())).investigate(.sample())
        let report = try #require(incident.report)
        #expect(incident.status == .completed && incident.suggestedRootCause == nil && incident.confidenceScore == nil)
        #expect(report.outcome == .inconclusive && report.rootCauses.isEmpty)
        #expect(report.gaps.contains { $0.path == "api/v1/pods" && $0.reason == "forbidden" })
        #expect(incident.evidence.podDetails == nil && incident.evidence.podLogs == nil)
    }

    @Test func `evidence of nothing at all gives no cause`() async throws {
        let empty = ClusterEvidence(capturedAt: moment, kubernetesVersion: "v1.36.2", gaps: [EvidenceGap(path: "api", reason: "down")])
        let incident = try await pipeline(ScriptedAgent(empty)).investigate(.sample())
        #expect(incident.status == .completed && incident.suggestedRootCause == nil)
        #expect(incident.report?.outcome == .inconclusive && incident.report?.gaps.contains { $0.path == "api" } == true)
    }

    @Test func `no fault is claimed only for pods that were read`() throws {
        var builder = ClusterBuilder()
        builder.deployment("cart")
        builder.scope = ["shop"]
        let healthy = Report(outcome: .noFault, summary: "All is well.", scope: ["shop"], evidenceTime: moment)
        #expect(healthy.withoutUnseenHealth(in: builder.view()) == healthy)
        var wider = healthy
        wider.scope = ["shop", "bank"]
        let corrected = wider.withoutUnseenHealth(in: builder.view())
        #expect(corrected.outcome == .inconclusive && corrected.summary.contains("namespace bank"))
        builder.removeList(.pods, reason: "forbidden")
        #expect(healthy.withoutUnseenHealth(in: builder.view()).outcome == .inconclusive)
    }

    @Test func `a graph that comes with the evidence is used, and a broken one is a gap`() async throws {
        var builder = Fixture.brokenShop()
        builder.knowledgeGraph = "components: [ {name: "
        let incident = try await pipeline(ScriptedAgent(builder.evidence())).investigate(.sample())
        #expect(incident.status == .completed && incident.report?.gaps.contains { $0.path == "knowledge_graph.yaml" } == true)
    }

    @Test func `the trail is followed into another namespace, and not for ever`() async throws {
        let agent = WideningAgent()
        var steps: [String] = []
        let pipeline = InvestigationPipeline(agent: agent, limits: Fixture.limits, now: { moment })
        let incident = try await pipeline.investigate(.sample("cart cannot reach its database")) { steps.append($0.step) }
        #expect(agent.scopes == [["shop"], ["shop", "data"]])
        #expect(steps.dropFirst(2) == ["resolve", "collect", "correlate", "collect", "correlate", "report"])
        #expect(incident.report?.rootCauses.first?.object.namespace == "data")
    }
}
