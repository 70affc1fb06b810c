import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import Correlation

/// What a report tells besides the cause: the change that would mend it, who depends on it, and why others rank lower.
@Suite struct ReportContentTests {
    private static let missing = "configmap \"cart-config\" not found"

    @Test func `a missing ConfigMap is suggested with the keys that are asked for`() throws {
        let scenario = try Scenario.named("05")
        let suggestion = try #require(try diagnose(scenario).rootCauses.first?.suggestion)
        #expect(suggestion.form == .yaml && suggestion.text.contains("kind: ConfigMap\nmetadata:\n  name: render-templates\n"))
    }

    @Test func `a selector is suggested as the pods carry it`() throws {
        let suggestion = try #require(try diagnose(try Scenario.named("40")).rootCauses.first?.suggestion)
        #expect(
            suggestion.text
                == "apiVersion: v1\nkind: Service\nmetadata:\n  name: cart\n  namespace: retail\nspec:\n  selector:\n    app: cart")
    }

    @Test func `an image is suggested that ran before`() throws {
        let cause = try #require(try diagnose(try Scenario.named("03")).rootCauses.first)
        #expect(
            cause.suggestion
                == SuggestedChange(
                    form: .kubectl,
                    text: "kubectl set image deployment/seat-map -n ticketing seat-map=registry.example.com/ticketing/seat-map:2.3.0"))
    }

    @Test(arguments: Scenario.all)
    func `every suggestion is one command or a manifest, and every report has at most three checks`(_ scenario: Scenario) throws {
        let report = try diagnose(scenario)
        for cause in report.rootCauses + report.alternatives {
            #expect(cause.verify.count <= 3)
            switch cause.suggestion?.form {
            case .kubectl?: #expect(cause.suggestion?.text.hasPrefix("kubectl ") == true && cause.suggestion?.text.contains("\n") == false)
            case .yaml?: #expect(cause.suggestion?.text.hasPrefix("apiVersion: ") == true)
            case nil: break
            }
        }
        for other in report.alternatives { #expect(!other.reasonsAgainst.isEmpty, "\(other.cause) says nothing against itself") }
    }

    @Test(arguments: ["x; rm -rf /", "$(id)", "'quoted'", "a\u{1B}[2J", "-n"])
    func `hostile names are quoted in YAML or refused`(name: String) {
        let text = YAMLText.map([("name", .text(name)), ("list", .list([.map([("key", .text(name)), ("more", .number(1))])]))]).text
        #expect(text == nil || text == "name: \"\(name)\"\nlist:\n  - key: \"\(name)\"\n    more: 1")
        #expect((text == nil) == name.unicodeScalars.contains("\u{1B}"))
    }

    @Test func `who depends on what fails is counted over any number of hops, and not among the affected`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment("db", pods: [.waiting("CreateContainerConfigError", Self.missing)])
        cluster.service("db", port: 5432)
        for (name, needs) in [("api", "db:5432"), ("web", "api:8080"), ("edge", "web:8080"), ("lone", "")] {
            let container = ContainerShape(name, env: ["UPSTREAM": needs])
            cluster.deployment(name, TemplateShape([container]), pods: [.running])
            cluster.service(name, port: 8080)
        }
        let cause = try #require(try diagnose(cluster.evidence(), "db is down", namespace: "shop").rootCauses.first)
        #expect(cause.object.name == "db")
        let names = Set(cause.dependents.map(\.description))
        #expect(names.isSuperset(of: ["Deployment shop/api", "Deployment shop/web", "Deployment shop/edge", "Service shop/edge"]))
        #expect(!names.contains("Deployment shop/lone") && Set(cause.dependents).isDisjoint(with: cause.affected))
    }
}
