import ClusterModel

/// The path and query of a request, encoded so that no name can change where it leads.
struct RequestPath: Sendable, Hashable, CustomStringConvertible {
    /// With its leading slash.
    let description: String

    /// - Parameters:
    ///   - segments: not encoded yet, e.g. `["api", "v1", "namespaces", name]`.
    ///   - query: not encoded yet; members without a value are left out.
    /// - Throws: `.badRequest` for a segment that the API server would refuse too: empty, `.`, `..`, with `/` or `%`.
    init(_ segments: [String], query: [(name: String, value: String?)] = []) throws(ClusterReadError) {
        var text = ""
        for segment in segments {
            guard !segment.isEmpty, segment != ".", segment != "..", !segment.contains("/"), !segment.contains("%"),
                segment.utf8.count <= 1_024
            else {
                throw .badRequest("\"\(HostileText.line(segment, limit: 80))\" cannot be part of a name in the Kubernetes API")
            }
            text += "/" + Self.encode(segment, keeping: ":")
        }
        let members = query.compactMap { member in
            member.value.map { "\(member.name)=\(Self.encode($0, keeping: ","))" }
        }
        description = text + (members.isEmpty ? "" : "?" + members.joined(separator: "&"))
    }

    /// A list, or one object of it where `name` is given.
    init(
        _ resource: ResourceType, namespace: String?, name: String? = nil, query: [(name: String, value: String?)] = []
    ) throws(ClusterReadError) {
        var segments = resource.group.isEmpty ? ["api", resource.version] : ["apis", resource.group, resource.version]
        if let namespace {
            guard resource.isNamespaced else {
                throw .badRequest("\(resource.kind) is no namespaced resource: namespace must be left out")
            }
            segments += ["namespaces", namespace]
        } else if name != nil, resource.isNamespaced {
            throw .badRequest("\(resource.kind) is a namespaced resource: reading one needs its namespace")
        }
        segments.append(resource.plural)
        if let name { segments.append(name) }
        try self.init(segments, query: query)
    }

    /// The log of a container.
    init(_ request: LogRequest, limitBytes: Int?) throws(ClusterReadError) {
        guard !request.container.isEmpty else { throw .badRequest("a log request must name a container") }
        for (name, value) in [("tailLines", request.tailLines), ("sinceSeconds", request.sinceSeconds), ("limitBytes", limitBytes)] {
            guard value.map({ $0 >= 0 }) ?? true else { throw .badRequest("\(name) must not be negative") }
        }
        try self.init(
            ["api", "v1", "namespaces", request.namespace, "pods", request.pod, "log"],
            query: [
                ("container", request.container), ("previous", request.isPrevious ? "true" : nil),
                ("tailLines", request.tailLines.map(String.init)), ("sinceSeconds", request.sinceSeconds.map(String.init)),
                ("limitBytes", limitBytes.map(String.init)), ("timestamps", request.hasTimestamps ? "true" : nil),
            ])
    }

    private static func encode(_ text: String, keeping extra: Unicode.Scalar) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: extra):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += hex.count == 1 ? "%0\(hex)" : "%\(hex)"
            }
        }
        return result
    }
}
