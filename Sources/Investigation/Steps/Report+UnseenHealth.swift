import ClusterModel
import IncidentModel

extension Report {
    /// "No fault" must rest on pods that were seen: where the pods of the scope could not be read, the report turns inconclusive.
    func withoutUnseenHealth(in view: ClusterView) -> Report {
        guard outcome == .noFault else { return self }
        let wanted: [String?] = scope.isEmpty ? [nil] : scope.map { $0 }
        let unread = wanted.filter { !view.wasRead(.pods, in: $0) }
        guard !unread.isEmpty else { return self }
        let names = unread.compactMap { $0 }
        let place = names.isEmpty ? "the cluster" : (names.count == 1 ? "namespace " : "namespaces ") + names.joined(separator: ", ")
        var report = self
        report.outcome = .inconclusive
        report.summary = "The pods of \(place) could not be read, so nothing can be said about their health."
        report.nextSteps.insert("Let the agent read pods in \(place): its /readyz says what it may not read.", at: 0)
        return report
    }
}
