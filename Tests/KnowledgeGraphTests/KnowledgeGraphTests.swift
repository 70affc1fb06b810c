import KnowledgeGraph
import Testing

@Suite struct KnowledgeGraphTests {
    static let shop = """
        # the shop
        version: 3
        components:
          - name: web
            type: service
            owner: team-a
            relationships:
              - depends_on: cart
              - calls: [search, Tax]
          - name: cart
            type: service
            relationships:
              - depends_on: cart-store
              - runs_on: node-pool
          - {name: cart-store, type: datastore}
          - name: search
        """

    @Test func `components, types and any relation are read`() throws {
        let graph = try KnowledgeGraph(yaml: Self.shop)
        #expect(graph.components.map(\.name) == ["Tax", "cart", "cart-store", "node-pool", "search", "web"])
        #expect(graph.component(named: "cart-store")?.type == "datastore")
        #expect(graph.component(named: "web")?.relationships.map(\.relation) == ["depends_on", "calls", "calls"])
        #expect(graph.component(named: "search")?.type == "unknown", "a type may be left out")
        #expect(graph.component(named: "node-pool")?.type == "unknown", "targets need no declaration")
    }

    @Test func `dependencies come nearest first and then by name`() throws {
        let graph = try KnowledgeGraph(yaml: Self.shop)
        #expect(graph.dependencies(of: "web") == ["Tax", "cart", "search"])
        #expect(graph.transitiveDependencies(of: "web") == ["Tax", "cart", "search", "cart-store", "node-pool"])
        #expect(graph.dependents(of: "cart-store") == ["cart"])
        #expect(graph.transitiveDependents(of: "cart-store") == ["cart", "web"])
        #expect(graph.transitiveDependencies(of: "nobody").isEmpty)
        #expect(graph.dependents(of: "nobody").isEmpty)
    }

    @Test func `names are found without regard to case where none fits exactly`() throws {
        let graph = try KnowledgeGraph(yaml: "components: [{name: Cart}, {name: cart, relationships: [{calls: tax}]}]")
        #expect(graph.component(named: "cart")?.name == "cart")
        #expect(graph.component(named: "Cart")?.name == "Cart")
        #expect(graph.component(named: "TAX")?.name == "tax")
        #expect(graph.dependents(of: "TAX") == ["cart"])
    }

    @Test func `circles end`() throws {
        let graph = try KnowledgeGraph(
            yaml: "components: [{name: a, relationships: [{calls: b}, {calls: a}]}, {name: b, relationships: [{calls: a}]}]")
        #expect(graph.transitiveDependencies(of: "a") == ["b"])
        #expect(graph.transitiveDependents(of: "a") == ["b"])
        #expect(graph.dependencies(of: "a") == ["b"], "a component does not depend on itself")
    }

    @Test func `components of one name that are given directly are united`() {
        let graph = KnowledgeGraph(components: [
            .init(name: "a", type: "service", relationships: [.init(relation: "calls", target: "b")]),
            .init(name: "a", type: "job", relationships: [.init(relation: "calls", target: "c")]),
        ])
        #expect(graph.component(named: "a")?.type == "service")
        #expect(graph.dependencies(of: "a") == ["b", "c"])
    }

    @Test(arguments: ["", "  \n", "# nothing\n", "components:\n", "components: []", "components: ~"])
    func `a file without components is an empty graph`(_ yaml: String) throws {
        #expect(try KnowledgeGraph(yaml: yaml) == .empty)
    }

    @Test(arguments: [
        ("- a\n- b", 1, "components"), ("just text", 1, "mapping"), ("parts: []", 1, "components"), ("components: cart", 1, "list"),
        ("components:\n  - cart", 2, "mapping"), ("components:\n  - type: service", 2, "name"),
        ("components:\n  - name:\n    type: x", 2, "name"),
        ("components:\n  - name: a\n    relationships: b", 3, "list"),
        ("components:\n  - name: a\n    relationships:\n      - b", 4, "depends_on"),
        ("components:\n  - name: a\n    relationships:\n      - depends_on:", 4, "name"),
        ("components:\n  - name: a\n    relationships:\n      - depends_on: {b: c}", 4, "name"),
        ("components:\n  - name: a\n  - name: b\n  - name: a", 4, "line 2"), ("components:\n  - name: [a, b]", 2, "name"),
        ("components:\n  - name: a\n    type: {x: y}", 3, "type"), ("components:\n  - name: \"a\\u0007b\"", 2, "control"),
        ("components:\n\t- name: a", 2, "YAML"), ("components: [", 1, "YAML"), ("components:\n  - name: a\n    name: b", 2, "twice"),
    ])
    func `a bad file is refused with line and fix`(_ yaml: String, _ line: Int, _ word: String) throws {
        let error = try #require(throws: KnowledgeGraphError.self) { try KnowledgeGraph(yaml: yaml) }
        // The parser reports the end of an unfinished file where it stopped reading.
        if yaml.hasSuffix("[") { #expect(error.line != nil) } else { #expect(error.line == line) }
        #expect(error.description.contains(word))
        #expect(!error.fix.isEmpty && !error.description.contains("\n"))
    }

    @Test func `too large a file is refused before it is parsed`() throws {
        let large = "components: []\n#" + String(repeating: "x", count: KnowledgeGraph.maximumFileSize)
        let error = try #require(throws: KnowledgeGraphError.self) { try KnowledgeGraph(yaml: large) }
        #expect(error.description.contains("bytes"))
        let many = "components: [" + (0...KnowledgeGraph.maximumComponents).map { "{name: c\($0)}" }.joined(separator: ",") + "]"
        let count = try #require(throws: KnowledgeGraphError.self) { try KnowledgeGraph(yaml: many) }
        #expect(count.description.contains("5001"))
    }

    @Test func `aliases of aliases and deep nesting are refused quickly`() throws {
        var bomb = "a0: &a0 [x, x]\n"
        for level in 1...40 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        let started = ContinuousClock.now
        #expect(throws: KnowledgeGraphError.self) { try KnowledgeGraph(yaml: bomb + "? *a40\n: y\ncomponents: []\n") }
        #expect(throws: KnowledgeGraphError.self) { try KnowledgeGraph(yaml: "components: " + String(repeating: "[", count: 50_000)) }
        #expect(ContinuousClock.now - started < .seconds(5))
    }

    @Test func `anchors of honest files work`() throws {
        let yaml = "components:\n  - name: a\n    relationships: &common\n      - depends_on: db\n  - name: b\n    relationships: *common\n"
        #expect(try KnowledgeGraph(yaml: yaml).dependents(of: "db") == ["a", "b"])
    }
}
