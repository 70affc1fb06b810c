import Testing

@testable import Correlation

/// A log as a real program prints it, and what has to be read out of it.
struct SignatureCase: Sendable, CustomTestStringConvertible {
    let text: String
    let signature: LogFinding.Signature
    var host: String?
    var port: Int?
    var path: String?
    var user: String?
    var name: String?

    init(
        _ text: String, _ signature: LogFinding.Signature, host: String? = nil, port: Int? = nil, path: String? = nil, user: String? = nil,
        name: String? = nil
    ) {
        self.text = text
        self.signature = signature
        self.host = host
        self.port = port
        self.path = path
        self.user = user
        self.name = name
    }

    var testDescription: String { "\(signature.rawValue): \(text.prefix(100))" }
}
