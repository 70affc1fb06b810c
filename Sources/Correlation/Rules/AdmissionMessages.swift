internal import ClusterModel

/// `requested: requests.memory=100Mi, used: requests.memory=400Mi, limited: requests.memory=400Mi`.
struct QuotaMessage {
    /// The resource that is exceeded, without `requests.` and the like.
    let resource: String
    /// As the quota has it: `requests.memory`, `count/jobs.batch`.
    let field: String
    /// The quota's own amount.
    let limited: String?
    /// The least amount with which it would have fitted.
    let needed: String?
    /// The sentence part that says how it is exceeded.
    let words: String

    init(_ message: String) {
        let requested = Self.values(Phrase.between(message, "requested: ", ", used:") ?? "")
        let used = Self.values(Phrase.between(message, "used: ", ", limited:") ?? "")
        let limits = Self.values(Phrase.after(message, "limited: ") ?? "")
        let keys = requested.keys.sorted()
        words = keys.map { key in
            "\(key) requested \(requested[key] ?? "?"), used \(used[key] ?? "?") of \(limits[key] ?? "?")"
        }.joined(separator: "; ")
        func sum(_ key: String) -> Double? {
            guard let more = Quantity(requested[key] ?? ""), let now = Quantity(used[key] ?? "") else { return nil }
            return more.value + now.value
        }
        let exceeded = keys.first { key in
            guard let sum = sum(key), let most = Quantity(limits[key] ?? "") else { return false }
            return sum > most.value
        }
        field = exceeded ?? keys.first ?? ""
        resource = Self.plain(field)
        limited = limits[field]
        needed = sum(field).map { [resource = resource] in PodDemand.text($0, of: resource) }
    }

    /// `memory` of `limits.memory`, `jobs.batch` of `count/jobs.batch`, `storage` of `fast.storageclass.storage.k8s.io/requests.storage`.
    static func plain(_ field: String) -> String {
        let name = field.contains(".storageclass.storage.k8s.io/") ? Phrase.after(field, ".storageclass.storage.k8s.io/") ?? field : field
        for prefix in ["requests.", "limits.", "count/"] where name.hasPrefix(prefix) { return String(name.dropFirst(prefix.count)) }
        return name
    }

    private static func values(_ text: String) -> [String: String] {
        Dictionary(
            text.split(separator: ",").compactMap { pair in
                let sides = pair.split(separator: "=", maxSplits: 1)
                guard sides.count == 2 else { return nil }
                return (sides[0].filter { !$0.isWhitespace }, String(sides[1].prefix { !$0.isWhitespace }))
            }
        ) { first, _ in first }
    }
}

/// `maximum memory usage per Container is 192Mi, but limit is 512Mi`, and its kin of minimum, ratio and no limit at all.
struct LimitMessage {
    let resource: String
    /// `Container`, `Pod` or `PersistentVolumeClaim`.
    let type: String
    /// What the LimitRange allows.
    let bound: String
    /// What the pod has; `nil` where it sets nothing.
    let found: String?
    let isLimit: Bool
    /// `limits`, `requests` or `maxLimitRequestRatio`.
    let field: String
    let expected: String

    init?(_ message: String) {
        guard let usage = Self.usage(in: message) else { return nil }
        resource = usage.resource
        type = usage.type
        bound = usage.bound
        let rest = usage.rest
        let value = Phrase.between(rest + ",", "is ", ",").map { String($0.prefix { !$0.isWhitespace && $0 != "]" }) }
        found = rest.contains("No limit is specified") || rest.contains("No request is specified") ? nil : value?.trimmed
        isLimit = rest.hasPrefix("limit") || rest.contains("No limit")
        field = usage.isRatio ? "maxLimitRequestRatio" : isLimit ? "limits" : "requests"
        expected = "\(usage.isMinimum ? "at least" : "at most") \(usage.bound)"
    }

    private typealias Usage = (resource: String, type: String, bound: String, rest: String, isMinimum: Bool, isRatio: Bool)

    private static func usage(in message: String) -> Usage? {
        let isRatio = message.contains(" max limit to request ratio per ")
        let middle = isRatio ? " max limit to request ratio per " : " usage per "
        guard let around = message.firstRange(of: middle) else { return nil }
        let head = message[..<around.lowerBound].split { $0 == " " || $0 == "[" || $0 == ":" }
        guard let resource = head.last else { return nil }
        let tail = String(message[around.upperBound...])
        guard let type = tail.split(separator: " ").first, let amount = Phrase.after(tail, " is ") else { return nil }
        let bound = String(amount.prefix { !$0.isWhitespace && $0 != "," }).trimmed
        let rest = amount.dropFirst(bound.count).drop { $0 == "," || $0 == "." || $0.isWhitespace }
        let said = rest.hasPrefix("but ") ? rest.dropFirst(4) : rest
        return (String(resource), String(type), bound, String(said), head.dropLast().last == "minimum", isRatio)
    }
}

/// The checks of Pod Security admission, and the field each of them is about.
enum PodSecurityMessage {
    // Check texts of k8s.io/pod-security-admission/policy.
    private static let checks: [(text: String, field: String)] = [
        ("allowPrivilegeEscalation", "allowPrivilegeEscalation"), ("capabilities", "capabilities"), ("runAsNonRoot", "runAsNonRoot"),
        ("runAsUser=0", "runAsUser"), ("seccompProfile", "seccompProfile"), ("host namespaces", "hostNetwork"),
        ("hostPath volumes", "hostPath"), ("restricted volume types", "volumes"), ("hostPort", "hostPort"), ("hostProcess", "hostProcess"),
        ("privileged", "privileged"), ("procMount", "procMount"), ("seLinuxOptions", "seLinuxOptions"), ("forbidden sysctls", "sysctls"),
        ("AppArmor", "appArmorProfile"), ("probe or lifecycle host", "host"),
    ]

    /// Fields in the order of the message.
    static func fields(_ text: String) -> [String] {
        var heads: [String] = []
        var depth = 0
        var head = ""
        for character in text + "," {
            if character == "(" { depth += 1 }
            if character == ")" { depth -= 1 }
            if depth == 0 && character == "," {
                heads.append(head)
                head = ""
            } else if depth == 0 {
                head.append(character)
            }
        }
        return heads.compactMap { head in checks.first { head.contains($0.text) }?.field }
    }
}

/// The name of the policy that a webhook's words hold: `[must-have-owner] …` of Gatekeeper, `…policies require-labels: …` of Kyverno.
enum PolicyName {
    static func inside(_ words: String) -> String? {
        if words.hasPrefix("["), let name = Phrase.between(words, "[", "]") { return name }
        guard let rest = Phrase.after(words, "due to the following policies ") else { return nil }
        let name = rest.prefix { $0 != ":" && !$0.isWhitespace }
        return name.isEmpty ? nil : String(name)
    }
}
