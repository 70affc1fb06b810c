public import FastJSON

/// JSON that tests write as Swift literals: `["replicas": 2, "paused": true, "args": ["--fast"]]`.
public indirect enum JSONNode: Sendable, Hashable {
    case null
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case array([JSONNode])
    /// Members keep their order; a later one of the same name replaces an earlier one.
    case object([Member])

    public struct Member: Sendable, Hashable {
        public var key: String
        public var value: JSONNode

        public init(_ key: String, _ value: JSONNode) {
            self.key = key
            self.value = value
        }
    }

    /// The value as JSON text.
    public var text: String {
        switch self {
        case .null: "null"
        case .bool(let value): String(value)
        case .int(let value): String(value)
        case .double(let value): String(value)
        case .string(let value): JSONText.quote(value)
        case .array(let values): JSONText.array(values.map(\.text))
        case .object(let members): JSONText.object(members.map { ($0.key, $0.value.text) })
        }
    }

    /// The value as the engine reads it.
    public var value: JSONValue { (try? JSONValue(parsing: text)) ?? .missing }

    /// The member `key` of an object; setting it to `nil` or `.null` takes it out.
    public subscript(key: String) -> JSONNode? {
        get {
            guard case .object(let members) = self else { return nil }
            return members.last { $0.key == key }?.value
        }
        set {
            var members: [Member] = if case .object(let present) = self { present } else { [] }
            guard let newValue, newValue != .null else {
                members.removeAll { $0.key == key }
                self = .object(members)
                return
            }
            if let index = members.lastIndex(where: { $0.key == key }) {
                members[index].value = newValue
            } else {
                members.append(Member(key, newValue))
            }
            self = .object(members)
        }
    }

    /// Objects are merged member by member, anything else is replaced; `.null` takes a member out.
    public func merged(with other: JSONNode) -> JSONNode {
        guard case .object = self, case .object(let members) = other else { return other }
        var result = self
        for member in members { result[member.key] = result[member.key]?.merged(with: member.value) ?? member.value }
        return result
    }

    /// An object of strings.
    public static func strings(_ map: [String: String]) -> JSONNode {
        .object(map.sorted { $0.key < $1.key }.map { Member($0.key, .string($0.value)) })
    }
}

extension JSONNode: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByStringInterpolation
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSONNode...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSONNode)...) { self = .object(elements.map { Member($0, $1) }) }
}
