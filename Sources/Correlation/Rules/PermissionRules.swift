internal import ClusterModel
internal import IncidentModel

/// RBAC, evaluated as the API server does (R1, R2).
enum PermissionRules {
    /// Holds a "forbidden" from a log against the roles and bindings that were read.
    static func corroborate(_ finding: inout Finding, _ said: LogFinding, _ container: ContainerCase) {
        let text = said.line.message
        guard let verb = Phrase.between(text, "cannot ", " resource "), let resource = Phrase.between(text, " resource \"", "\"") else {
            return
        }
        let group = Phrase.between(text, "API group \"", "\"") ?? ""
        let namespace = Phrase.between(text, "in the namespace \"", "\"")
        let account = (said.user ?? Phrase.between(text, "User \"", "\"") ?? "").split(separator: ":").map(String.init)
        let name = account.count == 4 ? account[3] : container.pod.spec.serviceAccountName
        let home = account.count == 4 ? account[2] : container.pod.namespace
        let scope = namespace.map { " in namespace \($0)" } ?? " in the whole cluster"
        finding.statement =
            "ServiceAccount \(home)/\(name) of \(container.workload.reference) may not \(verb) \(resource)\(group.isEmpty ? "" : ".\(group)")\(scope)."
        finding.details["user"] = "system:serviceaccount:\(home):\(name)"
        finding.details["resource"] = resource
        finding.details["found"] = "\(verb) \(resource)"
        let view = container.context.view
        guard view.wasRead(.roleBindings, in: namespace ?? home), view.wasRead(.clusterRoleBindings), view.wasRead(.clusterRoles) else {
            return
        }
        let access = Access(view: view, account: name, home: home)
        if access.allows(verb: verb, group: group, resource: resource, in: namespace) {
            finding.confidence -= 0.2
            finding.against.append("the roles that were read allow it now")
            return
        }
        finding.confidence += 0.1
        finding.reasons.append("no role bound to the ServiceAccount allows it")
        for binding in access.bindings {
            finding.changedObjects += [binding.reference]
            let role = access.role(of: binding)
            finding.changedObjects += role.map { [$0.reference] } ?? []
            if role == nil {
                finding.citations.append(
                    .absence(binding.reference, "\(binding.roleKind) \(binding.roleName), which it refers to, does not exist"))
                finding.details["reference"] = binding.roleName
            } else if let role {
                finding.citations.append(
                    .field(
                        role.reference, "rules",
                        role.rules.map { "\($0.verbs.joined(separator: ",")) \($0.resources.joined(separator: ","))" }.joined(
                            separator: "; ")))
                finding.details["reference"] = finding.details["reference"] ?? role.name
            }
        }
    }
}

/// What one ServiceAccount is allowed.
struct Access {
    let view: ClusterView
    let account: String
    let home: String

    var bindings: [RoleBinding] {
        view.roleBindings.items.filter { binding in
            binding.subjects.contains { subject in
                switch subject.kind {
                case "ServiceAccount":
                    subject.name == account && (subject.namespace.isEmpty ? binding.namespace : subject.namespace) == home
                case "Group":
                    ["system:serviceaccounts", "system:serviceaccounts:\(home)", "system:authenticated"].contains(subject.name)
                case "User": subject.name == "system:serviceaccount:\(home):\(account)"
                default: false
                }
            }
        }
    }

    func role(of binding: RoleBinding) -> Role? {
        binding.roleKind == "ClusterRole" ? view.roles["", binding.roleName] : view.roles[binding.namespace, binding.roleName]
    }

    func allows(verb: String, group: String, resource: String, in namespace: String?) -> Bool {
        bindings.contains { binding in
            guard binding.namespace.isEmpty || binding.namespace == namespace, let role = role(of: binding) else { return false }
            return role.rules.contains { $0.resourceNames.isEmpty && $0.allows(verb: verb, group: group, resource: resource) }
        }
    }
}
