internal import ClusterModel
internal import IncidentModel

/// RBAC, evaluated as the API server does (R1, R2).
enum PermissionRules {
    /// Holds a "forbidden" from a log against the roles and bindings that were read.
    static func corroborate(_ finding: inout Finding, _ said: LogFinding, _ container: ContainerCase) {
        guard let request = AccessRequest(said, container) else { return }
        finding.statement = "\(request.subject) of \(container.workload.reference) may not \(request.words)."
        finding.details["user"] = request.user
        finding.details["resource"] = request.resource
        finding.details["found"] = "\(request.verb) \(request.resource)"
        let view = container.context.view
        let hasRoles = view.wasRead(.clusterRoleBindings) && view.wasRead(.clusterRoles)
        guard view.wasRead(.roleBindings, in: request.namespace ?? request.home), hasRoles else { return }
        let access = Access(view: view, account: request.account, home: request.home)
        if access.allows(request) {
            finding.confidence -= 0.2
            finding.against.append("the roles that were read allow it now")
            return
        }
        finding.confidence += 0.1
        finding.reasons.append("no role bound to the ServiceAccount allows it")
        guard let gap = AccessGap.between(access, and: request) else { return }
        finding.statement = finding.statement.trimmed + ": \(gap.words)."
        finding.details["field"] = gap.field
        finding.details["reference"] = gap.reference.name
        finding.details["expected"] = gap.expected
        finding.citations.append(gap.citation)
        finding.changedObjects += [gap.reference] + access.bindings.map(\.reference)
    }

    /// A program that looks for the token which its pod does not mount.
    static func withoutToken(_ said: LogFinding, _ container: ContainerCase) -> Finding? {
        let directory = "/var/run/secrets/kubernetes.io/serviceaccount"
        guard said.path?.hasPrefix(directory) ?? false || said.line.message.contains(directory + "/token") else { return nil }
        let spec = container.pod.spec
        let account = container.context.view.serviceAccounts[container.pod.namespace, spec.serviceAccountName]
        guard !(spec.automountServiceAccountToken ?? account?.automountServiceAccountToken ?? true) else { return nil }
        let isPod = spec.automountServiceAccountToken != nil
        let holder = isPod ? container.workload.reference : account?.reference ?? container.workload.reference
        var finding = container.finding(
            .permissionForbidden,
            "\(container.place.capitalizedFirst) needs the token of its ServiceAccount \(spec.serviceAccountName), and automountServiceAccountToken of \(holder) is false.",
            confidence: 0.93,
            details: [
                "field": "automountServiceAccountToken", "found": "false", "expected": "true", "reference": spec.serviceAccountName,
                "path": directory + "/token",
            ],
            citations: [
                .log(container.pod, container.name, said.line),
                .field(holder, isPod ? "spec.template.spec.automountServiceAccountToken" : "automountServiceAccountToken", "false"),
            ], reasons: ["the program does not find the token, and none is mounted"], fields: ["automountServiceAccountToken"],
            onset: said.first)
        finding.changedObjects = [holder]
        return finding
    }
}

/// What an identity asked of the API server and was refused.
struct AccessRequest {
    let verb: String
    let resource: String
    let group: String
    /// Name of the single object, where one was asked for.
    let object: String?
    /// `nil` for the whole cluster.
    let namespace: String?
    let account: String
    let home: String

    /// Reads `services "web" is forbidden: User "system:serviceaccount:ns:sa" cannot get resource "services" in API group "" in the namespace "n"`.
    init?(_ said: LogFinding, _ container: ContainerCase) {
        let text = said.line.text.replacing("\\\"", with: "\"")
        guard let verb = Phrase.between(text, "cannot ", " resource "), let resource = Phrase.between(text, " resource \"", "\"") else {
            return nil
        }
        self.verb = verb
        self.resource = resource
        group = Phrase.between(text, "API group \"", "\"") ?? ""
        namespace = Phrase.between(text, "in the namespace \"", "\"")
        // The name of a single object stands in quotes right before the word: `secrets "db" is forbidden`.
        object = text.firstRange(of: "\" is forbidden").flatMap { text[..<$0.lowerBound].split(separator: "\"").last.map(String.init) }
        let user = (said.user ?? Phrase.between(text, "User \"", "\"") ?? "").split(separator: ":").map(String.init)
        account = user.count == 4 ? user[3] : container.pod.spec.serviceAccountName
        home = user.count == 4 ? user[2] : container.pod.namespace
    }

    var user: String { "system:serviceaccount:\(home):\(account)" }
    var subject: String { "ServiceAccount \(home)/\(account)" }

    var words: String {
        "\(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(namespace.map { " in namespace \($0)" } ?? " in the whole cluster")"
    }
}

/// What one ServiceAccount is allowed.
struct Access {
    let view: ClusterView
    let account: String
    let home: String

    var bindings: [RoleBinding] {
        view.roleBindings.items.filter { binding in binding.subjects.contains { isMeant($0, in: binding) } }
    }

    private func isMeant(_ subject: RoleBinding.Subject, in binding: RoleBinding) -> Bool {
        switch subject.kind {
        case "ServiceAccount": subject.name == account && (subject.namespace.isEmpty ? binding.namespace : subject.namespace) == home
        case "Group": ["system:serviceaccounts", "system:serviceaccounts:\(home)", "system:authenticated"].contains(subject.name)
        case "User": subject.name == "system:serviceaccount:\(home):\(account)"
        default: false
        }
    }

    func role(of binding: RoleBinding) -> Role? {
        binding.roleKind == "ClusterRole" ? view.roles["", binding.roleName] : view.roles[binding.namespace, binding.roleName]
    }

    func allows(_ request: AccessRequest) -> Bool {
        bindings.contains { binding in
            guard binding.reaches(request.namespace), let role = role(of: binding) else { return false }
            return role.allows(request)
        }
    }
}

extension RoleBinding {
    /// Whether the binding grants anything in a namespace; only cluster-wide ones grant the whole cluster.
    func reaches(_ wanted: String?) -> Bool { namespace.isEmpty || namespace == wanted }
}

extension Role {
    func allows(_ request: AccessRequest) -> Bool {
        rules.contains { rule in
            let isNamed = rule.resourceNames.isEmpty || (request.object.map(rule.resourceNames.contains) ?? false)
            return isNamed && rule.allows(verb: request.verb, group: request.group, resource: request.resource)
        }
    }
}
