internal import ClusterModel
internal import IncidentModel

extension SilentCrash {
    /// What the last revision changed, where that revision is the one that crashes. Fields in the order in which their change breaks a start.
    var changed: Finding? {
        let changes = container.templateChanges.filter { change in Self.suspects.contains { change.field.hasPrefix($0) } }
        guard let change = changes.min(by: { Self.rank($0) < Self.rank($1) }), let verdict = verdict(change) else { return nil }
        // Another revision that still serves shows that it is the change; several changes leave it open which one.
        let contrast = container.isEarlierRevisionServing ? 0.1 : 0
        let doubt = changes.count > 1 ? 0.08 : 0
        var details = verdict.details
        details["found"] = change.to.map { Self.shown($0, change) }
        details["expected"] = change.from.map { Self.shown($0, change) }
        details["exit_code"] = end.map { String($0.exitCode) }
        var citations: [Citation] = [
            .field(container.pod.reference, "spec.containers[\(container.name)].\(change.field)", details["found"] ?? "absent")
        ]
        if let end { citations.append(container.cite("\(CrashRules.endPath(container)).exitCode", "\(end.exitCode) (\(end.reason))")) }
        var finding = container.finding(
            verdict.cause, "\(container.place.capitalizedFirst) crashes since \(verdict.words).",
            confidence: verdict.confidence + contrast - doubt, details: details, citations: citations,
            reasons: ["the revision that crashes brought this change"]
                + (contrast > 0 ? ["pods of the earlier revision still serve"] : []),
            fields: [change.field])
        finding.against.append("its log does not say why it ends")
        for other in changes where other != change { finding.against.append("the same revision changed \(other.field)") }
        return finding
    }

    private static let suspects = ["env", "args", "command", "securityContext", "volumeMounts", "volumes", "image"]

    private static func rank(_ change: TemplateDiff.Change) -> Int {
        let isRemoval = change.to == nil
        return switch change.field {
        case "command", "args": 1
        case let field where field.hasPrefix("env"): isRemoval ? 0 : 2
        case "securityContext": 3
        case "volumeMounts", "volumes": 4
        default: 5
        }
    }

    private static func shown(_ value: String, _ change: TemplateDiff.Change) -> String {
        guard change.field.hasPrefix("env.") else { return Citation.cut(value) }
        return Citation.cut(CredentialMask.masked(value, of: String(change.field.dropFirst(4))))
    }

    private struct Verdict {
        var cause: CauseCode
        var words: String
        var confidence: Double
        var details: [String: String]
    }

    private func verdict(_ change: TemplateDiff.Change) -> Verdict? {
        if change.field.hasPrefix("env.") {
            let name = String(change.field.dropFirst(4))
            let details = ["field": "env", "key": name]
            return change.to == nil
                ? Verdict(cause: .configurationMissing, words: "variable \(name) was taken away", confidence: 0.62, details: details)
                : Verdict(cause: .configurationInvalid, words: "variable \(name) was changed", confidence: 0.5, details: details)
        }
        switch change.field {
        case "envFrom" where change.to == nil:
            return Verdict(
                cause: .configurationMissing, words: "its variables from elsewhere were taken away", confidence: 0.6,
                details: ["field": "envFrom"])
        case "command", "args":
            let isUsage = [2, 64].contains(end?.exitCode ?? 1)
            return Verdict(
                cause: .configurationInvalid, words: "its \(change.field == "args" ? "arguments were" : "command was") changed",
                confidence: isUsage ? 0.62 : 0.52, details: ["field": change.field])
        case "securityContext": return securityVerdict
        case "volumeMounts", "volumes":
            return Verdict(
                cause: .configurationMissing, words: "its volumes were changed", confidence: 0.48, details: ["field": change.field])
        case "image":
            return Verdict(
                cause: .applicationError, words: "its image was changed", confidence: 0.55, details: ["image": container.container.image])
        default: return nil
        }
    }

    private var securityVerdict: Verdict? {
        guard let revisions = container.revisions, let earlier = container.earlier else { return nil }
        let now = container.container.securityContext
        let details = ["field": "securityContext"]
        if now.readOnlyRootFilesystem == true, earlier.securityContext.readOnlyRootFilesystem != true {
            return Verdict(
                cause: .readOnlyFileSystem, words: "readOnlyRootFilesystem was switched on", confidence: 0.62,
                details: ["field": "readOnlyRootFilesystem"])
        }
        let user = now.runAsUser ?? container.pod.spec.securityContext.runAsUser
        let before = earlier.securityContext.runAsUser ?? revisions.earlier.spec.securityContext.runAsUser
        guard let user, user != 0, user != before else { return nil }
        var withUser = details
        withUser["user"] = String(user)
        if let port = container.declaredPorts.filter({ (1..<1_024).contains($0) }).min() {
            withUser["port"] = String(port)
            return Verdict(
                cause: .privilegedPortDenied, words: "it runs as user \(user), who may not bind its port \(port)", confidence: 0.55,
                details: withUser)
        }
        return Verdict(cause: .filePermissionDenied, words: "it runs as user \(user)", confidence: 0.5, details: withUser)
    }
}
