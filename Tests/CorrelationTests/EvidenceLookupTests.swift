import ClusterModel
import Foundation
import IncidentModel
import KnowledgeGraph
import TestSupport
import Testing

@testable import Correlation

/// What can be looked up in evidence, and what the rules say of somebody else's causes.
struct EvidenceLookupTests {
    private static let cart = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")

    private static func shop(_ change: (inout ClusterBuilder) -> Void = { _ in }) -> ClusterBuilder {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        let env = ["DB_PASSWORD": "hunter2hunter2", "CART_URL": "http://cart-db", "MODE": "fast"]
        builder.deployment("cart", TemplateShape([ContainerShape("cart", env: env)]), pods: [.running(ready: false)])
        builder.deployment("cart-db")
        builder.service("cart")
        builder.service("cart-db")
        builder.secret("keys", keys: ["a", "b"])
        change(&builder)
        return builder
    }

    private static func lookup(_ builder: ClusterBuilder) -> EvidenceLookup {
        EvidenceLookup(builder.evidence(), graph: .empty, question: Question(description: "cart", subjects: [cart], namespaces: ["shop"]))
    }

    @Test func `fields stand at their path, without credentials`() {
        let fields = Self.lookup(Self.shop()).fields(of: Self.cart)
        let byPath = Dictionary(fields.map { ($0.citation.field ?? "", $0.shown) }) { first, _ in first }
        #expect(byPath["spec.template.spec.containers[cart].env[MODE]"] == "fast")
        #expect(byPath["spec.template.spec.containers[cart].env[DB_PASSWORD]"] == "***")
        #expect(byPath["spec.replicas"] == "1" && byPath["status.conditions[Available].status"] == "False")
        #expect(!fields.contains { ($0.citation.field ?? "").contains("managedFields") })
        let secret = Self.lookup(Self.shop()).fields(of: ObjectReference(kind: "Secret", namespace: "shop", name: "keys"))
        #expect(secret.contains { $0.citation.field == "data" && $0.shown == "keys: a b" })
        #expect(!secret.contains { ($0.citation.field ?? "").hasPrefix("data.") })
    }

    @Test func `neighbours are those that call, select, run and stand behind`() {
        let lookup = Self.lookup(Self.shop())
        let near = lookup.neighbours(of: Self.cart).map(\.citation)
        #expect(near.contains { $0.object.name == "cart-db" && $0.text.contains("configured to call") })
        #expect(near.contains { $0.object.kind == "Service" && $0.object.name == "cart" && $0.text.contains("selects it") })
        #expect(near.contains { $0.object.kind == "Node" })
        let service = lookup.neighbours(of: ObjectReference(kind: "Service", namespace: "shop", name: "cart-db")).map(\.citation)
        #expect(service.contains { $0.object == Self.cart } && service.contains { $0.text.contains("behind the Service") })
    }

    @Test func `the newest change of a template is told, without credentials`() {
        var builder = ClusterBuilder()
        builder.namespace("shop")
        let old = TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:1", env: ["API_TOKEN": "0ldvalue0ldvalue"])])
        let new = TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:2", env: ["API_TOKEN": "n3wvalue"])])
        builder.deployment("cart", new, pods: [.running], revision: 2)
        builder.replicaSet(of: "cart", old, revision: 1, replicas: 0)
        let changes = Self.lookup(builder).changes(of: Self.cart)
        #expect(changes.contains { $0.shown == "from registry.example.com/cart:1 to registry.example.com/cart:2" })
        #expect(changes.contains { $0.shown == "from *** to ***" && ($0.citation.field ?? "").hasSuffix("env.API_TOKEN") })
    }

    @Test func `lines that say the same are one, the last, with their number`() {
        let builder = Self.shop { builder in
            builder.log("cart", "ERROR order 0123456789abcdef lost\nINFO well\nERROR order fedcba9876543210 lost")
        }
        let logs = Self.lookup(builder).logs(of: Self.cart, container: nil, pattern: "LOST|gone", minutes: 60)
        #expect(logs.map(\.shown) == ["ERROR order <id> lost (2 times)"])
        #expect(logs.first?.citation.text == "ERROR order fedcba9876543210 lost" && logs.first?.weight == 3)
        #expect(Self.lookup(builder).logs(of: Self.cart, container: "other", pattern: nil, minutes: nil).isEmpty)
        #expect(Self.lookup(builder).logs(of: Self.cart, container: nil, pattern: nil, minutes: 0.001).isEmpty)
    }

    // MARK: Proposals

    private static func verdict(_ builder: ClusterBuilder, _ cause: CauseCode, _ object: ObjectReference, _ citations: [Citation])
        -> ProposalVerdict?
    {
        let question = Question(description: "cart", subjects: [cart], namespaces: ["shop"])
        return Engine().diagnose(
            ClusterView(builder.evidence()), graph: .empty, question: question,
            proposals: [CauseProposal(cause: cause, object: object, citations: citations)]
        ).verdicts.first
    }

    private static func line(_ builder: ClusterBuilder) -> [Citation] {
        lookup(builder).logs(of: cart, container: nil, pattern: nil, minutes: nil).map(\.citation)
    }

