import ClusterModel
import FastJSON
import FoundationEssentials

/// One column of a Table: its heading, and how a cell comes from an object.
struct TableColumn: Sendable {
    enum Cell: Sendable {
        case text(String)
        case number(Int)

        var json: String {
            switch self {
            case .text(let text): JSONText.quote(text)
            case .number(let number): String(number)
            }
        }
    }

    let name: String
    let type: String
    /// 0 is always shown, 1 with `-o wide`.
    let priority: Int
    let cell: @Sendable (_ item: JSONValue, _ now: Date) -> Cell

    static func text(_ name: String, wide: Bool = false, _ cell: @escaping @Sendable (JSONValue) -> String) -> TableColumn {
        TableColumn(name: name, type: "string", priority: wide ? 1 : 0) { item, _ in .text(cell(item)) }
    }

    static func timed(_ name: String, wide: Bool = false, _ cell: @escaping @Sendable (JSONValue, Date) -> String) -> TableColumn {
        TableColumn(name: name, type: "string", priority: wide ? 1 : 0) { .text(cell($0, $1)) }
    }

    static func number(_ name: String, wide: Bool = false, _ cell: @escaping @Sendable (JSONValue) -> Int) -> TableColumn {
        TableColumn(name: name, type: "integer", priority: wide ? 1 : 0) { item, _ in .number(cell(item)) }
    }

    static let name = text("Name") { $0["metadata", "name"].string ?? "" }
    static let age = timed("Age") { item, now in HumanDuration.since(item["metadata", "creationTimestamp"], now: now) }
    static let createdAt = text("Created At") { $0["metadata", "creationTimestamp"].string ?? "<unknown>" }
}

/// The columns in which kubectl shows a kind, filled from recorded objects; ages count from the snapshot's own time.
///
/// Headings and cells follow the API server's printers (pkg/printers/internalversion).
struct TableColumns: Sendable {
    private let columns: [TableColumn]
    private let now: Date

    init(type: ResourceType, now: Date) {
        let columns = Self.byKind[type.kind] ?? [.age]
        // Events show their name last, and only when asked for everything.
        self.columns = columns.contains { $0.name == TableColumn.name.name } ? columns : [.name] + columns
        self.now = now
    }

    /// A `Table` document.
    /// - Parameter include: what each row carries beside its cells: `Metadata`, `Object` or `None`.
    func table(_ items: [JSONValue], metadata: [(key: String, json: String)], include: String) -> String {
        JSONText.object([
            ("kind", "\"Table\""), ("apiVersion", "\"meta.k8s.io/v1\""), ("metadata", JSONText.object(metadata)),
            ("columnDefinitions", JSONText.array(definitions)), ("rows", JSONText.array(items.map { row($0, include: include) })),
        ])
    }

    private var definitions: [String] {
        columns.map { column in
            JSONText.object([
                ("name", JSONText.quote(column.name)), ("type", JSONText.quote(column.type)),
                ("format", column.name == TableColumn.name.name ? "\"name\"" : "\"\""), ("description", JSONText.quote(column.name)),
                ("priority", String(column.priority)),
            ])
        }
    }

    private func row(_ item: JSONValue, include: String) -> String {
        var members: [(key: String, json: String)] = [("cells", JSONText.array(columns.map { $0.cell(item, now).json }))]
        switch include {
        case "None": break
        case "Object": members.append(("object", item.serialized))
        default:
            members.append(
                (
                    "object",
                    JSONText.object([
                        ("kind", "\"PartialObjectMetadata\""), ("apiVersion", "\"meta.k8s.io/v1\""),
                        ("metadata", item["metadata"].serialized),
                    ])
                ))
        }
        return JSONText.object(members)
    }

    private static let byKind: [String: [TableColumn]] = WorkloadColumns.byKind
        .merging(NetworkColumns.byKind) { $1 }
        .merging(ClusterColumns.byKind) { $1 }
        .merging(["Pod": PodColumns.columns, "Event": EventColumns.columns]) { $1 }
}
