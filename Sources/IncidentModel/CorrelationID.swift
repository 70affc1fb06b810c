public import FoundationEssentials

/// Ties together everything that one request, or one investigation, causes in all services.
///
/// It is taken from the caller where the caller sends a sane one, carried by the task, written into every log line and passed on with
/// every call to another service.
public struct CorrelationID: Sendable, Hashable, CustomStringConvertible {
    /// The text as it stands in headers and logs.
    public let text: String

    /// The correlation id of the running task; `nil` outside of a request or an investigation.
    @TaskLocal public static var current: CorrelationID?

    /// Takes over a caller's id: 1 to 128 letters, digits and `-_.:`, so that it can be written anywhere without escaping.
    /// - Returns: `nil` for anything else.
    public init?(_ text: String) {
        guard (1...128).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
        self.text = text
    }

    /// The id of what an object with a UUID causes.
    public init(_ id: UUID) {
        text = id.uuidString.lowercased()
    }

    /// A new, random id.
    public static func random() -> CorrelationID { CorrelationID(UUID()) }

    public var description: String { text }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: ":"):
            true
        default: false
        }
    }
}
