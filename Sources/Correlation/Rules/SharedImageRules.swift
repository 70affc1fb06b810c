internal import ClusterModel
internal import IncidentModel

/// Workloads made from one image that holds the programs of many: one that runs the program of another (C19).
enum SharedImageRules {
    /// Others of the image that run the program of their own name make a habit.
    private static let fewestByName = 2

    static func finding(_ workload: Workload, _ context: CaseContext) -> Finding? {
        guard let container = workload.template?.spec.containers.first, let program = program(container) else { return nil }
        let own = workload.reference.name
        guard !isNamed(program, own) else { return nil }
        let others = context.topology.workloads(in: workload.namespace).filter { $0.reference != workload.reference }
        let fellows = others.filter { other in
            guard let theirs = other.template?.spec.containers.first, theirs.image == container.image, let name = self.program(theirs)
            else {
                return false
            }
            return isNamed(name, other.reference.name)
        }
        // With arguments of its own the program does other work here, and does it on purpose.
        guard fellows.count >= fewestByName, let real = fellows.first(where: { isNamed(program, $0.reference.name) }),
            let theirs = real.template?.spec.containers.first, theirs.command + theirs.args == container.command + container.args,
            theirs.env == container.env, theirs.envFrom == container.envFrom
        else { return nil }
        let command = (container.command + container.args).joined(separator: " ")
        return Finding(
            cause: .configurationInvalid, object: workload.reference, sufferer: workload.reference,
            statement:
                "\(workload.reference) runs \(Citation.cut(command)), the program of \(real.reference): the others made from image \(container.image) run the one of their own name.",
            details: [
                "container": container.name, "field": "command", "found": Citation.cut(command), "reference": real.reference.name,
                "image": container.image,
            ],
            citations: [
                .field(workload.reference, "spec.template.spec.containers[\(container.name)].command", Citation.cut(command)),
                .field(real.reference, "spec.template.spec.containers[\(theirs.name)].command", Citation.cut(command)),
            ], confidence: 0.78,
            reasons: ["\(Phrase.count(fellows.count, "other workload")) of the same image runs the program of its own name"],
            impact: .degraded, changedFields: ["command", "args"])
    }

    /// The last part of the program's path.
    private static func program(_ container: Container) -> String? {
        (container.command + container.args).first?.split(separator: "/").last.map(String.init)
    }

    private static func isNamed(_ program: String, _ workload: String) -> Bool {
        program == workload || workload.split(separator: "-").contains { $0 == program }
    }
}
