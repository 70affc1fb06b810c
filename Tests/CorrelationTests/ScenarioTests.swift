import IncidentModel
import TestSupport
import Testing

@Suite(.serialized) struct ScenarioTests {
    @Test(arguments: Scenario.all)
    func `a recorded incident gets its labelled cause`(_ scenario: Scenario) throws {
        let report = try diagnose(scenario)
        let label = try scenario.expected()
        if label.isHealthy {
            #expect(report.confident.isEmpty, "false alarm: \(report.words)")
            #expect(report.outcome == .noFault)
        } else {
            let top = try #require(report.rootCauses.first)
            #expect(label.accepts(top), "got \(report.words)")
        }
    }

    @Test(arguments: Scenario.all)
    func `every claim rests on a citation`(_ scenario: Scenario) throws {
        for cause in try diagnose(scenario).rootCauses {
            #expect(!cause.citations.isEmpty)
            let ids = Set(cause.citations.map(\.id))
            for step in cause.chain { #expect(!step.citations.isEmpty && ids.isSuperset(of: step.citations)) }
        }
    }

    @Test func `independent faults are all reported`() throws {
        let scenario = try Scenario.named("56")
        let found = Set(try diagnose(scenario).rootCauses.map(\.cause.rawValue))
        #expect(found == Set(try scenario.expected().rootCauses.map(\.cause)))
    }
}
