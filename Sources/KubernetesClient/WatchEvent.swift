public import FastJSON

/// One change that a watch reports.
public enum WatchEvent: Sendable {
    case added(JSONValue)
    case modified(JSONValue)
    /// The last state of the object.
    case deleted(JSONValue)
    /// Nothing changed up to this resource version: a later watch may start here.
    case bookmark(resourceVersion: String)

    /// Where a later watch may go on after this event.
    public var resourceVersion: String? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object["metadata", "resourceVersion"].string
        case .bookmark(let version): version
        }
    }
}

extension WatchEvent {
    /// Reads one line of a watch.
    /// - Throws: the error that an `ERROR` event reports, `.gone` among them; `.malformed` for a line that is no event.
    init(parsing line: UnsafeRawBufferPointer) throws(ClusterReadError) {
        guard let event = try? JSONValue(parsing: line), event["object"].kind == .object else {
            throw .malformed("the watch sent a line that is no event")
        }
        let object = event["object"]
        switch event["type"].string {
        case "ADDED"?: self = .added(object)
        case "MODIFIED"?: self = .modified(object)
        case "DELETED"?: self = .deleted(object)
        case "BOOKMARK"?: self = .bookmark(resourceVersion: object["metadata", "resourceVersion"].string ?? "")
        case "ERROR"?: throw StatusAnswer.failure(object: object, path: "the watch").error
        default: throw .malformed("the watch sent an event of unknown type \(HostileText.line(event["type"].string ?? "", limit: 60))")
        }
    }
}
