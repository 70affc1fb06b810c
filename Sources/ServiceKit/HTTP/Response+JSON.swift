public import HTTPTypes
public import Hummingbird
public import NIOCore

extension Response {
    /// An answer whose body is JSON text.
    public static func json(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        json(ByteBuffer(string: text), status: status, headers: headers)
    }

    /// An answer whose body is JSON, as bytes.
    public static func json(_ body: ByteBuffer, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        answer(body, type: "application/json", status: status, headers: headers)
    }

    /// An answer with text of another media type.
    public static func text(_ text: String, type: String = "text/plain; charset=utf-8") -> Response {
        answer(ByteBuffer(string: text), type: type, status: .ok, headers: [:])
    }

    private static func answer(_ body: ByteBuffer, type: String, status: HTTPResponse.Status, headers: HTTPFields) -> Response {
        var headers = headers
        headers[.contentType] = type
        return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: body))
    }
}
