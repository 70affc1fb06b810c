import Yams

/// Turns the text of a knowledge graph file into components, or says which line is wrong.
struct KnowledgeGraphReader {
    private var relationshipCount = 0
    private static let maximumRelationships = 50_000
    private static let maximumNameLength = 253
    /// Aliases of aliases grow exponentially when the parser compares them; no honest file needs more.
    private static let maximumAliases = 32

    mutating func components(of yaml: String) throws(KnowledgeGraphError) -> [KnowledgeGraph.Component] {
        guard let root = try Self.parse(yaml) else { return [] }
        if case .scalar(let scalar) = root, scalar.string.isEmpty { return [] }
        guard let document = root.mapping else {
            throw Self.error(root, "the file is \(Self.word(root)), not a mapping", "start it with 'components:'")
        }
        guard let list = document["components"] else {
            throw Self.error(root, "there is no 'components' member", "start the file with 'components:' and a list below it")
        }
        if list.null != nil { return [] }
        guard let items = list.sequence else {
            throw Self.error(list, "'components' is \(Self.word(list)), not a list", "write each component as '- name: …'")
        }
        guard items.count <= KnowledgeGraph.maximumComponents else {
            throw Self.error(list, "there are \(items.count) components", "keep to \(KnowledgeGraph.maximumComponents) or fewer")
        }
        return try components(in: items)
    }

    private mutating func components(in items: Node.Sequence) throws(KnowledgeGraphError) -> [KnowledgeGraph.Component] {
        var result: [KnowledgeGraph.Component] = []
        var lines: [String: Int] = [:]
        for item in items {
            let component = try component(item)
            if let earlier = lines[component.name] {
                throw Self.error(
                    item, "component '\(component.name)' was already declared on line \(earlier)", "rename one or join the two")
            }
            lines[component.name] = item.mark?.line ?? 0
            result.append(component)
        }
        return result
    }

    private mutating func component(_ node: Node) throws(KnowledgeGraphError) -> KnowledgeGraph.Component {
        guard let members = node.mapping else {
            throw Self.error(node, "a component is \(Self.word(node)), not a mapping", "write '- name: …' and its other members below")
        }
        guard let nameNode = members["name"] else {
            throw Self.error(node, "a component has no name", "add 'name: …'")
        }
        let name = try Self.name(nameNode, of: "'name'")
        var type = KnowledgeGraph.unknownType
        if let typeNode = members["type"], typeNode.null == nil { type = try Self.name(typeNode, of: "'type' of '\(name)'") }
        var relationships: [KnowledgeGraph.Relationship] = []
        if let list = members["relationships"], list.null == nil {
            relationships = try self.relationships(list, of: name)
        }
        return KnowledgeGraph.Component(name: name, type: type, relationships: relationships)
    }

    private mutating func relationships(
        _ node: Node, of name: String
    ) throws(KnowledgeGraphError) -> [KnowledgeGraph.Relationship] {
        guard let items = node.sequence else {
            throw Self.error(
                node, "'relationships' of '\(name)' is \(Self.word(node)), not a list", "write each as '- depends_on: other-component'")
        }
        var result: [KnowledgeGraph.Relationship] = []
        for item in items {
            guard let pairs = item.mapping, !pairs.isEmpty else {
                throw Self.error(
                    item, "a relationship of '\(name)' is \(Self.word(item)), not a mapping", "write it as '- depends_on: other-component'")
            }
            for (key, value) in pairs {
                let relation = try Self.name(key, of: "a relation of '\(name)'")
                for target in try Self.targets(value, of: relation, component: name) {
                    result.append(.init(relation: relation, target: target))
                }
            }
            relationshipCount += pairs.count
        }
        relationshipCount += result.count
        guard relationshipCount <= Self.maximumRelationships else {
            throw Self.error(node, "there are too many relationships", "keep to \(Self.maximumRelationships) or fewer in the whole file")
        }
        return result
    }

    private static func targets(
        _ node: Node, of relation: String, component: String
    ) throws(KnowledgeGraphError) -> [String] {
        let label = "'\(relation)' of '\(component)'"
        guard let items = node.sequence else { return [try name(node, of: label)] }
        var result: [String] = []
        for item in items { result.append(try name(item, of: "an entry of \(label)")) }
        return result
    }

    /// The text of a scalar that names something. Numbers and the like are taken as they are written.
    private static func name(_ node: Node, of what: String) throws(KnowledgeGraphError) -> String {
        guard let scalar = node.scalar else {
            throw error(node, "\(what) is \(word(node)), not a name", "write one plain word")
        }
        guard node.null == nil, !scalar.string.isEmpty else {
            throw error(node, "\(what) is empty", "give a name")
        }
        guard scalar.string.utf8.count <= maximumNameLength,
            scalar.string.unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control })
        else {
            throw error(node, "\(what) is longer than \(maximumNameLength) bytes or has control characters", "shorten it to a plain name")
        }
        return scalar.string
    }

    private static func parse(_ yaml: String) throws(KnowledgeGraphError) -> Node? {
        guard aliasCount(yaml) <= maximumAliases else {
            throw KnowledgeGraphError(line: nil, problem: "the file has more than \(maximumAliases) aliases", fix: "write the names out")
        }
        do {
            // The parser keeps a pointer into the text, which Swift moves where a string is shorter than 16 bytes.
            return try Yams.compose(yaml: yaml + String(repeating: "\n", count: 16))
        } catch let problem as YamlError {
            throw KnowledgeGraphError(problem)
        } catch {
            throw KnowledgeGraphError(line: nil, problem: "the file is not valid YAML", fix: "check its syntax")
        }
    }

    private static func aliasCount(_ yaml: String) -> Int {
        var count = 0
        var previous = UInt8(ascii: "\n")
        var pending = false
        for byte in yaml.utf8 {
            if pending, byte > 0x20 { count += 1 }
            pending = byte == UInt8(ascii: "*") && (previous <= 0x20 || Array("[{,:-".utf8).contains(previous))
            previous = byte
        }
        return count
    }

    private static func error(_ node: Node, _ problem: String, _ fix: String) -> KnowledgeGraphError {
        KnowledgeGraphError(line: node.mark?.line, problem: problem, fix: fix)
    }

    private static func word(_ node: Node) -> String {
        switch node {
        case .mapping: "a mapping"
        case .sequence: "a list"
        case .scalar: node.null != nil ? "empty" : "plain text"
        case .alias: "an alias"
        }
    }
}

extension KnowledgeGraphError {
    fileprivate init(_ error: YamlError) {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            self.init(line: mark.line, problem: "not valid YAML: \(problem)", fix: "check indentation, quotes and colons there")
        case .reader(let problem, let offset, _, let yaml):
            let line = offset.map { yaml.prefix($0).count { $0 == "\n" } + 1 }
            self.init(line: line, problem: "not readable text: \(problem)", fix: "save it as UTF-8 without control characters")
        case .duplicatedKeysInMapping(let duplicates, let context):
            let line = context.mark.line > 0 ? context.mark.line : nil
            let keys = duplicates.sorted().prefix(3).map { "'\($0.prefix(60))'" }.joined(separator: ", ")
            self.init(line: line, problem: "a mapping has the same key twice: \(keys)", fix: "keep one of them, or use a list")
        default:
            self.init(line: nil, problem: "not valid YAML", fix: "check its syntax")
        }
    }
}
