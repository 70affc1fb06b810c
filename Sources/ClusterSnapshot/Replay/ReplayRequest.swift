import FoundationEssentials
import IncidentModel

/// A request of the Kubernetes API, taken apart: path components and query parameters, percent-decoded.
struct ReplayRequest: Sendable {
    /// What an answer is to look like.
    enum Representation: Sendable, Equatable {
        case object, table
    }

    /// `nil` where a component cannot be the name of anything: broken encoding, `/`, `..`, control characters.
    let components: [String]?
    private let query: [String: String]
    let representation: Representation

    init(path: String, query: String, accept: String) {
        components = Self.components(of: path)
        self.query = Self.parameters(of: query)
        representation = Self.representation(accept: accept)
    }

    /// A query parameter; empty ones count as absent, as they do for the API server.
    subscript(name: String) -> String? {
        query[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// A flag, in the forms Go's ParseBool takes.
    func flag(_ name: String) -> Bool {
        ["1", "t", "T", "true", "TRUE", "True"].contains(self[name] ?? "")
    }

    /// A number of at least `minimum`.
    func number(_ name: String, minimum: Int = 0) throws(ReplayFailure) -> Int? {
        guard let text = self[name] else { return nil }
        guard let number = Int(text), number >= minimum else {
            throw .badRequest("invalid value for query parameter \"\(name)\": it must be a whole number of at least \(minimum)")
        }
        return number
    }

    func time(_ name: String) throws(ReplayFailure) -> Date? {
        guard let text = self[name] else { return nil }
        guard let time = RFC3339.parse(text) else {
            throw .badRequest("invalid value for query parameter \"\(name)\": it must be an RFC 3339 time")
        }
        return time
    }

    private static func components(of path: String) -> [String]? {
        var components: [String] = []
        for part in path.split(separator: "/") {
            guard let decoded = percentDecoded(part), SnapshotPath.isName(decoded) else { return nil }
            components.append(decoded)
        }
        return components
    }

    private static func parameters(of query: String) -> [String: String] {
        var parameters: [String: String] = [:]
        for pair in query.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ percentDecoded($0, plusIsSpace: true) }), parameters[name] == nil else { continue }
            parameters[name] = parts.count > 1 ? percentDecoded(parts[1], plusIsSpace: true) ?? "" : ""
        }
        return parameters
    }

    private static func percentDecoded(_ text: Substring, plusIsSpace: Bool = false) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%") {
                guard rest.count >= 2, let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(plusIsSpace && byte == UInt8(ascii: "+") ? UInt8(ascii: " ") : byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    /// The first media type that can be served. Clients name a Table before plain JSON where they prefer one.
    private static func representation(accept: String) -> Representation {
        for type in accept.split(separator: ",") {
            let parts = type.split(separator: ";").map { $0.filter { $0 != " " } }
            guard let media = parts.first, ["application/json", "application/*", "*/*"].contains(media) else { continue }
            if parts.contains("as=Table"), parts.contains("g=meta.k8s.io"), parts.contains("v=v1") { return .table }
            if !parts.contains(where: { $0.hasPrefix("as=") }) { return .object }
        }
        return .object
    }
}
