internal import ClusterModel
internal import IncidentModel

/// Objects and keys that a pod refers to and that do not exist, and settings that the kubelet refuses (B1-B6, V12-V15).
enum ReferenceRules {
    /// Reads one message of the kubelet, from a waiting container or a FailedMount event.
    static func finding(_ container: ContainerCase, message: String, citations: [Citation]) -> Finding? {
        if message.isEmpty { return AbsentReferences(container: container).environment }
        return missingKey(container, message, citations) ?? missingObject(container, message, citations)
            ?? refusedSetting(container, message, citations)
    }

    private static func missingObject(_ container: ContainerCase, _ message: String, _ citations: [Citation]) -> Finding? {
        for (word, kind) in [("configmap", "ConfigMap"), ("secret", "Secret")] {
            guard message.contains("not found") || message.contains("not registered"),
                let name = Phrase.between(message, "\(word) \"", "\" not found") ?? Phrase.between(message, "\(word)s \"", "\" not found")
            else { continue }
            let short = name.split(separator: "/").last.map(String.init) ?? name
            return missing(container, kind: kind, name: short, citations: citations)
        }
        if let account = Phrase.between(message, "serviceaccounts \"", "\" not found")
            ?? Phrase.between(message, "serviceaccount \"", "\" not found")
        {
            return AccountFinding.missing(account, container.workload, citations, 0.93, container.context)
        }
        return nil
    }

