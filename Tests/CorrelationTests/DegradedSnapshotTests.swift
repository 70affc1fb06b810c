import IncidentModel
import TestSupport
import Testing

/// Snapshots with fewer fields: the right answer or a weaker one, never another one that sounds sure.
@Suite(.serialized) struct DegradedSnapshotTests {
    /// Of the recorded incidents with a fault, so many may lose their right answer when this is missing.
    /// Without the state of the run before, nothing says how a container that has been started anew came to its end.
    private static let mostLost: [DegradedSnapshot: Int] = [.noLastState: 5]

    @Test(arguments: DegradedSnapshot.allCases)
    func `fewer fields never make a different confident answer`(_ lack: DegradedSnapshot) throws {
        var lost: [String] = []
        for scenario in Scenario.all {
            let label = try scenario.expected()
            let report = try diagnose(scenario, lack.apply)
            if label.isHealthy {
                #expect(report.confident.isEmpty, "\(scenario) with \(lack): false alarm \(report.words)")
                continue
            }
            for cause in report.rootCauses where cause.level == .high {
                #expect(label.accepts(cause), "\(scenario) with \(lack): got \(report.words)")
            }
            if !(report.rootCauses.first.map(label.accepts) ?? false) { lost.append("\(scenario): \(report.words)") }
        }
        let allowed = Self.mostLost[lack] ?? 0
        #expect(lost.count <= allowed, "\(lack) loses \(lost.count):\n\(lost.joined(separator: "\n"))")
    }
}
