internal import FastJSON
public import IncidentModel

/// Evidence with parts taken out: for measuring how much an answer rests on them. What is taken out counts as not read.
extension ClusterEvidence {
    /// Without these lists, as if they had not been recorded.
    public func without(_ resources: ResourceType...) -> ClusterEvidence {
        var copy = self
        for resource in resources { copy.lists[resource.path] = nil }
        return copy
    }

    /// Without logs, or only without those of earlier runs.
    public func withoutLogs(previousOnly: Bool = false) -> ClusterEvidence {
        var copy = self
        copy.logs = previousOnly ? logs.filter { !$0.isPrevious } : []
        return copy
    }

    /// Without fields of the objects of one list. A path is a chain of keys; `*` stands for every element or key.
    public func without(fields paths: [[String]], of resource: ResourceType, in namespace: String? = nil) -> ClusterEvidence {
        var copy = self
        copy.lists[resource.path] = lists[resource.path]?.map { item in
            guard namespace == nil || item["metadata", "namespace"].string == namespace else { return item }
            return (try? JSONValue(parsing: item.without(paths[...]))) ?? item
        }
        return copy
    }

    /// Without `metadata.managedFields` anywhere, as text made from `kubectl describe` has none.
    public func withoutManagedFields() -> ClusterEvidence {
        var copy = self
        for path in lists.keys {
            if let resource = ResourceType.at(path: path) { copy = copy.without(fields: [["metadata", "managedFields"]], of: resource) }
        }
        return copy
    }

    /// Without every second event and log line. Which ones is told by their own text, so that the same evidence gives the same half.
    public func halved() -> ClusterEvidence {
        var copy = self
        let events = ResourceType.events.path
        copy.lists[events] = lists[events]?.filter { Self.isKept($0["metadata", "name"].string ?? "") }
        copy.logs = logs.map { log in
            var log = log
            log.text = log.text.split(separator: "\n").filter { Self.isKept(String($0)) }.map { $0 + "\n" }.joined()
            return log
        }
        return copy
    }

    // FNV-1a: Swift's own hashes differ from run to run.
    private static func isKept(_ text: String) -> Bool {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return (hash >> 32) & 1 == 0
    }
}

// MARK: What a claim cites

extension ClusterEvidence {
    /// Without what these citations show, and what shows the same on neighbours: the events of the same reason and the logs of the same
    /// container in the namespace, the status field on all pods, the list that an object's setting or an absence was read from.
    public func without(_ citations: [Citation]) -> ClusterEvidence {
        citations.reduce(self) { $0.without($1) }
    }

    private func without(_ citation: Citation) -> ClusterEvidence {
        let namespace = citation.object.namespace
        switch citation.source {
        case .event: return withoutEvents(reason: citation.field ?? "", in: namespace)
        case .log:
            var copy = self
            copy.logs.removeAll { $0.namespace == namespace && $0.container == citation.container }
            return copy
        case .absence: return withoutList(of: citation.object.kind)
        case .object: return withoutField(citation.field ?? "", of: citation.object)
        case .graph:
            var copy = self
            copy.knowledgeGraph = nil
            return copy
        case .alert, .metric:
            var copy = self
            copy.telemetry = [:]
            return copy
        }
    }

    private func withoutEvents(reason: String, in namespace: String?) -> ClusterEvidence {
        var copy = self
        copy.lists[ResourceType.events.path]?.removeAll {
            $0["reason"].string == reason && (namespace == nil || $0["metadata", "namespace"].string == namespace)
        }
        return copy
    }

    private func withoutList(of kind: String) -> ClusterEvidence {
        ResourceType.of(kind: kind).map { without($0) } ?? self
    }

    private func withoutField(_ field: String, of object: ObjectReference) -> ClusterEvidence {
        if field == "endpoints" { return without(.endpointSlices, .endpoints) }
        guard field.hasPrefix("status"), let resource = ResourceType.of(kind: object.kind) else { return withoutList(of: object.kind) }
        let keys = field.split(separator: ".").map { $0.prefix { $0 != "[" } }.map(String.init)
        let part = keys.count > 1 ? keys[1] : ""
        // Reason, message and exit code of one state or condition tell the same story, so they go together.
        let paths =
            switch part {
            case "conditions": ["reason", "message"].map { ["status", part, "*", $0] }
            case "containerStatuses", "initContainerStatuses": [["status", part, "*"] + keys.dropFirst(2).prefix(1)]
            default: [["status", part]]
            }
        return without(fields: paths, of: resource, in: object.namespace)
    }
}

extension JSONValue {
    /// The JSON text of the value without what the paths name; everything else keeps its order.
    func without(_ paths: ArraySlice<[String]>) -> String {
        switch kind {
        case .object:
            let kept = members.compactMap { member -> (key: String, json: String)? in
                let deeper = paths.filter { $0.first == member.key || $0.first == "*" }.map { Array($0.dropFirst()) }
                if deeper.contains([]) { return nil }
                return (member.key, deeper.isEmpty ? member.value.serialized : member.value.without(deeper[...]))
            }
            return JSONText.object(kept)
        case .array:
            let deeper = paths.filter { $0.first == "*" }.map { Array($0.dropFirst()) }
            return deeper.isEmpty ? serialized : JSONText.array(array.map { $0.without(deeper[...]) })
        default: return serialized
        }
    }
}
