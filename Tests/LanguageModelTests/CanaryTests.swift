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
@testable import LanguageModels

/// A secret in every field of every recorded incident, before a model that looks at everything: none of it is in any request's body.
@Suite(.timeLimit(.minutes(10)))
struct CanaryTests {
    /// How secrets look where people leave them, each with the part that must not leave.
    private static let plants: [(text: String, secret: String)] = [
        ("password=hunter2CanaryOne91", "hunter2CanaryOne91"), ("Authorization: Bearer canarytwo0123456789abcdef", "canarytwo0123456"),
        ("ghp_0123456789abcdefghijABCDEFGHIJ456789", "ghp_0123456789ab"), ("AKIAIOSFODNN7CANARYS", "AKIAIOSFODNN7CAN"),
        ("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxIn0.SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c", "SflKxwRJSMeKKF2Q"),
        ("postgres://app:s3cretCanary@db:5432/shop", "s3cretCanary"),
        ("-----BEGIN RSA PRIVATE KEY-----MIIEowIBAAKCAQEA-----END RSA PRIVATE KEY-----", "MIIEowIBAAKCAQEA"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "wJalrXUtnFEMI/K7"), ("ana.canary@example.org", "ana.canary@"),
        ("card 4111 1111 1111 1111", "4111 1111 1111"), ("x=Q29ycmVjdEhvcnNlQmF0dGVyeVN0YXBsZTEyMw==", "Q29ycmVjdEhvcnNl"),
    ]

    /// What objects are found and joined by: with a secret in them there would be no incident to look at.
    private static let identity: Set<String> = [
        "name", "namespace", "uid", "kind", "apiVersion", "resourceVersion", "creationTimestamp", "deletionTimestamp", "nodeName", "podIP",
        "phase",
        "status", "type", "containerID", "firstTimestamp", "lastTimestamp", "startedAt", "finishedAt", "startTime", "matchLabels", "labels",
        "selector",
    ]

    private static func planted(_ json: JSONValue, _ key: String, _ number: inout Int) -> String {
        switch json.kind {
        case .object:
            return JSONText.object(
                json.members.map { member in
                    (member.key, identity.contains(member.key) ? member.value.serialized : planted(member.value, member.key, &number))
                })
        case .array: return JSONText.array(json.array.map { planted($0, key, &number) })
        case .string:
            number += 1
            return JSONText.quote("\(json.string ?? "") \(plants[number % plants.count].text)")
        default: return json.serialized
        }
    }

    private static func planted(_ evidence: ClusterEvidence) throws -> (ClusterEvidence, count: Int) {
        var (result, number) = (evidence, 0)
        for (path, items) in evidence.lists {
            result.lists[path] = try items.map { try JSONValue(parsing: planted($0, "", &number)) }
        }
        for index in result.logs.indices {
            let lines = result.logs[index].text.split(separator: "\n").map { line in
                number += 1
                return "\(line) \(plants[number % plants.count].text)\n"
            }
            result.logs[index].text = lines.joined()
        }
        return (result, number)
    }

    /// Asks for everything, and keeps what reaches it.
    private final class Curious: LanguageModel {
        let name = "curious"
        private let log = Mutex<[ModelRequest]>([])
        var requests: [ModelRequest] { log.withLock { $0 } }

        func answer(_ request: ModelRequest) async throws(ModelError) -> ModelAnswer {
            log.withLock { $0.append(request) }
            switch request.purpose {
            case .parse:
                return ModelAnswer(
                    text: #"{"pod":null,"workload":null,"service":null,"namespace":null,"node":null,"error":null,"time":null}"#)
            case .explain: return ModelAnswer(text: #"{"summary":[],"timeline":[],"impact":[],"next_steps":[]}"#)
            case .reason, .check:
                guard !request.tools.isEmpty else { return ModelAnswer(text: #"{"causes":[]}"#) }
                let kinds = ["ConfigMap", "Secret", "Deployment", "Pod"]
                return ModelAnswer(
                    text: "",
                    calls: kinds.enumerated().map {
                        ToolCall(id: "\($0)", name: "list_objects", arguments: #"{"kind":"\#($1)","namespace":null}"#)
                    })
            }
        }
    }

    private static let wires: [any WireFormat] = ModelAccess.Provider.allCases.map { $0.wire(keyHeader: nil) }

    /// Secrets in the bodies that these requests would have, of whichever provider.
    private static func leaks(_ requests: [ModelRequest]) -> [String] {
        let bodies = requests.flatMap { request in
            wires.map { Data($0.body(request, model: "m", settings: WireSettings(), hasNativeSchema: false).utf8) }
        }
        // With the words around it, to see how it got out.
        return plants.map(\.secret).compactMap { secret in
            let forms = [secret, secret.replacing("/", with: "\\/")].map { Data($0.utf8) }
            for body in bodies {
                guard let found = forms.lazy.compactMap({ body.range(of: $0) }).first else { continue }
                return String(decoding: body[max(0, found.lowerBound - 80)...].prefix(160), as: UTF8.self)
            }
            return nil
        }
    }

    @Test func `there are scenarios to look at`() { #expect(Scenario.all.count >= 60) }

    @Test(arguments: Scenario.all)
    func `no secret of a scenario leaves with an investigation`(_ scenario: Scenario) async throws {
        let reported = try scenario.incident()
        let (evidence, count) = try Self.planted(scenario.evidence())
        #expect(count > 100)
        let model = Curious()
        let description = reported.description + " " + Self.plants.map(\.text).joined(separator: " ")
        let pipeline = InvestigationPipeline(agent: ScriptedAgent(evidence), model: GuardedModel(model))
        let incident = try await pipeline.investigate(
            Incident(id: UUID(), description: description, namespace: reported.namespace, createdAt: Date()))
        #expect(incident.status == .completed && model.requests.contains { $0.purpose == .parse })
        #expect(Self.leaks(model.requests).isEmpty)
        try await lookAtEverything(evidence, reported.namespace, description)
    }

    /// All that tools can give, whether or not a model would come to ask for it.
    private func lookAtEverything(_ evidence: ClusterEvidence, _ namespace: String?, _ description: String) async throws {
        let question = Question(description: description, namespaces: namespace.map { [$0] } ?? [])
        var desk = EvidenceDesk(
            evidence, scope: EvidenceScope(), words: [], lookup: { EvidenceLookup($0, graph: .empty, question: question) },
            read: { _ in .failure(.timeout("no")) })
        let view = ClusterView(evidence)
        let inside = view.pods.items.map(\.reference) + view.workloads.map(\.reference) + view.configMaps.items.map(\.reference)
        let further = view.secrets.items.map(\.reference) + view.services.items.map(\.reference)
        let objects =
            (inside + further).filter { namespace == nil || $0.namespace == namespace }.prefix(12) + view.nodes.items.map(\.reference)
        var results: [ToolResult] = []
        for object in objects {
            let space = object.namespace.map(JSONText.quote) ?? "null"
            for tool in EvidenceTool.allCases {
                let arguments = #"{"kind":"\#(object.kind)","namespace":\#(space),"name":"\#(object.name)"}"#
                results.append(await desk.answer(ToolCall(id: "c", name: tool.rawValue, arguments: arguments)))
            }
        }
        let model = Curious()
        let request = ModelRequest(
            purpose: .reason, investigation: UUID(), instructions: "", turns: [.question("{}"), .results(results)])
        _ = try await GuardedModel(model).answer(request)
        #expect(results.contains { $0.text.contains("spec.") })
        #expect(Self.leaks(model.requests).isEmpty)
    }
}
