/// The forms that Kubernetes allows names to have; whatever else arrives in a path or a body is refused.
public enum KubernetesName {
    /// A DNS-1123 label, as namespaces and containers are named: `a-z`, `0-9` and inner `-`, at most 63.
    public static func isLabel(_ name: String) -> Bool {
        isLabel(Substring(name))
    }

    /// A DNS-1123 subdomain, as pods and most objects are named: labels joined by dots, at most 253 characters.
    public static func isSubdomain(_ name: String) -> Bool {
        name.utf8.count <= 253
            && name.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
                // Only the whole is bounded at 253 characters; a single part may be longer than a label.
                hasLabelCharacters(part)
            }
    }

    /// A path segment name, as RBAC objects have (`system:node`): anything but `.`, `..`, `/`, `%`, spaces and controls, at most 253.
    public static func isPathSegment(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 253 && name != "." && name != ".."
            && name.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "%") }
    }

    private static func isLabel(_ text: Substring) -> Bool {
        text.utf8.count <= 63 && hasLabelCharacters(text)
    }

    private static func hasLabelCharacters(_ text: Substring) -> Bool {
        let isInner: (UInt8) -> Bool = { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || byte == UInt8(ascii: "-")
        }
        guard let first = text.utf8.first, let last = text.utf8.last else { return false }
        return text.utf8.allSatisfy(isInner) && first != UInt8(ascii: "-") && last != UInt8(ascii: "-")
    }
}
