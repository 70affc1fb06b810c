import FastJSON
import Foundation
import IncidentModel
import Synchronization
import TestSupport
import Testing

@testable import Investigation

/// What a model may add to an investigation, and what it may not.
@Suite(.timeLimit(.minutes(1)))
struct ModelStepTests {
    static let nothing = #"{"pod":null,"workload":null,"service":null,"namespace":null,"node":null,"error":null,"time":null}"#
    private static let silence = #"{"summary":[],"timeline":[],"impact":[],"next_steps":[]}"#

    private static func investigate(
        _ description: String, _ model: (any LanguageModel)?, limits: InvestigationPipeline.ModelLimits = .init()
    ) async throws -> Incident {
        let incident = Incident(id: UUID(), description: description, createdAt: moment)
        let pipeline = InvestigationPipeline(
            agent: ScriptedAgent(Fixture.brokenShop().evidence()), model: model,
            limits: .init(retry: RetryDelays(attempts: 1), model: limits), now: { moment })
        return try await pipeline.investigate(incident)
    }

    /// The report without what belongs to a model.
    private static func rules(_ report: Report?) -> Report? {
        var report = report
        report?.explanation = nil
        report?.modelUse = nil
        report?.gaps.removeAll { $0.path == "language model" }
        return report
    }

    @Test func `names that the words do not give are taken from the model where something is called so`() async throws {
        let text = "«cart»-д захиалга өгөхөд алдаа гарч байна"
        let model = ScriptedModel { request in
            request.purpose == .parse
                ? #"{"pod":null,"workload":"cart","service":null,"namespace":"shop","node":null,"error":"захиалга өгөхөд алдаа","time":null}"#
                : Self.silence
        }
        let incident = try await Self.investigate(text, model)
        #expect(incident.extractedEntities?.errorSummary == "захиалга өгөхөд алдаа")
        #expect(incident.extractedEntities?.resolved.contains { $0.name == "cart" } == true)
    }

    @Test func `names that stand nowhere in the text, or that nothing has, change nothing`() async throws {
        for reply in [
            #"{"pod":"etcd-0","workload":"billing","service":"billing","namespace":"kube-system","node":"node-9","error":null,"time":"yesterday"}"#,
            #"{"pod":"ghost","workload":null,"service":"ghost","namespace":null,"node":null,"error":null,"time":null}"#,
        ] {
            let model = ScriptedModel { $0.purpose == .parse ? reply : Self.silence }
            for text in ["cart answers 503", "a ghost is in the machine"] {
                let with = try await Self.investigate(text, model)
                let without = try await Self.investigate(text, nil)
                #expect(Self.rules(with.report) == Self.rules(without.report), "\(text)")
            }
        }
    }

    @Test func `sentences stand that cite evidence and name nothing else`() async throws {
        let plain = try await Self.investigate("cart answers 503", nil)
        let cause = try #require(plain.report?.rootCauses.first)
        let id = "1." + (try #require(cause.citations.first?.id))
        let good = "The workload \(cause.object.name) cannot start."
        let sentences = [
            (good, [id], true), (good, [], false), (good, ["1.e99", "9.e1"], false), (good, ["1.e99", id], true),
            ("It began 4711 minutes ago.", [id], false), ("The cause is billing-db-7.", [id], false),
            ("In truth it is OutOfMemory, an OOMKilled.", [id], cause.cause == .memoryLimitExceeded),
            ("See https://evil.example/x for more.", [id], false), ("<b>bold</b>", [id], false), ("[click](x)", [id], false),
            ("a\u{202E}b", [id], false), (String(repeating: "long ", count: 100), [id], false), ("", [id], false),
        ]
        for (text, evidence, stands) in sentences {
            let list = "[" + evidence.map(JSONText.quote).joined(separator: ",") + "]"
            let reply = #"{"summary":[{"text":\#(JSONText.quote(text)),"evidence":\#(list)}],"timeline":[],"impact":[],"next_steps":[]}"#
            let model = ScriptedModel { $0.purpose == .parse ? Self.nothing : reply }
            let incident = try await Self.investigate("cart answers 503", model)
            #expect((incident.report?.explanation?.summary.count == 1) == stands, "\(text)")
            if stands { #expect(incident.report?.explanation?.summary.first?.evidence == [id]) }
            #expect(Self.rules(incident.report) == plain.report)
        }
    }

    @Test func `what is not as it was asked for is asked for once more`() async throws {
        let asked = Mutex(0)
        let model = ScriptedModel { request in
            let number = asked.withLock { count in
                count += 1
                return count
            }
            return number == 1 ? "Sure! Here is what I found." : "```json\n\(request.purpose == .parse ? Self.nothing : Self.silence)\n```"
        }
        let incident = try await Self.investigate("cart answers 503", model)
        #expect(incident.report?.gaps.contains { $0.path == "language model" } == false)
        #expect(model.asked.map(\.purpose) == [.parse, .parse, .explain] && model.asked[1].turns.count == 3)
        #expect(incident.report?.modelUse?.requests == 3 && incident.report?.modelUse?.inputTokens == 300)
    }

    @Test(arguments: [
        ModelError.unreachable("refused"), .timeout, .refused(status: 401, message: "key"), .busy("HTTP 503"), .declined("no"), .truncated,
        .empty,
        .malformed("x"), .overBudget("day"),
    ])
    func `without a usable model the report is that of the rules, and names the gap`(_ error: ModelError) async throws {
        let model = ScriptedModel(answers: { _ throws(ModelError) in throw error })
        let incident = try await Self.investigate("cart answers 503", model)
        let plain = try await Self.investigate("cart answers 503", nil)
        #expect(Self.rules(incident.report) == plain.report)
        let gap = try #require(incident.report?.gaps.last)
        #expect(gap.path == "language model" && gap.reason == error.explanation && incident.status == .completed)
    }

    @Test func `an investigation's budget holds, and its use is told`() async throws {
        let model = ScriptedModel { $0.purpose == .parse ? Self.nothing : Self.silence }
        let incident = try await Self.investigate("cart answers 503", model, limits: .init(tokens: 110))
        #expect(model.asked.map(\.purpose) == [.parse] && incident.report?.modelUse?.inputTokens == 100)
        #expect(incident.report?.gaps.last?.reason.contains("110 tokens an investigation") == true)
    }

    @Test func `a model that hangs holds nothing up`() async throws {
        struct Hanging: LanguageModel {
            let name = "hanging"
            func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
                try? await Task.sleep(for: .seconds(60))
                throw .timeout
            }
        }
        let start = ContinuousClock.now
        let incident = try await Self.investigate("cart answers 503", Hanging(), limits: .init(stepSeconds: 0.2))
        #expect(incident.status == .completed && incident.report?.outcome == .causeFound)
        #expect(start.duration(to: .now) < .seconds(10))
    }
}
