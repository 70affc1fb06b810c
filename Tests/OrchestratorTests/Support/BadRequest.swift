import Foundation

/// One request that must be refused.
struct BadRequest: Sendable, CustomStringConvertible {
    let description: String
    let bytes: [UInt8]
    let status: Int
    let closesSending: Bool

    /// Exactly these bytes.
    static func raw(_ name: String, _ bytes: [UInt8], _ status: Int, closesSending: Bool = false) -> BadRequest {
        BadRequest(description: name, bytes: bytes, status: status, closesSending: closesSending)
    }

    static func raw(_ name: String, _ text: String, _ status: Int, closesSending: Bool = false) -> BadRequest {
        raw(name, Array(text.utf8), status, closesSending: closesSending)
    }

    /// A request without body.
    static func line(_ name: String, _ method: String, _ path: String, _ status: Int, headers: String = "") -> BadRequest {
        raw(name, "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\(headers)\r\n", status)
    }

    /// A body posted to the incidents, with its right length.
    static func body(
        _ name: String, _ body: [UInt8], _ status: Int = 400, type: String? = "application/json", headers: String = ""
    ) -> BadRequest {
        let type = type.map { "Content-Type: \($0)\r\n" } ?? ""
        let head = "POST /api/v1/incidents HTTP/1.1\r\nHost: localhost\r\n\(type)\(headers)Content-Length: \(body.count)\r\n\r\n"
        return raw(name, Array(head.utf8) + body, status)
    }

    static func body(
        _ name: String, _ text: String, _ status: Int = 400, type: String? = "application/json", headers: String = ""
    ) -> BadRequest {
        body(name, Array(text.utf8), status, type: type, headers: headers)
    }
}
