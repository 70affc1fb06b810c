internal import ClusterModel
public import IncidentModel

extension EvidenceLookup {
    private static let mostWorkloads = 8
    private static let mostOfEach = 6

    /// Where somebody who has to find the cause would begin: what a report rests on, what is in trouble, what it says, and what warnings there are.
    public func overview(of report: Report) -> [Piece] {
        let causes = report.rootCauses + report.alternatives + report.elsewhere
        let cited = causes.flatMap(\.citations).map { Piece($0, shown: $0.template, weight: 2) }
        let scope = context.question.namespaces
        let asked = Set(report.subjects.map(context.topology.workload(above:)))
        let troubled = context.topology.workloads.filter { workload in
            asked.contains(workload.reference)
                || ((scope.isEmpty || scope.contains(workload.namespace)) && !context.troubledPods(of: workload).isEmpty)
        }
        let own = troubled.prefix(Self.mostWorkloads).flatMap { workload -> [Piece] in
            let said = logs(of: workload.reference, container: nil, pattern: nil, minutes: nil).filter { $0.weight >= 2 }
            let pods = context.troubledPods(of: workload).prefix(2).flatMap { fields(of: $0.reference).filter { $0.weight >= 2 } }
            return list(workload) + events(about: workload.reference).prefix(Self.mostOfEach) + pods.prefix(2 * Self.mostOfEach)
                + said.suffix(Self.mostOfEach) + changes(of: workload.reference).prefix(Self.mostOfEach)
        }
        let warned = scope.isEmpty ? warnings(in: nil) : scope.flatMap { warnings(in: $0) }
        var seen: Set<Citation> = []
        return (cited + own + warned.prefix(2 * Self.mostOfEach)).filter { piece in
            var citation = piece.citation
            citation.id = ""
            return seen.insert(citation).inserted
        }
    }

    private func list(_ workload: Workload) -> [Piece] {
        ResourceType.of(kind: workload.reference.kind).map { list($0, in: workload.namespace) }?
            .filter { $0.citation.object == workload.reference } ?? []
    }
}
