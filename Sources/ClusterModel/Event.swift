public import FastJSON
public import FoundationEssentials
public import IncidentModel

/// An event of either API: `v1` and `events.k8s.io/v1` differ in field names only. A class for the reason that `Pod` is one.
public final class Event: KubernetesObject {
    public static let resource = ResourceType.events

    public let metadata: ObjectMetadata
    public let type: String
    public let reason: String
    public let message: String
    public let regarding: ObjectReference
    public let regardingUID: String
    /// Container named in `fieldPath` (`spec.containers{name}`), if any.
    public let container: String?
    /// At least 1; a series counts all its occurrences.
    public let count: Int
    public let firstTime: Date?
    public let lastTime: Date?
    public let source: String

    public init(_ json: JSONValue) {
        metadata = ObjectMetadata(json["metadata"], keepingFields: false)
        type = json["type"].string ?? "Normal"
        reason = json["reason"].string ?? ""
        message = json["message"].string ?? json["note"].string ?? ""
        let object = json["involvedObject"].kind == .object ? json["involvedObject"] : json["regarding"]
        let namespace = object["namespace"].string ?? ""
        regarding = ObjectReference(
            kind: object["kind"].string ?? "", namespace: namespace.isEmpty ? nil : namespace, name: object["name"].string ?? "")
        regardingUID = object["uid"].string ?? ""
        container = Self.container(in: object["fieldPath"].string)
        count = max(1, json["series", "count"].int ?? json["count"].int ?? json["deprecatedCount"].int ?? 1)
        // Schedulers write eventTime and series; the kubelet writes first and last timestamps; either may be null.
        let created = metadata.creationTime
        let eventTime = json["eventTime"].time
        firstTime = json["firstTimestamp"].time ?? json["deprecatedFirstTimestamp"].time ?? eventTime ?? created
        let last = [
            json["series", "lastObservedTime"].time, json["lastTimestamp"].time, json["deprecatedLastTimestamp"].time, eventTime, created,
        ]
        lastTime = last.compactMap { $0 }.max()
        source = json["source", "component"].string ?? json["reportingComponent"].string ?? json["reportingController"].string ?? ""
    }

    public var isWarning: Bool { type == "Warning" }

    private static func container(in fieldPath: String?) -> String? {
        guard let fieldPath, let open = fieldPath.firstIndex(of: "{"), fieldPath.last == "}" else { return nil }
        return String(fieldPath[fieldPath.index(after: open)...].dropLast())
    }
}
