internal import ClusterModel
internal import IncidentModel

/// The limit of one resource that a workload's container has, for comparing measurements with it.
struct ResourceLimit: Sendable {
    let resource: String
    let container: String
    /// As it stands in the object.
    let text: String
    /// In cores, or bytes.
    let value: Double

    /// The limit of the container that bears the workload's name, else of the first with a limit.
    init?(_ resource: String, of containers: [Container], named name: String) {
        let limited = containers.filter { $0.limits[resource] != nil }
        guard let container = limited.first(where: { $0.name == name }) ?? limited.first, let text = container.limits[resource],
            let quantity = Quantity(text), quantity.value > 0
        else { return nil }
        self.resource = resource
        self.container = container.name
        self.text = text
        value = quantity.value
    }

    /// Units that recordings use: cores or millicores; bytes or mebibytes.
    private var units: [Double] { resource == "cpu" ? [1, 1_000] : [1, 1 / 1_048_576] }

    /// A measurement as a share of the limit, in the unit in which that makes sense; a workload's series may add up its replicas.
    func share(of measured: Double, replicas: Int) -> Double {
        let shares = units.flatMap { unit in Set([1, max(1, replicas)]).sorted().map { measured / (value * unit * Double($0)) } }
        // Use can hardly stand above the limit, so the largest share that is possible is meant.
        return shares.filter { $0 <= 1.15 }.max() ?? 0
    }

    /// Whether use stands at the limit.
    func isReached(by measured: Double, replicas: Int) -> Bool { share(of: measured, replicas: replicas) >= 0.85 }

    func citation(of workload: ObjectReference) -> Citation {
        .field(workload, "spec.template.spec.containers[\(container)].resources.limits.\(resource)", text)
    }
}
