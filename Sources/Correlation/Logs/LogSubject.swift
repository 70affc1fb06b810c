/// What a failure is about, as far as its words tell.
struct LogSubject: Sendable, Hashable {
    var host: String?
    var port: Int?
    var path: String?
    var user: String?
    var name: String?
    var detail: String?

    /// Longest text kept of a detail.
    static let maximumDetail = 300

    mutating func fill(_ endpoint: Endpoint?) {
        guard let endpoint, host == nil else { return }
        host = endpoint.host
        port = port ?? endpoint.port
    }

    /// A text short enough to be shown.
    static func clip(_ text: String) -> String {
        text.utf8.count <= maximumDetail ? text : String(text.prefix(maximumDetail - 1)) + "…"
    }
}

/// Host and port as a log writes them.
struct Endpoint: Sendable, Hashable {
    let host: String
    let port: Int?

    /// Whether the host is an IPv4 or IPv6 address and not a name.
    var isAddress: Bool { Self.isAddress(host) }

    static func isAddress(_ host: String) -> Bool {
        host.contains(":") || isIPv4(host)
    }

    private static func isIPv4(_ host: String) -> Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}

extension LogText {
    /// Reads `host:port`, `host`, `[v6]:port`, `host/address:port`, each with an optional quote, bracket or slash in front.
    func endpoint(at start: Int) -> Endpoint? {
        var index = skippingSpaces(start)
        while Self.isQuote(self[index]) || self[index] == UInt8(ascii: "(") || self[index] == UInt8(ascii: "/") { index += 1 }
        if self[index] == UInt8(ascii: "[") { return bracketed(at: index) }
        let run = run(from: index, while: Self.isHostByte)
        var name = string(run)
        while name.last == "." || name.last == "-" || name.last == "_" { name.removeLast() }
        guard !name.isEmpty, name.utf8.count <= 253, name.utf8.count == run.count || self[run.upperBound] != UInt8(ascii: ":"),
            Endpoint.isAddress(name) || name.utf8.contains(where: Self.isLetter), name.first != "-", name.first != "."
        else { return nil }
        var behind = run.upperBound
        if self[behind] == UInt8(ascii: "/") {
            let address = self.run(from: behind + 1) { Self.isHostByte($0) || $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: ">") }
            let text = string(address)
            if Endpoint.isAddress(text) || text == "<unresolved>" { behind = address.upperBound }
        } else if Self.isQuote(self[behind]) {
            behind += 1
        }
        return Endpoint(host: name, port: self[behind] == UInt8(ascii: ":") ? port(behindColon: behind) : nil)
    }

    private func bracketed(at start: Int) -> Endpoint? {
        let body = run(from: start + 1) { Self.isAlphanumeric($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
        guard body.contains(where: { bytes[$0] == UInt8(ascii: ":") }), self[body.upperBound] == UInt8(ascii: "]") else { return nil }
        let behind = body.upperBound + 1
        return Endpoint(host: string(body), port: self[behind] == UInt8(ascii: ":") ? port(behindColon: behind) : nil)
    }

    private func port(behindColon colon: Int) -> Int? {
        let digits = run(from: colon + 1, while: Self.isDigit)
        guard !Self.isLetter(self[digits.upperBound]) else { return nil }
        return port(at: colon + 1)
    }
}
