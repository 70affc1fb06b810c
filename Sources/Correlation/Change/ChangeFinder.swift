internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Finds the change that fits a cause: in the revisions of its workload, or in the time stamps of objects it rests on (group X).
enum ChangeFinder {
    /// A change older than this is no news, whatever it changed.
    private static let recentSeconds = 86_400.0
    /// Trouble that was there this long before a change was not brought by it; clocks and event times are that coarse.
    private static let slackSeconds = 60.0

    static func change(for finding: Finding, context: CaseContext) -> ObservedChange? {
        if let change = templateChange(finding, context) { return change }
        for reference in finding.changedObjects { if let change = objectChange(reference, finding, context) { return change } }
        return inputChange(finding, context)
    }

    // MARK: Pod template

    private static func templateChange(_ finding: Finding, _ context: CaseContext) -> ObservedChange? {
        guard let history = RevisionHistory(finding.sufferer, context: context), let time = history.time,
            (context.age(time) ?? 0) < recentSeconds, let best = best(of: history.changes, for: finding, context)
        else { return nil }
        let field = best.container.map { "container \($0): \(best.field)" } ?? best.field
        return ObservedChange(object: history.workload, field: field, from: best.from, to: best.to, time: time, manager: history.manager)
    }

    private static func best(
        of changes: [TemplateDiff.Change], for finding: Finding, _ context: CaseContext
    ) -> TemplateDiff.Change? {
        let container = finding.details["container"]
        let own = changes.filter { change in
            change.container == nil || container == nil || change.container == container || change.field == "containers"
        }
        // A program that breaks by itself may do so over anything that it is given.
        let fields = finding.changedFields + (finding.cause == .applicationError ? ["image", "command", "args", "env", "envFrom"] : [])
        var fitting = own.filter { change in fields.contains { covers($0, change.field) } }
        // Where only pods of the new revision fail, whatever it changed is the change.
        if fitting.isEmpty, let workload = context.topology[finding.sufferer],
            ReplicaContrast(workload, context: context)?.isOnlyNewRevision ?? false
        {
            fitting = own
        }
        // Among several, the one whose value the finding names; then the order in which the rule lists fields.
        let values = finding.details.values.filter { $0.count > 1 }
        func rank(_ change: TemplateDiff.Change) -> (Int, Int, String) {
            let isNamed = values.contains { (change.to ?? "").contains($0) || change.field.contains($0) }
            let order = fields.firstIndex { covers($0, change.field) } ?? fields.count
            return (isNamed ? 0 : 1, order, change.field)
        }
        return fitting.min { rank($0) < rank($1) }
    }

    private static func covers(_ field: String, _ changed: String) -> Bool {
        changed == field || changed.hasPrefix(field + ".") || field.hasPrefix(changed + ".")
    }

    // MARK: Other objects

    private static func objectChange(_ reference: ObjectReference, _ finding: Finding, _ context: CaseContext) -> ObservedChange? {
        guard let metadata = context.view.metadata(of: reference), let edit = lastEdit(of: metadata, for: finding), let time = edit.time,
            (context.age(time) ?? 0) < recentSeconds, isBefore(time, finding)
        else { return nil }
        // The entry that merely made the object is a change only if the object itself is new.
        guard !isCreation(edit, metadata) || finding.cause == .networkPolicyBlocks else { return nil }
        let fields = edit.settings
        let from = finding.cause == .scaledToZero ? finding.details["expected"] : nil
        return ObservedChange(
            object: reference, field: Phrase.list(Array(fields.prefix(3))), from: from,
            to: finding.cause == .scaledToZero ? finding.details["found"] : nil, time: time, manager: edit.manager)
    }

    // Of several writers, the one of the very field at fault; notes in labels, annotations and status change nothing.
    private static func lastEdit(of metadata: ObjectMetadata, for finding: Finding) -> ManagedFieldsEntry? {
        let edits = metadata.managedFields.filter {
            ($0.subresource.isEmpty || $0.subresource == "scale") && ($0.fields.isEmpty || !$0.settings.isEmpty)
        }
        let field = finding.details["field"] ?? ""
        let precise = field.isEmpty ? [] : edits.filter { $0.owns("spec.\(field)") }
        return (precise.isEmpty ? edits : precise).max {
            ($0.time ?? .distantPast, $0.manager) < ($1.time ?? .distantPast, $1.manager)
        }
    }

    private static func isBefore(_ time: Date, _ finding: Finding) -> Bool {
        finding.onset.map { time.timeIntervalSince($0) <= slackSeconds } ?? true
    }

    private static func isCreation(_ edit: ManagedFieldsEntry, _ metadata: ObjectMetadata) -> Bool {
        guard let time = edit.time, let made = metadata.creationTime else { return false }
        return abs(time.timeIntervalSince(made)) < 2
    }

    // MARK: ConfigMaps and Secrets

    // What a program reads at its start may have been edited under it; the latest such edit is the likely one.
    private static func inputChange(_ finding: Finding, _ context: CaseContext) -> ObservedChange? {
        guard finding.changedFields.contains(where: { ["env", "envFrom", "volumes"].contains($0) }),
            let workload = context.topology[finding.sufferer], finding.impact > .latent,
            let spec = workload.template?.spec ?? workload.pods.first?.spec
        else { return nil }
        let changes = ConfigurationInputs(spec, namespace: workload.namespace).references.compactMap {
            objectChange($0, finding, context)
        }
        return changes.max { ($0.time ?? .distantPast, $0.object) < ($1.time ?? .distantPast, $1.object) }
    }
}

extension ManagedFieldsEntry {
    /// Fields that set something: neither metadata nor status.
    var settings: [String] { fields.filter { !$0.hasPrefix("metadata") && !$0.hasPrefix("status") }.sorted() }
}
