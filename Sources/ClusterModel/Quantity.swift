/// A Kubernetes resource quantity such as `500m`, `1.5`, `64Mi` or `1e3`.
public struct Quantity: Sendable, Hashable {
    /// As it stands in the object.
    public let text: String
    /// In base units: cores, bytes, pieces.
    public let value: Double

    /// - Returns: `nil` where the text is no quantity.
    public init?(_ text: String) {
        self.text = text
        let digits = text.prefix { $0.isNumber || $0 == "." || $0 == "-" || $0 == "+" }
        let suffix = text.dropFirst(digits.count)
        if let scale = Self.scales[String(suffix)], let number = Double(digits) {
            value = number * scale
        } else if suffix.first == "e" || suffix.first == "E", let number = Double(text) {
            value = number
        } else {
            return nil
        }
    }

    // Suffixes of k8s.io/apimachinery's resource.Quantity.
    private static let scales: [String: Double] = [
        "": 1, "n": 1e-9, "u": 1e-6, "m": 1e-3, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18,
        "Ki": 1_024, "Mi": 1_048_576, "Gi": 1_073_741_824, "Ti": 1_099_511_627_776, "Pi": 1_125_899_906_842_624,
        "Ei": 1_152_921_504_606_846_976,
    ]
}

extension Quantity: Comparable {
    public static func < (left: Quantity, right: Quantity) -> Bool { left.value < right.value }
}

extension Quantity: CustomStringConvertible {
    public var description: String { text }
}
