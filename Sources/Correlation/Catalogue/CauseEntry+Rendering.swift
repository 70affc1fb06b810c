public import IncidentModel

extension CauseEntry {
    /// The fix for one cause, in words. Sentences whose placeholders have no value are left out.
    ///
    /// - Parameters:
    ///   - details: the particulars of the cause.
    ///   - object: the object it is reported on.
    public func fix(details: [String: String], object: ObjectReference) -> String {
        let sentences = fixSentences.compactMap { sentence in
            CauseTemplate(sentence).filled { hole in
                Placeholder(rawValue: hole)?.value(details: details, object: object).map(Self.prose)
            }
        }
        let text = sentences.joined(separator: " ")
        // With the first way left out, the second is no alternative to anything.
        let alternative = "Otherwise "
        return text.hasPrefix(alternative) ? String(text.dropFirst(alternative.count)).capitalizedFirst : text
    }

    /// Commands that show the fault, ready to paste. They only read. Commands whose placeholders have no value that is safe in a
    /// shell, or that do not work on this kind of object, are left out.
    ///
    /// - Parameters:
    ///   - details: the particulars of the cause.
    ///   - object: the object it is reported on.
    public func verify(details: [String: String], object: ObjectReference) -> [String] {
        var seen: Set<String> = []
        return verify.compactMap { command in
            guard Self.isApplicable(command, to: object.kind) else { return nil }
            // Cluster-scoped objects have no scope to give.
            let command = (object.namespace ?? "").isEmpty ? command.replacing(" {scope}", with: "") : command
            return CauseTemplate(command).filled { argument($0, details: details, object: object) }
        }.filter { seen.insert($0).inserted }
    }

    private func argument(_ hole: String, details: [String: String], object: ObjectReference) -> String? {
        guard let placeholder = Placeholder(rawValue: hole), let value = placeholder.value(details: details, object: object)
        else { return nil }
        switch placeholder {
        case .scope: return ShellWord.quoted(value).map { "-n " + $0 }
        case .kind: return ShellWord.quoted(value.lowercased())
        default: return ShellWord.quoted(value)
        }
    }

    /// Kinds that `kubectl logs KIND/NAME` finds pods for.
    private static let loggedKinds: Set<String> = [
        "DaemonSet", "Deployment", "Job", "Pod", "ReplicaSet", "ReplicationController", "StatefulSet",
    ]
    /// Kinds that hold a pod template where the commands look for it.
    private static let templatedKinds: Set<String> = loggedKinds.subtracting(["Pod"])
    /// Kinds that `kubectl rollout` knows.
    private static let rolledOutKinds: Set<String> = ["DaemonSet", "Deployment", "StatefulSet"]

    private static func isApplicable(_ command: String, to kind: String) -> Bool {
        guard command.contains("{kind}") else { return true }
        if command.hasPrefix("kubectl logs ") { return loggedKinds.contains(kind) }
        if command.hasPrefix("kubectl rollout ") { return rolledOutKinds.contains(kind) }
        if command.contains("{.spec.template.") { return templatedKinds.contains(kind) }
        return true
    }

    /// A value as it may stand in a sentence: on one line, without invisible characters, of readable length.
    private static func prose(_ value: String) -> String {
        var text = String.UnicodeScalarView()
        for scalar in value.unicodeScalars { text.append(ShellWord.isInvisible(scalar) ? " " : scalar) }
        let line = String(text)
        return line.count > 160 ? line.prefix(159) + "…" : line
    }
}
