import AgentAPI
import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import Investigation
import TestSupport
import Testing

struct EvidenceWireTests {
    @Test(arguments: ["01", "12", "37"])
    func `a recorded cluster comes back from the wire as it was`(number: String) throws {
        let evidence = try Scenario.named(number).evidence()
        let back = try ClusterEvidence(wire: EvidenceWireForm(evidence).data)
        #expect(back.capturedAt == evidence.capturedAt)
        #expect(back.kubernetesVersion == evidence.kubernetesVersion)
        #expect(back.namespaces == evidence.namespaces)
        #expect(back.gaps == evidence.gaps)
        #expect(back.logs == evidence.logs)
        #expect(back.knowledgeGraph == evidence.knowledgeGraph)
        #expect(back.lists.mapValues { $0.map(\.serialized) } == evidence.lists.mapValues { $0.map(\.serialized) })
    }

    @Test func `hostile text, binary telemetry and all namespaces survive the wire`() throws {
        let text = "\u{1B}[31m\"\\\u{0}\n\r\t</script>{\"a\":1}\u{7F}é\u{2028}😀"
        let evidence = ClusterEvidence(
            capturedAt: Date(timeIntervalSince1970: 1_795_460_400.25), kubernetesVersion: text, namespaces: nil,
            gaps: [EvidenceGap(path: text, reason: text)], lists: [text: []],
            logs: [ContainerLog(namespace: "n", pod: "p", container: "c", isPrevious: true, text: text)],
            telemetry: ["a.csv": Data("time,x\n".utf8), "b.bin": Data([0xFF, 0x00, 0xFE])], knowledgeGraph: text)
        let back = try ClusterEvidence(wire: EvidenceWireForm(evidence).data)
        #expect(back.capturedAt == evidence.capturedAt)
        #expect(back.kubernetesVersion == text)
        #expect(back.namespaces == nil)
        #expect(back.gaps == evidence.gaps)
        #expect(back.lists[text]?.isEmpty == true)
        #expect(back.logs == evidence.logs)
        #expect(back.telemetry == evidence.telemetry)
        #expect(back.knowledgeGraph == text)
    }

    @Test func `a list that was not read stays different from an empty one`() throws {
        var builder = ClusterBuilder()
        builder.removeList(.nodes)
        let back = try ClusterEvidence(wire: EvidenceWireForm(builder.evidence()).data)
        #expect(back.lists[ResourceType.nodes.path] == nil)
        #expect(back.lists[ResourceType.ingresses.path]?.isEmpty == true)
    }

    private static let frame = [
        "captured_at": "\"2026-11-23T19:00:00Z\"", "kubernetes_version": "\"v1\"", "gaps": "[]", "lists": "{}", "logs": "[]",
    ]

    @Test(arguments: [
        ("captured_at", "\"yesterday\""), ("captured_at", "17"), ("kubernetes_version", "null"), ("gaps", "{}"), ("gaps", "[{}]"),
        ("lists", "[]"), ("lists", "{\"api/v1/pods\":{}}"), ("logs", "null"), ("logs", "[{\"pod\":\"p\"}]"), ("namespaces", "\"shop\""),
        ("namespaces", "[1]"), ("telemetry", "[]"), ("telemetry", "{\"a\":1}"),
    ])
    func `a member of the wrong form is named`(member: String, json: String) throws {
        let members = Self.frame.merging([member: json]) { $1 }.map { (key: $0.key, json: $0.value) }
        let error = #expect(throws: EvidenceWireError.self) { try ClusterEvidence(wire: Data(JSONText.object(members).utf8)) }
        #expect(error?.message.contains("'\(member)'") == true)
    }

    @Test(arguments: ["captured_at", "kubernetes_version", "gaps", "lists", "logs"])
    func `a frame without one of its members is no empty cluster`(member: String) {
        let members = Self.frame.filter { $0.key != member }.map { (key: $0.key, json: $0.value) }
        #expect(throws: EvidenceWireError.self) { try ClusterEvidence(wire: Data(JSONText.object(members).utf8)) }
    }

    @Test(arguments: ["", "{}", "[]", "null", "17", "{\"status\":\"ok\"}", "<html>", "{\"captured_at\":", "\u{0}"])
    func `other bytes are no evidence`(text: String) {
        #expect(throws: EvidenceWireError.self) { try ClusterEvidence(wire: Data(text.utf8)) }
    }

