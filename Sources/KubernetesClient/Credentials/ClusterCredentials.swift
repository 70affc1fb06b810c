/// What proves to the API server who is asking, besides a client certificate of the connection itself.
enum ClusterCredentials: Sendable {
    case anonymous
    case token(BearerToken)
    case tokenFile(TokenFile)
    case basic(username: String, password: String)
    case exec(ExecPlugin)
}

/// A bearer token that is fit for a header.
struct BearerToken: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    let text: String

    /// - Parameter place: where the token stands, for the error, which never shows the token.
    init(_ text: String, from place: String) throws(ClusterReadError) {
        guard !text.isEmpty else { throw .configuration("\(place) is empty") }
        guard text.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw .configuration("\(place) has characters that no token has (white space, control or non-ASCII characters)")
        }
        self.text = text
    }

    var description: String { "<token>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
