/// Spares the work for messages that a log repeats word for word.
struct MatchMemory: Sendable {
    private struct Key: Hashable {
        let message: [UInt8]
        let level: LogLine.Level?

        // The synthesised one would feed the hasher byte by byte.
        func hash(into hasher: inout Hasher) {
            message.withUnsafeBytes { hasher.combine(bytes: $0) }
        }
    }

    private let matcher: SignatureMatcher
    private var known: [Key: SignatureMatcher.Reading] = [:]
    private static let capacity = 256

    init(matcher: SignatureMatcher) {
        self.matcher = matcher
    }

    /// See `SignatureMatcher.read`.
    mutating func read(_ message: [UInt8], context: [UInt8], surroundings: [UInt8], level: LogLine.Level?) -> SignatureMatcher.Reading {
        guard context.isEmpty, surroundings.isEmpty else {
            return matcher.read(message, context: context, surroundings: surroundings, level: level)
        }
        let key = Key(message: message, level: level)
        if let reading = known[key] { return reading }
        let reading = matcher.read(message, level: level)
        if known.count >= Self.capacity { known.removeAll(keepingCapacity: true) }
        known[key] = reading
        return reading
    }
}