    @Test func `items that are no objects are left to the view, which names them`() throws {
        let members = Self.frame.merging(["lists": "{\"api/v1/pods\":[1,null,{}]}"]) { $1 }.map { (key: $0.key, json: $0.value) }
        let view = ClusterView(try ClusterEvidence(wire: Data(JSONText.object(members).utf8)))
        #expect(view.pods.isEmpty)
        #expect(view.gaps.count == 3)
    }
}

struct EvidenceScopeWireTests {
    private func scope(_ text: String) throws -> EvidenceScope { try EvidenceScope(wire: JSONValue(parsing: text)) }

    @Test func `a scope comes back from the wire as it was`() throws {
        let scope = EvidenceScope(
            namespaces: ["shop", "other"], subject: ObjectReference(kind: "Node", namespace: nil, name: "worker-1"),
            focus: [
                ObjectReference(kind: "ClusterRole", namespace: nil, name: "system:node"),
                .init(kind: "Pod", namespace: "shop", name: "a.b"),
            ])
        #expect(try EvidenceScope(wire: JSONValue(parsing: scope.wireData)) == scope)
    }

    @Test func `every member may be left out and others are ignored`() throws {
        #expect(try scope("{}") == EvidenceScope())
        #expect(try scope(#"{"namespaces":null,"subject":null,"depth":3}"#) == EvidenceScope())
        let subject = try scope(#"{"subject":{"kind":"Pod","namespace":"shop","name":"x","uid":"1"}}"#).subject
        #expect(subject == ObjectReference(kind: "Pod", namespace: "shop", name: "x"))
    }

    @Test(arguments: [
        ("[]", "object"), ("17", "object"), (#"{"namespaces":"shop"}"#, "'namespaces'"), (#"{"namespaces":[1]}"#, "'namespaces'"),
        (#"{"namespaces":["../x"]}"#, "'namespaces'"), (#"{"namespaces":["SHOP"]}"#, "'namespaces'"),
        (#"{"namespaces":[""]}"#, "'namespaces'"),
        (#"{"subject":"web"}"#, "'subject'"), (#"{"subject":{"kind":"Pod"}}"#, "'subject'"), (#"{"subject":{"name":"x"}}"#, "'subject'"),
        (#"{"subject":{"kind":"P od","name":"x"}}"#, "'subject.kind'"), (#"{"subject":{"kind":"Pod","name":"a/b"}}"#, "'subject.name'"),
        (#"{"subject":{"kind":"Pod","name":".."}}"#, "'subject.name'"), (#"{"subject":{"kind":"Pod","name":"a%2Fb"}}"#, "'subject.name'"),
        (#"{"subject":{"kind":"Pod","namespace":7,"name":"x"}}"#, "'subject.namespace'"),
        (#"{"subject":{"kind":"Pod","namespace":"a/b","name":"x"}}"#, "'subject.namespace'"), (#"{"focus":{}}"#, "'focus'"),
        (#"{"focus":["x"]}"#, "'focus'"),
    ])
    func `what is no scope is refused by the member's name`(text: String, named: String) {
        let error = #expect(throws: EvidenceScopeError.self) { try scope(text) }
        #expect(error?.message.contains(named) == true)
    }

    @Test(arguments: [("a", true), ("a-1", true), ("-a", false), ("a-", false), ("A", false), ("a.b", false), ("", false), ("ä", false)])
    func `labels are what DNS-1123 says`(name: String, isLabel: Bool) {
        #expect(KubernetesName.isLabel(name) == isLabel)
    }

    @Test(arguments: [
        ("a.b", true), ("a", true), ("a..b", false), (".a", false), ("a.", false), ("a/b", false), ("..", false), ("", false),
    ])
    func `subdomains are what DNS-1123 says`(name: String, isSubdomain: Bool) {
        #expect(KubernetesName.isSubdomain(name) == isSubdomain)
    }

    @Test func `names have the length that Kubernetes allows`() {
        #expect(KubernetesName.isLabel(String(repeating: "a", count: 63)) && !KubernetesName.isLabel(String(repeating: "a", count: 64)))
        #expect(
            KubernetesName.isSubdomain(String(repeating: "a", count: 253))
                && !KubernetesName.isSubdomain(String(repeating: "a", count: 254)))
    }
}
