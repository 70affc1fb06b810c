internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// ConfigMaps and Secrets that changed after the containers had started which read them but once (X2, X3).
struct StaleConfiguration: Sendable {
    struct Use: Sendable {
        let object: ObjectReference
        let container: String
        /// `env` or `subPath`.
        let field: String
        /// The key that changed, where the change log names it.
        let key: String?
        /// What the key says now; never of a Secret.
        let value: String?
        let changed: Date

        var why: String {
            field == "env" ? "environment variables never follow" : "a file mounted by subPath never follows"
        }
    }

    let uses: [Use]

    init(_ workload: Workload, context: CaseContext) {
        let pods = workload.livePods
        guard let pod = pods.first else {
            uses = []
            return
        }
        let inputs = ConfigurationInputs(pod.spec, namespace: pod.namespace)
        uses = inputs.uses.compactMap { use in
            guard use.way != .volume, let (changed, fields) = Self.edit(of: use.object, context.view),
                pods.allSatisfy({ Self.start(of: use.container, in: $0).map { $0 < changed } ?? false })
            else { return nil }
            let key = Self.key(of: use.way, changed: fields)
            guard let key else { return nil }
            let value = use.object.kind == "ConfigMap" ? context.view.configMaps[pod.namespace, use.object.name]?.data[key.name] : nil
            return Use(
                object: use.object, container: use.container, field: key.field, key: key.name.isEmpty ? nil : key.name, value: value,
                changed: changed)
        }
    }

    private static func start(of container: String, in pod: Pod) -> Date? { pod.statuses[container]?.runningSince }

    // The latest entry that owns data; the one that made the object is no change.
    private static func edit(of object: ObjectReference, _ view: ClusterView) -> (Date, [String])? {
        guard let metadata = view.metadata(of: object) else { return nil }
        let entry = metadata.managedFields.filter { $0.fields.isEmpty || $0.owns("data") || $0.owns("stringData") }
            .max { ($0.time ?? .distantPast) < ($1.time ?? .distantPast) }
        guard let entry, let time = entry.time else { return nil }
        if let made = metadata.creationTime, abs(time.timeIntervalSince(made)) < 2 { return nil }
        let keys = entry.fields.filter { $0.hasPrefix("data.") }.map { String($0.dropFirst("data.".count)) }
        return (time, keys)
    }

    // A change of other keys than the one that is read does not matter.
    private static func key(of way: ConfigurationInputs.Way, changed: [String]) -> (name: String, field: String)? {
        switch way {
        case .environment(_, let key?): changed.isEmpty || changed.contains(key) ? (key, "env") : nil
        case .environment(_, nil): (changed.count == 1 ? changed[0] : "", "env")
        case .subPath(let path): changed.isEmpty || changed.contains(path) ? (path, "subPath") : nil
        case .volume: nil
        }
    }
}
