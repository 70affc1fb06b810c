import FastJSON
import NIOHTTP1

/// Translates answers other than success into errors that keep the API server's own words.
enum StatusAnswer {
    /// - Parameters:
    ///   - body: the start of the body, usually a Kubernetes `Status`.
    ///   - path: what was asked for, for answers without words of their own.
    static func failure(status: Int, headers: HTTPHeaders, body: [UInt8], path: String) -> AttemptFailure {
        let document = parse(body)
        let message = document["kind"].string == "Status" ? document["message"].string : nil
        let text = HostileText.line(String(decoding: body.prefix(1_000), as: UTF8.self), limit: 200)
        let said = message.map { HostileText.line($0) } ?? (text.isEmpty ? "HTTP status \(status)" : "HTTP status \(status): \(text)")
        let seconds = retryAfter(headers, document)
        let after = seconds.map { Duration.seconds($0) }
        switch status {
        case 401: return AttemptFailure(.unauthorized(said), isWorthRetrying: false)
        case 403: return AttemptFailure(.forbidden(said), isWorthRetrying: false)
        case 404: return AttemptFailure(notFound(message: message, text: text, path: path), isWorthRetrying: false)
        case 408: return AttemptFailure(.timeout(said), isWorthRetrying: true, retryAfter: after)
        case 409: return AttemptFailure(.conflict(said), isWorthRetrying: false)
        case 410: return AttemptFailure(.gone(said), isWorthRetrying: false)
        case 429: return AttemptFailure(.tooManyRequests(retryAfterSeconds: seconds, said), isWorthRetrying: true, retryAfter: after)
        case 500...599:
            return AttemptFailure(.serverError(status: status, said), isWorthRetrying: status != 501, retryAfter: after)
        case 400...499: return AttemptFailure(.badRequest(said), isWorthRetrying: false)
        default:
            return AttemptFailure(
                .malformed("HTTP status \(status), which no Kubernetes API answers with: \(text)"), isWorthRetrying: false)
        }
    }

    /// A `Status` object that came with HTTP status 200, or as the `ERROR` event of a watch.
    static func failure(object: JSONValue, path: String) -> AttemptFailure {
        failure(status: object["code"].int ?? 500, headers: [:], body: Array(object.serialized.utf8), path: path)
    }

    // "Absent" is a statement about the cluster, so only the API server may make it. `404 page not found` is how it says that it
    // serves no such resource type; anything else is some proxy or another server altogether.
    private static func notFound(message: String?, text: String, path: String) -> ClusterReadError {
        if let message { return .notFound(HostileText.line(message)) }
        if text == "404 page not found" { return .notFound("the API server does not serve \(path)") }
        return .malformed("HTTP status 404 without a Kubernetes Status; is the server address right? It said: \(text)")
    }

    private static func retryAfter(_ headers: HTTPHeaders, _ document: JSONValue) -> Int? {
        let seconds = headers.first(name: "Retry-After").flatMap { Int($0) } ?? document["details", "retryAfterSeconds"].int
        return seconds.flatMap { $0 > 0 ? $0 : nil }
    }

    private static func parse(_ body: [UInt8]) -> JSONValue {
        (try? body.withUnsafeBytes { bytes in try JSONValue(parsing: bytes) }) ?? .missing
    }
}
