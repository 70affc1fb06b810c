import ClusterModel
import FastJSON
import KubernetesClient

/// Both selectors of a list call, ready to be applied to items.
struct ObjectSelection: Sendable {
    private let labels: LabelSelector
    private let fields: FieldSelector?

    /// - Throws: `ClusterReadError.badRequest` for text that is no selector.
    init(_ selection: ListSelection) throws(ClusterReadError) {
        do {
            labels = try LabelSelectorSyntax.parse(selection.labels ?? "")
        } catch {
            throw .badRequest(error.message)
        }
        do {
            fields = if let text = selection.fields, !text.isEmpty { try FieldSelector(parsing: text) } else { nil }
        } catch {
            throw .badRequest(error.message)
        }
    }

    var isEverything: Bool { labels.isEmpty && fields == nil }

    func matches(_ item: JSONValue) -> Bool {
        (labels.isEmpty || labels.matches(item["metadata", "labels"].stringMap)) && (fields?.matches(item) ?? true)
    }
}
