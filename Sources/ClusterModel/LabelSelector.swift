public import FastJSON

/// `matchLabels` and `matchExpressions`, evaluated as the API server does.
public struct LabelSelector: Sendable, Hashable {
    public struct Requirement: Sendable, Hashable {
        public enum Operator: String, Sendable {
            case `in` = "In"
            case notIn = "NotIn"
            case exists = "Exists"
            case doesNotExist = "DoesNotExist"
            case greaterThan = "Gt"
            case lessThan = "Lt"
        }

        public let key: String
        public let `operator`: Operator
        public let values: [String]

        public init(key: String, operator: Operator, values: [String] = []) {
            self.key = key
            self.operator = `operator`
            self.values = values
        }

        public func matches(_ labels: [String: String]) -> Bool {
            let value = labels[key]
            switch `operator` {
            case .in: return value.map(values.contains) ?? false
            case .notIn: return value.map { !values.contains($0) } ?? true
            case .exists: return value != nil
            case .doesNotExist: return value == nil
            case .greaterThan: return compare(value, >)
            case .lessThan: return compare(value, <)
            }
        }

        private func compare(_ value: String?, _ holds: (Int, Int) -> Bool) -> Bool {
            guard let left = value.flatMap({ Int($0) }), let right = values.first.flatMap({ Int($0) }) else { return false }
            return holds(left, right)
        }
    }

    public let matchLabels: [String: String]
    public let matchExpressions: [Requirement]

    public init(matchLabels: [String: String] = [:], matchExpressions: [Requirement] = []) {
        self.matchLabels = matchLabels
        self.matchExpressions = matchExpressions
    }

    /// Reads a `LabelSelector` object; `nil` where there is none. (An empty one matches everything, an absent one nothing.)
    public init?(_ json: JSONValue) {
        guard json.kind == .object else { return nil }
        matchLabels = json["matchLabels"].stringMap
        matchExpressions = Self.requirements(json["matchExpressions"])
    }

    public var isEmpty: Bool { matchLabels.isEmpty && matchExpressions.isEmpty }

    public func matches(_ labels: [String: String]) -> Bool {
        matchLabels.allSatisfy { labels[$0.key] == $0.value } && matchExpressions.allSatisfy { $0.matches(labels) }
    }

    static func requirements(_ json: JSONValue) -> [Requirement] {
        json.array.compactMap { entry in
            guard let key = entry["key"].string, let name = entry["operator"].string,
                let `operator` = Requirement.Operator(rawValue: name)
            else { return nil }
            return Requirement(key: key, operator: `operator`, values: entry["values"].strings)
        }
    }
}

extension LabelSelector: CustomStringConvertible {
    /// `app=cart,tier in (a,b)`, sorted by key.
    public var description: String {
        let labels = matchLabels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        let expressions = matchExpressions.map { requirement in
            switch requirement.operator {
            case .exists: requirement.key
            case .doesNotExist: "!\(requirement.key)"
            case .in: "\(requirement.key) in (\(requirement.values.joined(separator: ",")))"
            case .notIn: "\(requirement.key) notin (\(requirement.values.joined(separator: ",")))"
            case .greaterThan: "\(requirement.key)>\(requirement.values.first ?? "")"
            case .lessThan: "\(requirement.key)<\(requirement.values.first ?? "")"
            }
        }
        return (labels + expressions).joined(separator: ",")
    }
}
