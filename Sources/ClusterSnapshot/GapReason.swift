import KubernetesClient

/// The words in which a snapshot says why something is missing, so that its replay can fail in the same way.
enum GapReason {
    private static let forbidden = "forbidden: "
    private static let notServed = "not served: "
    private static let others = [
        "unauthorized: ", "timeout: ", "server error ", "unreachable: ", "malformed: ", "not recorded: ", "broken file: ",
        "unreadable file: ",
    ]

    static func text(for error: ClusterReadError) -> String {
        switch error {
        case .forbidden(let message): keep(message, under: forbidden)
        case .notFound(let message): keep(message, under: notServed)
        case .unauthorized(let message): "unauthorized: " + message
        case .timeout(let message): "timeout: " + message
        case .tooManyRequests(_, let message): "server error 429: " + message
        case .serverError(let status, let message): "server error \(status): " + message
        case .unreachable(let message): "unreachable: " + message
        case .conflict(let message), .gone(let message), .badRequest(let message), .malformed(let message), .configuration(let message):
            "malformed: " + message
        }
    }

    /// What a reader of the snapshot is told: `.forbidden` where the recorder was refused, else `.notFound`, as if it were not served.
    static func error(for reason: String) -> ClusterReadError {
        if reason.hasPrefix(forbidden) { return .forbidden(String(reason.dropFirst(forbidden.count))) }
        if reason == "forbidden" || reason.hasPrefix("403") { return .forbidden(reason) }
        if reason.hasPrefix(notServed) { return .notFound(String(reason.dropFirst(notServed.count))) }
        return .notFound(reason)
    }

    /// Whether the recorder was refused, so that the list does exist.
    static func isRefusal(_ reason: String) -> Bool {
        if case .forbidden = error(for: reason) { true } else { false }
    }

    /// Whether a message is a recorded reason, word for word, that came through a replay.
    static func isRecorded(_ message: String) -> Bool {
        message == "forbidden" || message.hasPrefix("403") || others.contains(where: message.hasPrefix)
    }

    private static func keep(_ message: String, under prefix: String) -> String {
        isRecorded(message) ? message : prefix + message
    }
}
