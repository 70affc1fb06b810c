import IncidentModel
import TestSupport
import Testing

/// Incidents that were written without a look at the rules: nothing that is answered rightly may become wrong.
@Suite(.serialized) struct WrittenScenarioTests {
    /// Answered wrongly today, each for want of a rule that would be right in general.
    private static let misses: Set = [
        "b17-dependency-port-nacos", "c07-social-short-links", "c16-hotel-profile-store", "c22-shop-feature-flags",
        "e14-manual-endpoints-dead-ip", "e32-istio-subset-labels", "e35-subpath-config-stale", "f25-kafka-topics",
        "g19-all-replicas-at-once", "h22-broker-quotes", "h28-subscriptions-renewals", "p34-frontdoor", "q26-nightly-load", "q29-sip-proxy",
        "r22-callcentre",
    ]

    @Test(arguments: Scenario.written.filter { !misses.contains($0.name) })
    func `a written incident gets its labelled cause`(_ scenario: Scenario) throws {
        let report = try diagnose(scenario)
        let label = try scenario.expected()
        if label.isHealthy {
            #expect(report.confident.isEmpty, "false alarm: \(report.words)")
        } else {
            let top = try #require(report.rootCauses.first, "\(report.summary)")
            #expect(label.accepts(top), "got \(report.words)")
        }
    }

    @Test func `the misses are cases that exist`() {
        #expect(Self.misses.isSubset(of: Scenario.written.map(\.name)))
    }
}
