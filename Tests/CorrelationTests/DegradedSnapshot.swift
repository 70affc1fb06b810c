import ClusterModel
import FastJSON
import Foundation

/// What a snapshot lacks that was made from the output of `kubectl describe`, recorded from an old cluster or with few rights.
enum DegradedSnapshot: String, CaseIterable, Sendable, CustomStringConvertible {
    case noManagedFields, noIdentity, endpointsOnly, coreEvents, newEvents, noClusterScopedLists, noLastState, noTransitionTimes, noOwners,
        noOwnersNorTemplateHash, noContainerPorts, likeDescribe

    var description: String { rawValue }

    func apply(to evidence: ClusterEvidence) throws -> ClusterEvidence {
        switch self {
        case .noManagedFields: return try evidence.edited { $0.metadata { $0["managedFields"] = nil } }
        case .noIdentity: return try evidence.edited { $0.dropIdentity() }
        case .endpointsOnly: return evidence.without(.endpointSlices)
        case .coreEvents: return try evidence.edited(.events) { $0.asCoreEvent() }
        case .newEvents: return try evidence.edited(.events) { $0.asNewEvent() }
        case .noClusterScopedLists:
            return ResourceType.all.filter { !$0.isNamespaced }.reduce(evidence) { $0.without($1) }
        case .noLastState: return try evidence.edited(.pods) { $0.eachContainerStatus { $0["lastState"] = nil } }
        case .noTransitionTimes: return try evidence.edited { $0.dropTransitionTimes() }
        case .noOwners: return try evidence.edited(.pods) { $0.metadata { $0["ownerReferences"] = nil } }
        case .noOwnersNorTemplateHash:
            return try evidence.edited(.pods) { pod in
                pod.metadata { metadata in
                    metadata["ownerReferences"] = nil
                    var labels = metadata["labels"] as? [String: Any] ?? [:]
                    for key in ["pod-template-hash", "controller-revision-hash", "statefulset.kubernetes.io/pod-name"] { labels[key] = nil }
                    metadata["labels"] = labels
                }
            }.without(.replicaSets)
        case .noContainerPorts: return try evidence.edited { $0.dropContainerPorts() }
        case .likeDescribe:
            let steps: [DegradedSnapshot] = [
                .noManagedFields, .noIdentity, .endpointsOnly, .coreEvents, .noClusterScopedLists, .noTransitionTimes,
            ]
            return try steps.reduce(evidence) { try $1.apply(to: $0) }
        }
    }
}

extension ClusterEvidence {
    /// Every object of the given lists changed; of all lists where none is given.
    fileprivate func edited(_ types: ResourceType..., by change: (inout JSONObject) -> Void) throws -> ClusterEvidence {
        var copy = self
        let paths = types.isEmpty ? Array(lists.keys) : types.map(\.path)
        for path in paths {
            copy.lists[path] = try lists[path]?.map { item in
                var object = try JSONObject(item)
                change(&object)
                return try object.value
            }
        }
        return copy
    }
}

/// An object of a list that can be written to.
private struct JSONObject {
    var members: [String: Any]

    init(_ value: JSONValue) throws {
        members = try JSONSerialization.jsonObject(with: Data(value.serialized.utf8)) as? [String: Any] ?? [:]
    }

    var value: JSONValue {
        get throws { try JSONValue(parsing: JSONSerialization.data(withJSONObject: members)) }
    }

    mutating func member(_ key: String, _ change: (inout [String: Any]) -> Void) {
        guard var inner = members[key] as? [String: Any] else { return }
        change(&inner)
        members[key] = inner
    }

    mutating func metadata(_ change: (inout [String: Any]) -> Void) { member("metadata", change) }

    mutating func dropIdentity() {
        metadata { metadata in
            for key in ["uid", "resourceVersion", "generation"] { metadata[key] = nil }
            metadata["ownerReferences"] = Self.without("uid", in: metadata["ownerReferences"])
        }
        member("status") { $0["observedGeneration"] = nil }
        for key in ["involvedObject", "regarding"] {
            member(key) { object in
                object["uid"] = nil
                object["resourceVersion"] = nil
            }
        }
        for key in ["containerStatuses", "initContainerStatuses"] {
            member("status") { $0[key] = Self.without("containerID", in: $0[key]) }
        }
    }

    mutating func dropTransitionTimes() {
        member("status") { status in
            for key in ["lastTransitionTime", "lastUpdateTime", "lastProbeTime", "lastHeartbeatTime"] {
                status["conditions"] = Self.without(key, in: status["conditions"])
            }
        }
    }

    mutating func eachContainerStatus(_ change: (inout [String: Any]) -> Void) {
        for key in ["containerStatuses", "initContainerStatuses"] {
            member("status") { status in
                status[key] = (status[key] as? [[String: Any]])?.map { item in
                    var item = item
                    change(&item)
                    return item
                }
            }
        }
    }

    mutating func dropContainerPorts() {
        func drop(_ spec: inout [String: Any]) {
            for key in ["containers", "initContainers"] { spec[key] = Self.without("ports", in: spec[key]) }
        }
        guard var spec = members["spec"] as? [String: Any] else { return }
        drop(&spec)
        if var template = spec["template"] as? [String: Any], var inner = template["spec"] as? [String: Any] {
            drop(&inner)
            template["spec"] = inner
            spec["template"] = template
        }
        members["spec"] = spec
    }

    /// `v1` events of old: no `eventTime`, no `series`.
    mutating func asCoreEvent() {
        let created = (members["metadata"] as? [String: Any])?["creationTimestamp"] as? String
        let series = members["series"] as? [String: Any]
        func text(_ key: String) -> String? { members[key] as? String }
        let first = text("firstTimestamp") ?? text("eventTime") ?? created
        members["lastTimestamp"] = text("lastTimestamp") ?? series?["lastObservedTime"] as? String ?? first
        members["firstTimestamp"] = first
        members["count"] = members["count"] as? Int ?? series?["count"] as? Int ?? 1
        for key in ["eventTime", "series", "reportingComponent", "reportingInstance", "action"] { members[key] = nil }
    }

    /// `events.k8s.io/v1`: other names, times in `series`.
    mutating func asNewEvent() {
        let names = [
            "involvedObject": "regarding", "message": "note", "firstTimestamp": "deprecatedFirstTimestamp",
            "lastTimestamp": "deprecatedLastTimestamp", "count": "deprecatedCount", "source": "deprecatedSource",
        ]
        for (old, new) in names {
            members[new] = members[old]
            members[old] = nil
        }
        if let last = members["deprecatedLastTimestamp"] as? String, members["series"] == nil {
            members["series"] = ["count": members["deprecatedCount"] as? Int ?? 1, "lastObservedTime": last]
            members["eventTime"] = members["deprecatedFirstTimestamp"]
            for key in ["deprecatedFirstTimestamp", "deprecatedLastTimestamp", "deprecatedCount"] { members[key] = nil }
        }
    }

    private static func without(_ key: String, in list: Any?) -> Any? {
        guard let items = list as? [[String: Any]] else { return list }
        return items.map { item in
            var item = item
            item[key] = nil
            return item
        }
    }
}
