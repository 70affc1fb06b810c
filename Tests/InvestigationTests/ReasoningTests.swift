import ClusterModel
import Correlation
import FastJSON
import Foundation
import IncidentModel
import KnowledgeGraph
import Synchronization
import TestSupport
import Testing

@testable import Investigation

/// A model that looks further where the rules are not sure, and what may come of it.
@Suite(.timeLimit(.minutes(1)))
struct ReasoningTests {
    private static let complaint = "ERROR ledger refuses page 9: quorum of scribes absent"
    private static let cart = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")

    /// A cart that is not Ready, for which the rules find no cause, beside a Deployment that is well.
    private static func oddShop(_ line: String? = complaint, _ shape: PodShape = .running(ready: false)) -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        builder.deployment("cart", TemplateShape([ContainerShape("cart")]), pods: [shape])
        builder.deployment("fine")
        builder.log("fine", "ERROR ledger refuses page 9")
        if let line { builder.log("cart", line) }
        return builder
    }

    private static func investigate(
        _ agent: any EvidenceAgent, _ model: (any LanguageModel)?, limits: InvestigationPipeline.ModelLimits = .init(explains: false)
    ) async throws -> Incident {
        let pipeline = InvestigationPipeline(
            agent: agent, model: model, limits: .init(retry: RetryDelays(attempts: 1), model: limits), now: { moment })
        return try await pipeline.investigate(Incident(id: UUID(), description: "cart answers 503", createdAt: moment))
    }

    private static func rules(_ report: Report?) -> Report? {
        var report = report
        report?.modelUse = nil
        report?.gaps.removeAll { $0.path == "language model" }
        return report
    }

    /// Ids of the evidence of a question whose text holds `words`.
    private static func ids(_ request: ModelRequest, _ words: String) -> [String] {
        let json = request.turns.lazy.compactMap { turn -> JSONValue? in
            if case .question(let text) = turn { try? JSONValue(parsing: text) } else { nil }
        }.first
        return (json?["evidence"].array ?? []).filter { $0["text"].string?.contains(words) ?? false }.compactMap { $0["id"].string }
    }

    private static func proposal(_ cause: String, _ object: ObjectReference = cart, _ ids: [String]) -> String {
        let evidence = ids.map(JSONText.quote).joined(separator: ",")
        let space = object.namespace.map(JSONText.quote) ?? "null"
        return
            #"{"causes":[{"cause":"\#(cause)","object":{"kind":"\#(object.kind)","namespace":\#(space),"name":"\#(object.name)"},"evidence":[\#(evidence)]}]}"#
    }

    /// Looks nothing up, and answers the last question so.
    private static func proposing(_ answer: @escaping @Sendable (ModelRequest) -> String) -> ScriptedModel {
        ScriptedModel { request in
            if request.purpose == .parse { return ModelStepTests.nothing }
            return request.tools.isEmpty ? answer(request) : "done"
        }
    }

    private static func calling(_ calls: @escaping @Sendable (Int) -> [ToolCall], then answer: @escaping @Sendable (ModelRequest) -> String)
        -> ScriptedModel
    {
        let round = Mutex(0)
        return ScriptedModel(answers: { request in
            if request.purpose == .parse { return ModelAnswer(text: ModelStepTests.nothing) }
            guard !request.tools.isEmpty else { return ModelAnswer(text: answer(request)) }
            let number = round.withLock { number in
                number += 1
                return number
            }
            return ModelAnswer(text: "", calls: calls(number))
        })
    }

    // MARK: Proposals

    @Test func `what a program in trouble says may be a cause, as a suspicion`() async throws {
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let plain = try await Self.investigate(agent, nil)
        #expect(plain.report?.outcome == .inconclusive && plain.report?.rootCauses.isEmpty == true)
        let model = Self.proposing { Self.proposal("ConfigurationInvalid", Self.cart, Self.ids($0, "quorum of scribes")) }
        let incident = try await Self.investigate(agent, model)
        let cause = try #require(incident.report?.rootCauses.first)
        #expect(cause.cause == .configurationInvalid && cause.object == Self.cart && cause.proposedBy == "scripted")
        #expect(cause.level == .low && incident.report?.outcome == .inconclusive && incident.confidenceScore == .low)
        #expect(cause.citations.contains { $0.source == .log && $0.text.contains("quorum of scribes") })
        #expect(cause.reasonsAgainst.first?.contains("a language model (scripted) proposes it") == true)
        #expect(incident.report?.summary.hasPrefix("Not certain. Suspected: Deployment shop/cart") == true)
        #expect(!cause.statement.contains("scribes"))
        #expect(model.asked.filter { $0.purpose == .reason }.count == 2)
    }

    @Test func `where the rules suspect something themselves, it stays first`() async throws {
        let agent = ScriptedAgent(Self.oddShop(Self.complaint, .crashLooping()).evidence())
        let plain = try await Self.investigate(agent, nil)
        let first = try #require(plain.report?.rootCauses.first)
        let model = Self.proposing { Self.proposal("ConfigurationInvalid", Self.cart, Self.ids($0, "quorum of scribes")) }
        let incident = try await Self.investigate(agent, model)
        #expect(incident.report?.rootCauses == [first])
        #expect(incident.report?.alternatives.map(\.cause) == (plain.report?.alternatives.map(\.cause) ?? []) + [.configurationInvalid])
    }

    @Test func `what the evidence does not carry changes nothing`() async throws {
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let plain = try await Self.investigate(agent, nil)
        let fine = ObjectReference(kind: "Deployment", namespace: "shop", name: "fine")
        let ghost = ObjectReference(kind: "Deployment", namespace: "shop", name: "ghost")
        let node = ObjectReference(kind: "Node", namespace: nil, name: "worker-1")
        let answers: [@Sendable (ModelRequest) -> String] = [
            { _ in Self.proposal("ConfigurationInvalid", Self.cart, []) },
            { _ in Self.proposal("ConfigurationInvalid", Self.cart, ["x999", "1.e1"]) },
            { Self.proposal("ScribesOnStrike", Self.cart, Self.ids($0, "quorum")) },
            // What shows in the API, and does not show there.
            { Self.proposal("MemoryLimitExceeded", Self.cart, Self.ids($0, "quorum")) },
            { Self.proposal("NodeNotReady", node, Self.ids($0, "quorum")) },
            { Self.proposal("ConfigurationInvalid", ghost, Self.ids($0, "quorum")) },
            // It is well, whatever it says.
            { Self.proposal("ConfigurationInvalid", fine, Self.ids($0, "quorum")) },
            // Evidence of something else than words.
            { Self.proposal("ConfigurationInvalid", Self.cart, Self.ids($0, "0 of 1 pods Ready")) },
            { _ in #"{"causes":[]}"# },
        ]
        for (number, answer) in answers.enumerated() {
            let incident = try await Self.investigate(agent, Self.proposing(answer))
            #expect(Self.rules(incident.report) == plain.report, "\(number)")
        }
    }

    @Test func `calm words and a runtime that says otherwise refute`() async throws {
        let calm = ScriptedAgent(Self.oddShop("INFO ledger opens page 9: quorum of scribes present").evidence())
        let killed = ScriptedAgent(
            Self.oddShop(Self.complaint, .running(ready: false, restarts: 2, last: .outOfMemory)).evidence())
        for agent in [calm, killed] {
            let plain = try await Self.investigate(agent, nil)
            let model = Self.proposing { Self.proposal("ConfigurationInvalid", Self.cart, Self.ids($0, "quorum of scribes")) }
            let incident = try await Self.investigate(agent, model)
            #expect(incident.report?.rootCauses.map(\.cause) == plain.report?.rootCauses.map(\.cause))
            #expect(incident.report?.alternatives.contains { $0.proposedBy != nil } == false)
        }
    }

    @Test func `a sure report and a healthy system are not asked about`() async throws {
        var well = ClusterBuilder()
        well.namespace("shop")
        well.deployment("cart")
        for builder in [Fixture.brokenShop(), well] {
            let model = Self.proposing { _ in Self.proposal("NodeNotReady", Self.cart, ["x1"]) }
            let agent = ScriptedAgent(builder.evidence())
            let incident = try await Self.investigate(agent, model)
            #expect(!model.asked.contains { $0.purpose == .reason })
            #expect(Self.rules(incident.report) == (try await Self.investigate(agent, nil)).report)
        }
    }

    // MARK: Tools

    private static func call(_ tool: String, _ arguments: String) -> ToolCall { ToolCall(id: "c", name: tool, arguments: arguments) }

    @Test func `logs that were not read are read, and the rules decide again`() async throws {
        /// Gives logs only of what is asked for.
        struct Sparing: EvidenceAgent {
            let whole: ClusterEvidence
            let scopes = Scopes()

            final class Scopes: Sendable {
                let all = Mutex<[EvidenceScope]>([])
            }

            func inventory() async throws(AgentError) -> Inventory { Inventory(ClusterView(whole)) }

            func evidence(for scope: EvidenceScope) async throws(AgentError) -> ClusterEvidence {
                scopes.all.withLock { $0.append(scope) }
                var evidence = whole
                evidence.logs.removeAll { log in !scope.focus.contains { $0.kind == "Pod" && $0.name == log.pod } }
                return evidence
            }
        }
        let fatal = "Traceback (most recent call last):\n  File \"/app/main.py\", line 3, in <module>\nKeyError: 'LEDGER_URL'"
        let builder = Self.oddShop(fatal, .crashLooping())
        let pod = try #require(builder.pods(named: "cart", in: "shop").first?.pod)
        let agent = Sparing(whole: builder.evidence())
        let plain = try await Self.investigate(agent, nil)
        #expect(plain.report?.outcome == .inconclusive)
        let model = Self.calling { round in
            round == 1 ? [Self.call("logs", #"{"kind":"Pod","namespace":"shop","name":"\#(pod)","container":null,"pattern":null}"#)] : []
        } then: { _ in
            #"{"causes":[]}"#
        }
        let incident = try await Self.investigate(agent, model)
        #expect(agent.scopes.all.withLock { $0.last?.focus.contains { $0.name == pod } } == true)
        #expect(incident.report?.outcome == .causeFound)
        let cause = try #require(incident.report?.rootCauses.first)
        #expect(cause.cause == .configurationMissing && cause.proposedBy == nil && cause.confidence > 0.5)
    }

    @Test func `each call is answered in words, within the bounds`() async throws {
        let arguments = [
            "{}", "", "nonsense", #"{"name":7}"#, #"{"kind":"Unicorn","namespace":"shop","name":"cart"}"#,
            #"{"kind":"Pod","namespace":"../../etc","name":"passwd"}"#, #"{"kind":"Deployment","namespace":"shop","name":"cart"}"#,
            #"{"kind":"Pod","namespace":"elsewhere","name":null,"minutes":-1e308}"#, String(repeating: "[", count: 5_000),
        ]
        let tools = EvidenceTool.allCases.map(\.rawValue) + ["kubectl_delete", ""]
        let all = tools.flatMap { tool in arguments.map { Self.call(tool, $0) } }
        let model = Self.calling { round in
            Array(all.dropFirst((round - 1) * 7).prefix(7))
        } then: { _ in
            #"{"causes":[]}"#
        }
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let incident = try await Self.investigate(agent, model)
        #expect(incident.status == .completed && incident.report?.gaps.contains { $0.path == "language model" } == false)
        let asked = model.asked.filter { $0.purpose == .reason }
        let rounds = asked.filter { !$0.tools.isEmpty }
        #expect((1...Reasoning.Bounds().rounds).contains(rounds.count) && asked.count == rounds.count + 1)
        // Inventory and the first reading apart.
        #expect(agent.scopes.count <= 1 + EvidenceDesk.mostReadings)
        for turn in rounds.last?.turns ?? [] {
            if case .results(let results) = turn {
                #expect(results.count == 7 && results.allSatisfy { $0.text.contains("note") || $0.text.contains("found") })
            }
        }
    }

    @Test func `every tool says what it finds, and results are cut by what they tell`() async throws {
        var builder = Self.oddShop(nil)
        let lines = (1...900).map { "INFO request \($0) served" } + ["ERROR quorum of scribes absent for 0123456789abcdef"]
        builder.log("cart", lines.joined(separator: "\n"))
        builder.service("cart")
        builder.event("Unhealthy", about: ObjectReference(kind: "Deployment", namespace: "shop", name: "cart"), "scribes are late")
        let question = Question(description: "cart", subjects: [Self.cart], namespaces: ["shop"])
        var evidence = builder.evidence()
        evidence.namespaces = ["shop"]
        var desk = EvidenceDesk(
            evidence, scope: EvidenceScope(namespaces: ["shop"]), words: ["scribes"],
            lookup: { EvidenceLookup($0, graph: .empty, question: question) }, read: { _ in .failure(.timeout("no")) })
        let expected = [
            "describe_object": "spec.template.spec.containers[cart].image", "list_objects": "0 of 1 pods Ready",
            "events": "scribes are late",
            "logs": "quorum of scribes absent for <id>", "endpoints": "no ready endpoint", "neighbours": "selects it",
        ]
        for (tool, words) in expected {
            let result = await desk.answer(
                Self.call(tool, #"{"kind":"\#(tool == "endpoints" ? "Service" : "Deployment")","namespace":"shop","name":"cart"}"#))
            #expect(result.text.contains(words), "\(tool): \(result.text.prefix(600))")
            #expect(result.text.utf8.count < 12_000)
        }
        let cut = await desk.answer(Self.call("logs", #"{"kind":"Deployment","namespace":"shop","name":"cart","pattern":null}"#))
        #expect(cut.text.contains("quorum of scribes") && !cut.text.contains(#""left_out":0"#))
        let found = await desk.answer(
            Self.call("logs", #"{"kind":"Deployment","namespace":"shop","name":"cart","pattern":"QUORUM|nothing"}"#))
        #expect(
            found.text.contains("quorum of scribes") && found.text.contains(#""left_out":0"#) && !found.text.contains("request 1 served"))
        let elsewhere = await desk.answer(Self.call("events", #"{"kind":"Pod","namespace":"billing","name":null}"#))
        #expect(elsewhere.text.contains("It could not be read: no"))
    }

    @Test func `without tools, and when it fails, the investigation goes on`() async throws {
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let plain = try await Self.investigate(agent, nil)
        let deaf = ScriptedModel { request throws(ModelError) in
            if request.purpose == .parse { return ModelStepTests.nothing }
            guard request.tools.isEmpty else { throw .refused(status: 400, message: "tools are not supported") }
            return Self.proposal("ConfigurationInvalid", Self.cart, Self.ids(request, "quorum of scribes"))
        }
        #expect(try await Self.investigate(agent, deaf).report?.rootCauses.first?.cause == .configurationInvalid)
        for error in [ModelError.timeout, .unreachable("x"), .overBudget("day"), .busy("HTTP 503")] {
            let failing = ScriptedModel { request throws(ModelError) in
                guard request.purpose == .reason else { return ModelStepTests.nothing }
                throw error
            }
            let incident = try await Self.investigate(agent, failing)
            #expect(Self.rules(incident.report) == plain.report)
            #expect(incident.report?.gaps.last?.reason == error.explanation)
        }
    }

    @Test func `the budget of tokens and of money ends it`() async throws {
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let endless = Self.calling { _ in
            [Self.call("events", "{}")]
        } then: { _ in
            #"{"causes":[]}"#
        }
        let incident = try await Self.investigate(agent, endless, limits: .init(tokens: 350, explains: false))
        // Looking things up leaves a part of it for the conclusion.
        #expect(endless.asked.filter { $0.purpose == .reason }.map(\.tools.isEmpty) == [false, true])
        #expect(incident.report?.modelUse?.inputTokens == 300 && incident.report?.gaps.contains { $0.path == "language model" } == false)
        let poor = Self.calling { _ in
            []
        } then: { _ in
            #"{"causes":[]}"#
        }
        let ended = try await Self.investigate(agent, poor, limits: .init(tokens: 200, explains: false))
        #expect(ended.report?.gaps.last?.reason.contains("200 tokens an investigation") == true)
        #expect(InvestigationPipeline.ModelLimits(tokens: 10, cost: 0.5).allow(ModelUsage(cost: 0.4)))
        #expect(!InvestigationPipeline.ModelLimits(tokens: 10, cost: 0.5).allow(ModelUsage(cost: 0.5)))
    }

    @Test func `what was found and used stands when the time is over`() async throws {
        /// Looks one thing up, and then says nothing any more.
        struct Slow: LanguageModel {
            let name = "slow"
            func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
                if request.purpose == .parse { return ModelAnswer(text: ModelStepTests.nothing) }
                if request.turns.count > 1 || request.tools.isEmpty {
                    try? await Task.sleep(for: .seconds(60))
                    throw .timeout
                }
                let call = ToolCall(id: "a", name: "events", arguments: "{}")
                return ModelAnswer(text: "", calls: [call], usage: ModelUsage(requests: 1, inputTokens: 70, outputTokens: 7))
            }
        }
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let start = ContinuousClock.now
        let incident = try await Self.investigate(agent, Slow(), limits: .init(stepSeconds: 1, explains: false))
        #expect(incident.report?.modelUse?.inputTokens == 70 && incident.status == .completed)
        #expect(incident.report?.gaps.last?.reason == ModelError.timeout.explanation)
        #expect(start.duration(to: .now) < .seconds(15))
    }

    @Test func `a restart between proposing and verifying loses nothing`() async throws {
        let agent = ScriptedAgent(Self.oddShop().evidence())
        let model = Self.proposing { Self.proposal("ConfigurationInvalid", Self.cart, Self.ids($0, "quorum of scribes")) }
        let pipeline = InvestigationPipeline(
            agent: agent, model: model, limits: .init(retry: RetryDelays(attempts: 1), model: .init(explains: false)), now: { moment })
        struct Killed: Error {}
        for step in [InvestigationStep.correlate, .reason] {
            var first = OpenInvestigation(Incident(id: UUID(), description: "cart answers 503", createdAt: moment), in: pipeline.steps)
            let checkpoint = Mutex<Data?>(nil)
            await #expect(throws: Killed.self) { () async throws in
                try await pipeline.run(&first) { investigation, entries in
                    guard entries.contains(where: { $0.step == step.rawValue }) else { return }
                    checkpoint.withLock { $0 = try? JSONEncoder().encode(investigation.state) }
                    throw Killed()
                }
            }
            let state = try JSONDecoder().decode(InvestigationState.self, from: try #require(checkpoint.withLock { $0 }))
            var second = OpenInvestigation(first.incident, resuming: state, in: pipeline.steps)
            try await pipeline.run(&second) { _, _ in }
            #expect(second.incident.report?.rootCauses.first?.cause == .configurationInvalid, "\(step)")
        }
    }
}
