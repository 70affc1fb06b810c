import FastJSON
public import HTTPTypes
public import Hummingbird
public import IncidentModel
import NIOCore

/// The body of every error answer: `application/problem+json` (RFC 9457) with the public API's `code` and `message`.
public struct Problem: Error, Sendable, Hashable {
    public var status: HTTPResponse.Status
    /// What is wrong and what to do, for the caller.
    public var message: String
    /// Headers that belong to the answer, such as `Allow` or `Retry-After`.
    public var headers: HTTPFields
    /// Further members: names and values that are JSON text already.
    public var members: [String: String]

    public init(_ status: HTTPResponse.Status, _ message: String, headers: HTTPFields = [:], members: [String: String] = [:]) {
        self.status = status
        self.message = message
        self.headers = headers
        self.members = members
    }

    /// The JSON text of the body.
    /// - Parameters:
    ///   - instance: path of the request.
    ///   - correlation: what the answer's `X-Correlation-ID` says.
    public func body(instance: String, correlation: CorrelationID?) -> String {
        let title = status.reasonPhrase.isEmpty ? "Error" : status.reasonPhrase
        var fields: [(key: String, json: String)] = [
            ("type", "\"about:blank\""),
            ("title", JSONText.quote(title)),
            ("status", String(status.code)),
            ("detail", JSONText.quote(message)),
            ("instance", JSONText.quote(instance)),
            ("code", String(status.code)),
            ("message", JSONText.quote(message)),
        ]
        if let correlation { fields.append(("correlation_id", JSONText.quote(correlation.text))) }
        fields += members.sorted { $0.key < $1.key }.map { (key: $0.key, json: $0.value) }
        return JSONText.object(fields)
    }

    /// The answer to `request`.
    public func response(to request: Request) -> Response {
        var headers = headers
        headers[.contentType] = "application/problem+json"
        let text = body(instance: String(request.uri.path.prefix(200)), correlation: CorrelationID.current)
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }
}

/// An error that knows how it looks to a caller of the API.
public protocol ProblemConvertible: Error {
    var problem: Problem { get }
}

extension Problem: ProblemConvertible {
    public var problem: Problem { self }
}
