import Foundation
import IncidentModel
import Testing

@testable import Reporting

@Suite struct TextReportTests {
    private let incident = SampleIncident.configMapMissing

    @Test func `the report names outcome, cause, object, confidence, evidence, change, fix and commands`() {
        let lines = TextReport.render(incident, colour: false, width: 100)
        // Where lines break is the width's business.
        let text = lines.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        for part in [
            "ROOT CAUSE FOUND", "ConfigMapNotFound on Deployment shop/cart", "high (97 %)", "ConfigMap cart-config does not exist",
            "the list is complete", "Service shop/cart: has no ready endpoints", "[e1 e2]", "status.containerStatuses[0].state.waiting",
            "event Failed", "log of cart", "18:46:09Z", "absent from the complete list", "Create ConfigMap cart-config",
            "kubectl -n shop get configmap cart-config",
            "2 → 3", "10 min before", "by kubectl-edit", "Less likely", "NodeNotReady on Node worker-1", "the node is well", "Elsewhere",
            "Not read", "nodes: forbidden", "Affected", "Service shop/cart",
        ] {
            #expect(text.contains(part), "missing: \(part)\n\(text)")
        }
    }

    @Test(arguments: [20, 60, 80, 100, 500])
    func `no line is wider than the terminal, within 60 to 100 columns`(width: Int) {
        for sample in HostileText.samples + ["a normal text of several words that has to be wrapped somewhere, as texts have to be"] {
            for line in TextReport.render(HostileText.incident(sample), colour: false, width: width).split(separator: "\n") {
                #expect(SafeText.cellCount(of: line) <= min(max(width, 60), 100))
            }
        }
    }

    @Test(arguments: HostileText.numbers)
    func `hostile text is shown safely`(number: Int) {
        let sample = HostileText.samples[number]
        #expect(HostileText.dangerous(in: TextReport.render(HostileText.incident(sample), colour: false, width: 80)).isEmpty)
    }

    @Test func `a report is short enough to be read in seconds`() {
        #expect(TextReport.render(incident, colour: false, width: 100).split(separator: "\n", omittingEmptySubsequences: false).count < 45)
    }

    @Test func `colour is there only where it is asked for`() {
        #expect(TextReport.render(incident, colour: true, width: 80).contains("\u{1B}[1;31m"))
        #expect(!TextReport.render(incident, colour: false, width: 80).contains("\u{1B}"))
    }

    @Test func `outcomes without a cause say what was checked and what to do next`() {
        var quiet = incident
        quiet.report = Report(
            outcome: .noFault, summary: "All 3 workloads are well.", checked: ["3 Deployments"], nextSteps: ["look at the load balancer"],
            evidenceTime: Date(timeIntervalSince1970: 0))
        let text = TextReport.render(quiet, colour: false, width: 80)
        for part in ["NO FAULT FOUND", "All 3 workloads are well.", "Checked", "3 Deployments", "Next", "look at the load balancer"] {
            #expect(text.contains(part))
        }
        quiet.report?.outcome = .inconclusive
        #expect(TextReport.render(quiet, colour: false, width: 80).contains("INCONCLUSIVE"))
    }

    @Test func `a failed investigation says why, and a running one that it runs`() {
        var failed = Incident(id: UUID(), description: "x", createdAt: Date())
        failed.status = .failed
        failed.error = "the agent cannot be reached"
        let text = TextReport.render(failed, colour: false, width: 80)
        #expect(text.contains("INVESTIGATION FAILED") && text.contains("the agent cannot be reached"))
        failed.status = .running
        #expect(TextReport.render(failed, colour: false, width: 80).contains("RUNNING"))
    }

    @Test func `of many gaps the ones that an SRE misses most are shown`() {
        var blind = incident
        let names = [
            "api/v1/configmaps", "api/v1/endpoints", "api/v1/limitranges", "api/v1/nodes", "logs/shop/cart/cart", "api/v1/secrets",
            "api/v1/namespaces/shop/pods",
        ]
        blind.report?.gaps = names.map { EvidenceGap(path: $0, reason: "forbidden") }
        let text = TextReport.render(blind, colour: false, width: 80)
        #expect(
            text.contains("Not read    pods in shop: forbidden") && text.contains("logs of cart/cart in shop: forbidden")
                && text.contains("nodes, configmaps, endpoints, limitranges, secrets: forbidden"))
    }

    @Test func `replicas that say the same are cited once`() throws {
        var twice = incident
        let citation = try #require(incident.report?.rootCauses.first?.citations.first)
        let other = ObjectReference(kind: "Pod", namespace: "shop", name: "cart-7d9-zzzzz")
        twice.report?.rootCauses[0].citations.append(
            Citation(id: "e9", source: citation.source, object: other, field: citation.field, text: citation.text))
        #expect(!TextReport.render(twice, colour: false, width: 100).contains("cart-7d9-zzzzz"))
    }

    @Test func `a suggested change is marked as not executed, and who needs what fails is named`() throws {
        let text = TextReport.render(incident, colour: false, width: 100)
        for part in [
            "Suggested   not executed; the part of the manifest:", "              kind: ConfigMap", "Needed by   Service shop/web",
        ] {
            #expect(text.contains(part), "missing: \(part)\n\(text)")
        }
        var many = incident
        many.report?.rootCauses[0].dependents = (0..<9).map { ObjectReference(kind: "Service", namespace: "shop", name: "s\($0)") }
        many.report?.rootCauses[0].suggestion = SuggestedChange(form: .kubectl, text: "kubectl scale deployment/x --replicas=1")
        let other = TextReport.render(many, colour: false, width: 100)
        #expect(other.contains("Needed by   9: Service shop/s0") && other.contains("and 3 more"))
        #expect(other.contains("Suggested   not executed:\n              kubectl scale deployment/x"))
    }

    @Test func `many causes, citations and faults are cut, and the report says so`() throws {
        var many = incident
        let cause = try #require(many.report?.rootCauses.first)
        many.report?.rootCauses = Array(repeating: cause, count: 5)
        many.report?.elsewhere = Array(repeating: cause, count: 20)
        many.report?.rootCauses[0].citations = (0..<30).map {
            Citation(id: "e\($0)", source: .log, object: cause.object, text: "line \($0)")
        }
        let text = TextReport.render(many, colour: false, width: 80)
        #expect(text.contains("5 ROOT CAUSES FOUND") && text.contains("and 14 more") && text.contains("and 26 more"))
    }
}
