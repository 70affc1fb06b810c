import FoundationEssentials

/// The address of an API server: scheme, host, port, and the path in front of it where a proxy serves several clusters.
struct ServerAddress: Sendable, Hashable {
    let scheme: String
    /// Without the brackets of an IPv6 address.
    let host: String
    let port: Int?
    /// Empty, or with a leading and no trailing slash.
    let basePath: String

    /// - Parameter place: where the text stands, for the error.
    init(_ text: String, in place: String) throws(ClusterReadError) {
        guard let url = URL(string: text), let scheme = url.scheme?.lowercased(), ["http", "https"].contains(scheme),
            let host = url.host(percentEncoded: false), !host.isEmpty, url.user() == nil, url.query() == nil, url.fragment() == nil,
            text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), url.port.map({ (1...65_535).contains($0) }) ?? true
        else {
            throw .configuration(
                "\(place): \"\(HostileText.line(text, limit: 200))\" is no address of an API server; "
                    + "it must look like https://host:6443, without user name, query or fragment")
        }
        self.scheme = scheme
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        port = url.port
        var path = url.path(percentEncoded: true)
        while path.hasSuffix("/") { path.removeLast() }
        basePath = path
    }

    /// The address as given, normalised.
    var text: String { origin(host: host) + basePath }

    /// Host and port as the `Host` header has them.
    var authority: String { bracketed(host) + (port.map { ":\($0)" } ?? "") }

    /// The URL that requests start with; `name` stands in the place of the host where the certificate has another one.
    func base(servedAs name: String?) -> String { origin(host: name ?? host) + basePath }

    private func origin(host: String) -> String {
        "\(scheme)://\(bracketed(host))" + (port.map { ":\($0)" } ?? "")
    }

    private func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}
