internal import ClusterModel
internal import IncidentModel

/// The one thing that keeps a refused request from being allowed, found by looking at the rules and bindings nearest to allowing it.
struct AccessGap {
    /// `verbs`, `resources`, `apiGroups` or `resourceNames` of a role; `roleRef`, `subjects` or `namespace` of a binding.
    let field: String
    let words: String
    let reference: ObjectReference
    let expected: String?
    let citation: Citation

    static func between(_ access: Access, and request: AccessRequest) -> AccessGap? {
        let reaching = access.bindings.filter { $0.reaches(request.namespace) }
        // What everybody has by way of a group says nothing about this account.
        let own = reaching.filter { binding in binding.subjects.contains { $0.kind == "ServiceAccount" } }
        return missingRole(own, access) ?? nearRule(own.isEmpty ? reaching : own, access, request)
            ?? bindingElsewhere(access, request) ?? wrongSubject(access, request) ?? unboundRole(access, request)
            ?? emptyHanded(own, access, request)
    }

    private static func missingRole(_ bindings: [RoleBinding], _ access: Access) -> AccessGap? {
        guard let binding = bindings.first(where: { access.role(of: $0) == nil }) else { return nil }
        let role = "\(binding.roleKind) \(binding.roleName)"
        return AccessGap(
            field: "roleRef", words: "\(binding.reference) refers to \(role), which does not exist", reference: reference(of: binding),
            expected: nil, citation: .absence(binding.reference, "\(role), which it refers to, does not exist"))
    }

    private static func reference(of binding: RoleBinding) -> ObjectReference {
        let isCluster = binding.roleKind == "ClusterRole"
        return ObjectReference(kind: binding.roleKind, namespace: isCluster ? nil : binding.namespace, name: binding.roleName)
    }

    // MARK: Rules

    // A rule that fits but for one of its parts is the one that was meant.
    private static func nearRule(_ bindings: [RoleBinding], _ access: Access, _ request: AccessRequest) -> AccessGap? {
        var near: [AccessGap] = []
        for binding in bindings {
            guard let role = access.role(of: binding) else { continue }
            near += role.rules.compactMap { gap($0, role, request) }
        }
        let order = ["resourceNames", "verbs", "apiGroups", "resources"]
        return near.min { (order.firstIndex(of: $0.field) ?? 9) < (order.firstIndex(of: $1.field) ?? 9) }
    }

    private static func gap(_ rule: Role.Rule, _ role: Role, _ request: AccessRequest) -> AccessGap? {
        func has(_ values: [String], _ wanted: String) -> Bool { values.contains(wanted) || values.contains("*") }
        let verb = has(rule.verbs, request.verb)
        let group = has(rule.apiGroups, request.group)
        let resource = has(rule.resources, request.resource)
        let text = "\(list(rule.verbs)) \(list(rule.resources)) in API group \(list(rule.apiGroups.map { $0.isEmpty ? "\"\"" : $0 }))"
        func make(_ field: String, _ words: String, _ expected: String) -> AccessGap {
            AccessGap(
                field: field, words: "\(role.reference) allows \(words)", reference: role.reference, expected: expected,
                citation: .field(role.reference, "rules", text))
        }
        switch (verb, group, resource) {
        case (true, true, true):
            return make("resourceNames", "it only for \(list(rule.resourceNames))", request.object ?? "no resourceNames")
        case (false, true, true): return make("verbs", "only \(list(rule.verbs)) on \(request.resource)", request.verb)
        case (true, false, true):
            let groups = list(rule.apiGroups.map { $0.isEmpty ? "the core group" : $0 })
            return make(
                "apiGroups", "\(request.resource) of \(groups), not of \(request.group.isEmpty ? "the core group" : request.group)",
                request.group)
        case (true, true, false): return make("resources", "\(request.verb) only on \(list(rule.resources))", request.resource)
        default: return nil
        }
    }

    private static func list(_ words: [String]) -> String { words.joined(separator: ",") }

    // MARK: Bindings

    private static func bindingElsewhere(_ access: Access, _ request: AccessRequest) -> AccessGap? {
        let binding = access.bindings.first { binding in
            !binding.reaches(request.namespace) && (access.role(of: binding)?.allows(request) ?? false)
        }
        guard let binding else { return nil }
        let place = request.namespace.map { "namespace \($0)" } ?? "the whole cluster"
        return AccessGap(
            field: "namespace", words: "\(binding.reference) allows it in namespace \(binding.namespace) only, not in \(place)",
            reference: binding.reference, expected: request.namespace ?? "ClusterRoleBinding",
            citation: .field(binding.reference, "metadata.namespace", binding.namespace))
    }

    // A binding of the right role to a subject that is nearly this one.
    private static func wrongSubject(_ access: Access, _ request: AccessRequest) -> AccessGap? {
        for binding in access.view.roleBindings.items where binding.reaches(request.namespace) {
            guard let role = access.role(of: binding), role.allows(request) else { continue }
            for subject in binding.subjects where isNear(subject, request) {
                let found = subject.kind == "ServiceAccount" ? "\(subject.namespace)/\(subject.name)" : "\(subject.kind) \(subject.name)"
                return AccessGap(
                    field: "subjects", words: "\(binding.reference) gives the permission to \(found)", reference: binding.reference,
                    expected: "\(request.home)/\(request.account)", citation: .field(binding.reference, "subjects", found))
            }
        }
        return nil
    }

    private static func isNear(_ subject: RoleBinding.Subject, _ request: AccessRequest) -> Bool {
        if subject.name == request.account { return true }
        guard subject.kind == "ServiceAccount", subject.namespace == request.home else { return false }
        return subject.name == "default" || EditDistance.between(subject.name, request.account, atMost: 3) != nil
    }

    // A role that is named like the account, and that nobody is bound to.
    private static func unboundRole(_ access: Access, _ request: AccessRequest) -> AccessGap? {
        let named = access.view.roles.items.first { role in
            role.allows(request) && (role.namespace.isEmpty || role.namespace == request.namespace) && role.name.contains(request.account)
        }
        guard let named else { return nil }
        return AccessGap(
            field: "subjects", words: "\(named.reference) would allow it, and no binding gives it to the account",
            reference: named.reference,
            expected: "\(request.home)/\(request.account)",
            citation: .absence(named.reference, "no binding joins it to ServiceAccount \(request.home)/\(request.account)"))
    }

    private static func emptyHanded(_ bindings: [RoleBinding], _ access: Access, _ request: AccessRequest) -> AccessGap? {
        if let role = bindings.lazy.compactMap({ access.role(of: $0) }).first {
            let rules = role.rules.map { "\(list($0.verbs)) \(list($0.resources))" }.joined(separator: "; ")
            return AccessGap(
                field: "resources", words: "\(role.reference) says nothing of \(request.resource)", reference: role.reference,
                expected: request.resource, citation: .field(role.reference, "rules", rules))
        }
        let account = ObjectReference(kind: "ServiceAccount", namespace: request.home, name: request.account)
        return AccessGap(
            field: "subjects", words: "no binding gives it any role", reference: account, expected: nil,
            citation: .absence(account, "no RoleBinding or ClusterRoleBinding names it"))
    }
}