    @Test func `what the rules have found is known, by a pod's name too`() throws {
        let missing = Self.shop { builder in
            builder.deployment(
                "cart", TemplateShape([ContainerShape("cart", envFrom: [.configMap("settings")])]),
                pods: [PodShape(.waiting("CreateContainerConfigError", "configmap \"settings\" not found"))])
        }
        let known = Self.verdict(missing, .configMapNotFound, ObjectReference(kind: "ConfigMap", namespace: "shop", name: "settings"), [])
        let report = try diagnose(missing.evidence(), "cart answers 503", namespace: "shop")
        let cause = try #require(report.rootCauses.first)
        guard case .known(let found)? = Self.verdict(missing, cause.cause, cause.object, []) else {
            Issue.record("\(String(describing: known))")
            return
        }
        #expect(found.confidence == cause.confidence && found.statement == cause.statement)
    }

    @Test func `only words of a program in trouble make a cause possible, and never a sure one`() {
        let odd = Self.shop { $0.log("cart", "ERROR quorum of scribes absent") }
        guard case .possible(let cause)? = Self.verdict(odd, .poolExhausted, Self.cart, Self.line(odd)) else {
            Issue.record("refused")
            return
        }
        #expect(cause.confidence < 0.5 && cause.citations.map(\.source) == [.log])
        for code in CauseCode.allCases where !ProposalReview.toldByPrograms.contains(code) {
            if case .possible? = Self.verdict(odd, code, Self.cart, Self.line(odd)) { Issue.record("\(code) shows in the API only") }
        }
        let well = Self.shop { $0.log("cart-db", "ERROR quorum of scribes absent") }
        let database = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart-db")
        let words = Self.lookup(well).logs(of: database, container: nil, pattern: nil, minutes: nil).map(\.citation)
        for (object, citations) in [(database, words), (Self.cart, words), (Self.cart, [])] { Self.expectRefusal(well, object, citations) }
    }

    private static func expectRefusal(
        _ builder: ClusterBuilder, _ object: ObjectReference = cart, _ citations: [Citation]? = nil, _ why: Comment? = nil,
        at location: SourceLocation = #_sourceLocation
    ) {
        if case .refused? = verdict(builder, .poolExhausted, object, citations ?? line(builder)) { return }
        Issue.record(why ?? "\(object) is not refused", sourceLocation: location)
    }

    @Test(arguments: [
        #"{"level":"info","msg":"quorum of scribes present"}"#, "level=info msg=ready", "listening on :8080", "INFO well", "",
    ])
    func `calm lines are no complaint, in whatever form`(_ line: String) {
        Self.expectRefusal(Self.shop { $0.log("cart", line) })
    }

    @Test func `a line without a level counts where a program ended with it`() {
        var fallen = ClusterBuilder()
        fallen.namespace("shop")
        fallen.deployment("cart", pods: [.crashLooping()])
        fallen.log("cart", "quorum of scribes absent")
        let verdict = Self.verdict(fallen, .poolExhausted, Self.cart, Self.line(fallen))
        guard case .possible? = verdict else {
            Issue.record("\(String(describing: verdict))")
            return
        }
    }

    @Test func `words that the rules know are for the rules`() {
        Self.expectRefusal(Self.shop { $0.log("cart", "ERROR dial tcp 10.0.0.9:5432: connect: connection refused") })
    }

    @Test func `what nothing joins to the question is no suspicion`() {
        let elsewhere = Self.shop { builder in
            builder.namespace("billing")
            builder.deployment("ledger", pods: [.running(ready: false)], in: "billing")
            builder.log("ledger", in: "billing", "ERROR quorum of scribes absent")
        }
        let ledger = ObjectReference(kind: "Deployment", namespace: "billing", name: "ledger")
        let words = Self.lookup(elsewhere).logs(of: ledger, container: nil, pattern: nil, minutes: nil).map(\.citation)
        #expect(!words.isEmpty)
        Self.expectRefusal(elsewhere, ledger, words)
        // A sure fault there is a fault elsewhere, and not known as a cause of this.
        let broken = Self.shop { builder in
            builder.namespace("billing")
            builder.deployment("ledger", pods: [.waiting("ErrImagePull", "manifest unknown: not found")], in: "billing")
        }
        if case .known? = Self.verdict(broken, .imageNotFound, ledger, []) { Issue.record("known, though nothing joins it to cart") }
    }

    @Test func `a change that fits makes a suspicion no surer than a suspicion`() {
        let changed = Self.shop { builder in
            let new = TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:2")])
            builder.deployment("cart", new, pods: [.running(ready: false)], revision: 2)
            builder.replicaSet(
                of: "cart", TemplateShape([ContainerShape("cart", image: "registry.example.com/cart:1")]), revision: 1, replicas: 0)
            builder.log("cart", "ERROR quorum of scribes absent")
        }
        guard case .possible(let cause)? = Self.verdict(changed, .configurationInvalid, Self.cart, Self.line(changed)) else {
            Issue.record("refused")
            return
        }
        #expect(cause.confidence < 0.5 && cause.level == .low && !cause.statement.contains("scribes"))
    }
}
