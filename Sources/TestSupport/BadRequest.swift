/// One request that a service must refuse, for tests of bad input.
public struct BadRequest: Sendable, CustomStringConvertible {
    public let description: String
    public let bytes: [UInt8]
    public let status: Int
    public let closesSending: Bool

    /// Exactly these bytes.
    public static func raw(_ name: String, _ bytes: [UInt8], _ status: Int, closesSending: Bool = false) -> BadRequest {
        BadRequest(description: name, bytes: bytes, status: status, closesSending: closesSending)
    }

    public static func raw(_ name: String, _ text: String, _ status: Int, closesSending: Bool = false) -> BadRequest {
        raw(name, Array(text.utf8), status, closesSending: closesSending)
    }

    /// A request without body.
    public static func line(_ name: String, _ method: String, _ path: String, _ status: Int, headers: String = "") -> BadRequest {
        raw(name, "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n", status)
    }

    /// A body sent to a path, with its right length.
    public static func body(
        _ name: String, to path: String, _ body: [UInt8], _ status: Int = 400, type: String? = "application/json", headers: String = "",
        method: String = "POST"
    ) -> BadRequest {
        let type = type.map { "Content-Type: \($0)\r\n" } ?? ""
        let head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(type)\(headers)Content-Length: \(body.count)\r\n\r\n"
        return raw(name, Array(head.utf8) + body, status)
    }

    public static func body(
        _ name: String, to path: String, _ text: String, _ status: Int = 400, type: String? = "application/json", headers: String = "",
        method: String = "POST"
    ) -> BadRequest {
        body(name, to: path, Array(text.utf8), status, type: type, headers: headers, method: method)
    }
}