    static func missing(_ container: ContainerCase, kind: String, name: String, citations: [Citation]) -> Finding {
        let namespace = container.pod.namespace
        let view = container.context.view
        let names =
            kind == "ConfigMap" ? view.configMaps.inNamespace(namespace).map(\.name) : view.secrets.inNamespace(namespace).map(\.name)
        let isRead = view.wasRead(kind == "ConfigMap" ? .configMaps : .secrets, in: namespace)
        let near = names.filter { $0 != name }.compactMap { other in
            EditDistance.between(other, name, atMost: max(3, name.utf8.count / 3)).map { (other, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        var citations = citations
        var details = ["reference": name, "field": "name"]
        details["key"] = key(of: kind, name, in: container)
        var statement = "\(kind) \(name), which \(container.place) needs, does not exist in namespace \(namespace)"
        if let near, !names.contains(name) {
            statement += " (\(near) does)"
            details["expected"] = near
        } else if let elsewhere = namespaces(having: kind, name, view).first(where: { $0 != namespace }), !names.contains(name) {
            statement += "; namespace \(elsewhere) has one of that name"
        }
        var confidence = 0.95
        var reasons = ["the kubelet names the missing \(kind)"]
        let reference = ObjectReference(kind: kind, namespace: namespace, name: name)
        if isRead && !names.contains(name) {
            citations.append(.absence(reference, "the list of \(kind)s in \(namespace) has no \(name)"))
            reasons.append("the list of \(kind)s confirms it")
            confidence = 0.97
        }
        if names.contains(name) { confidence = 0.6 }
        var finding = container.finding(
            kind == "ConfigMap" ? .configMapNotFound : .secretNotFound, statement + ".", confidence: confidence, details: details,
            citations: citations, reasons: reasons, fields: ["env", "envFrom", "volumes"])
        if names.contains(name) { finding.against.append("\(kind) \(name) exists now: it may have been made meanwhile") }
        finding.changedObjects = [reference]
        return finding
    }

    /// The key that a variable asks of an object, where it is only one.
    private static func key(of kind: String, _ name: String, in container: ContainerCase) -> String? {
        let keys = container.container.env.compactMap { variable -> String? in
            switch variable.source {
            case .configMapKey(name, let key, _) where kind == "ConfigMap": key
            case .secretKey(name, let key, _) where kind == "Secret": key
            default: nil
            }
        }
        return Set(keys).count == 1 ? keys.first : nil
    }

    private static func namespaces(having kind: String, _ name: String, _ view: ClusterView) -> [String] {
        kind == "ConfigMap"
            ? view.configMaps.items.filter { $0.name == name }.map(\.namespace)
            : view.secrets.items.filter { $0.name == name }.map(\.namespace)
    }

    private static func missingKey(_ container: ContainerCase, _ message: String, _ citations: [Citation]) -> Finding? {
        if let key = Phrase.between(message, "couldn't find key ", " in ") {
            let isSecret = message.contains("in Secret ")
            let place = Phrase.after(message, " in \(isSecret ? "Secret" : "ConfigMap") ") ?? ""
            let name = place.split(separator: "/").last.map { $0.prefix { !$0.isWhitespace && $0 != "," } }.map(String.init) ?? ""
            return keyMissing(container, key: key, kind: isSecret ? "Secret" : "ConfigMap", name: name, citations)
        }
        for (word, kind) in [("configmap", "ConfigMap"), ("secret", "Secret")] {
            guard let rest = Phrase.after(message, "references non-existent \(kind == "Secret" ? "secret" : "config") key: "),
                message.lowercased().contains(word)
            else { continue }
            let key = String(rest.prefix { !$0.isWhitespace && $0 != "," })
            let volume = Phrase.between(message, "for volume \"", "\"")
            let name = holder(of: key, kind: kind, volume: volume, container: container) ?? ""
            return keyMissing(container, key: key, kind: kind, name: name, citations)
        }
        return nil
    }

    static func keyMissing(_ container: ContainerCase, key: String, kind: String, name: String, _ citations: [Citation]) -> Finding {
        let namespace = container.pod.namespace
        let view = container.context.view
        let keys = (kind == "ConfigMap" ? view.configMaps[namespace, name]?.keys : view.secrets[namespace, name]?.keys) ?? []
        let near = keys.compactMap { other in
            EditDistance.between(other.lowercased(), key.lowercased(), atMost: 4).map { (other, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        var details = ["reference": name, "key": key, "field": "key"]
        if let near { details["expected"] = near }
        let hint = near.map { " (it has \($0))" } ?? ""
        var finding = container.finding(
            .configKeyNotFound, "Key \(key), which \(container.place) needs, is not in \(kind) \(name)\(hint).", confidence: 0.96,
            details: details, citations: citations, reasons: ["the kubelet names the missing key"], fields: ["env", "volumes"])
        finding.changedObjects = [ObjectReference(kind: kind, namespace: namespace, name: name)]
        return finding
    }

    // A volume's message names the key only; the reference with this key names the object.
    private static func holder(of key: String, kind: String, volume: String?, container: ContainerCase) -> String? {
        func find(_ source: Volume.Source) -> String? {
            switch source {
            case .configMap(let reference) where kind == "ConfigMap" && reference.keys.contains(key): reference.name
            case .secret(let reference) where kind == "Secret" && reference.keys.contains(key): reference.name
            case .projected(let sources): sources.lazy.compactMap(find).first
            default: nil
            }
        }
        let volumes = container.pod.spec.volumes
        return volumes.filter { $0.name == volume }.lazy.compactMap { find($0.source) }.first
            ?? volumes.lazy.compactMap { find($0.source) }.first
    }

    private static func refusedSetting(_ container: ContainerCase, _ message: String, _ citations: [Citation]) -> Finding? {
        if message.contains("runAsNonRoot") || message.contains("non-root") || message.contains("non-numeric user") {
            return container.finding(
                .securityContextConflict, "\(container.place) must run as non-root (runAsNonRoot), but \(Citation.cut(message)).",
                confidence: 0.95, details: ["field": "runAsNonRoot"], citations: citations,
                reasons: ["the kubelet refuses to start it as root"], fields: ["securityContext", "image"])
        }
        if Phrase.containsAny(message, ["seccomp", "AppArmor", "localhostProfile"]) {
            return container.finding(
                .securityContextConflict, "The security profile of \(container.place) cannot be met: \(Citation.cut(message)).",
                confidence: 0.92, details: ["field": "seccompProfile"], citations: citations, reasons: ["the kubelet refuses it"],
                fields: ["securityContext"])
        }
        if Phrase.containsAny(message, ["subPath", "cannot find volume", "hostPath type check failed", "is not a directory"]) {
            let path = Phrase.between(message, "hostPath type check failed: ", " is not")
            var details = ["field": message.contains("hostPath") ? "hostPath" : "subPath"]
            details["path"] = path
            details["reference"] = Phrase.between(message, "volumeMount \"", "\"") ?? Phrase.between(message, "find volume \"", "\"")
            return container.finding(
                .volumeMountInvalid, "A volume of \(container.place) cannot be mounted: \(Citation.cut(message)).", confidence: 0.92,
                details: details, citations: citations, reasons: ["the kubelet refuses the mount"], fields: ["volumes", "volumeMounts"])
        }
        return nil
    }
}
