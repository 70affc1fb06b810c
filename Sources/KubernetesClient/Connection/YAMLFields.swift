import Yams

/// A mapping of a YAML document, read by member, with errors that say where.
///
/// Reads the composed nodes: Yams' decoder needs time quadratic in the size of a mapping. Errors never quote the document,
/// whose lines may be secrets.
struct YAMLFields {
    private let mapping: Node.Mapping
    private let title: String
    private let path: String

    private init(_ mapping: Node.Mapping, title: String, path: String) {
        self.mapping = mapping
        self.title = title
        self.path = path
    }

    /// - Parameter title: what the document is, for errors.
    /// - Returns: `nil` for a document without content.
    init?(document: String, title: String) throws(ClusterReadError) {
        guard Self.aliasCount(document) <= Self.aliasLimit else {
            throw .configuration("\(title) has more than \(Self.aliasLimit) YAML aliases (*name); write out what they stand for")
        }
        let root: Node?
        do {
            root = try Yams.compose(yaml: document)
        } catch {
            throw .configuration("\(title)\(Self.problem(error))")
        }
        guard let root, !Self.isNothing(root) else { return nil }
        guard let mapping = root.mapping else { throw .configuration("\(title) must be a mapping with clusters, users and contexts") }
        self.init(mapping, title: title, path: "")
    }

    func has(_ key: String) -> Bool { node(key) != nil }

    /// The text of a member; `nil` where it is absent, null or empty.
    func text(_ key: String) throws(ClusterReadError) -> String? {
        guard let node = node(key) else { return nil }
        guard let scalar = node.scalar else { throw failure("must be text", key, node) }
        return scalar.string.isEmpty ? nil : scalar.string
    }

    func bool(_ key: String) throws(ClusterReadError) -> Bool? {
        guard let node = node(key) else { return nil }
        switch node.scalar?.string {
        case "true"?: return true
        case "false"?: return false
        default: throw failure("must be true or false", key, node)
        }
    }

    func object(_ key: String) throws(ClusterReadError) -> YAMLFields? {
        guard let node = node(key) else { return nil }
        guard let mapping = node.mapping else { throw failure("must be a mapping", key, node) }
        return YAMLFields(mapping, title: title, path: member(key))
    }

    /// The mappings of a sequence; empty where it is absent.
    func list(_ key: String) throws(ClusterReadError) -> [YAMLFields] {
        guard let node = node(key) else { return [] }
        guard let sequence = node.sequence else { throw failure("must be a list", key, node) }
        var result: [YAMLFields] = []
        for (index, element) in sequence.enumerated() {
            guard let mapping = element.mapping else { throw failure("must be a mapping", "\(key)[\(index)]", element) }
            result.append(YAMLFields(mapping, title: title, path: member("\(key)[\(index)]")))
        }
        return result
    }

    /// The texts of a sequence; empty where it is absent.
    func texts(_ key: String) throws(ClusterReadError) -> [String] {
        guard let node = node(key) else { return [] }
        guard let sequence = node.sequence else { throw failure("must be a list", key, node) }
        var result: [String] = []
        for (index, element) in sequence.enumerated() {
            guard let scalar = element.scalar else { throw failure("must be text", "\(key)[\(index)]", element) }
            result.append(scalar.string)
        }
        return result
    }

    /// An error about this mapping as a whole.
    func failure(_ words: String) -> ClusterReadError {
        .configuration("\(title)\(Self.line(mapping.mark)): \(path) \(words)")
    }

    private func failure(_ words: String, _ key: String, _ node: Node) -> ClusterReadError {
        .configuration("\(title)\(Self.line(node.mark)): \(member(key)) \(words)")
    }

    private func member(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }

    private func node(_ key: String) -> Node? {
        guard let found = mapping.first(where: { $0.key.scalar?.string == key })?.value, !Self.isNothing(found) else { return nil }
        return found
    }

    private static func isNothing(_ node: Node) -> Bool {
        guard let scalar = node.scalar, scalar.style == .plain || scalar.style == .any else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(scalar.string)
    }

    // Aliases of aliases double with each level, and a handful of lines can keep the YAML reader busy for ever.
    private static let aliasLimit = 20

    // Counts what looks like an alias; a few such words in quoted text do no harm.
    private static func aliasCount(_ document: String) -> Int {
        var count = 0
        var previous = UInt8(ascii: "\n")
        var isStar = false
        for byte in document.utf8 {
            let isName = byte >= 0x80 || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || isAlphanumeric(byte)
            if isStar, isName { count += 1 }
            isStar = byte == UInt8(ascii: "*") && !isAlphanumeric(previous)
            previous = byte
        }
        return count
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    private static func line(_ mark: Mark?) -> String { mark.map { " line \($0.line)" } ?? "" }

    private static func problem(_ error: any Error) -> String {
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            " line \(mark.line): \(problem)"
        case YamlError.duplicatedKeysInMapping(let keys, let context):
            " line \(context.mark.line): the member \(HostileText.line(keys.first ?? "", limit: 60)) stands there twice"
        default:
            " is not valid YAML"
        }
    }
}
