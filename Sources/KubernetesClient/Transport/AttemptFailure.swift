import AsyncHTTPClient
import NIOCore
import NIOHTTP1
import NIOSSL

/// Why one attempt at a request came to nothing, and what a next one may do about it.
struct AttemptFailure: Error {
    let error: ClusterReadError
    let isWorthRetrying: Bool
    /// How long the server asked to wait.
    var retryAfter: Duration?

    init(_ error: ClusterReadError, isWorthRetrying: Bool, retryAfter: Duration? = nil) {
        self.error = error
        self.isWorthRetrying = isWorthRetrying
        self.retryAfter = retryAfter
    }

    /// Translates what the HTTP library throws.
    /// - Parameter server: the address, for the message.
    init(transport error: any Error, server: String) {
        switch error {
        case let failure as AttemptFailure: self = failure
        case let failure as ClusterReadError: self.init(failure, isWorthRetrying: false)
        case is CancellationError: self.init(.timeout("the read was cancelled"), isWorthRetrying: false)
        case let failure as HTTPClientError: self.init(client: failure, server: server)
        case is NIOSSLError, is NIOSSLExtraError: self.init(tls: error, server: server)
        // How the library tells of a connection cut within a chunked body.
        case let failure as HTTPParserError where failure == .invalidEOFState: self.init(client: .remoteConnectionClosed, server: server)
        case is HTTPParserError:
            self.init(.malformed("\(server) does not answer with HTTP"), isWorthRetrying: false)
        default: self.init(words: Self.words(error), server: server)
        }
    }

    private init(client error: HTTPClientError, server: String) {
        switch error {
        case .cancelled, .requestStreamCancelled:
            self.init(.timeout("the read was cancelled"), isWorthRetrying: false)
        case .deadlineExceeded, .readTimeout, .getConnectionFromPoolTimeout:
            self.init(.timeout("\(server) did not answer in time"), isWorthRetrying: true)
        case .connectTimeout, .tlsHandshakeTimeout:
            self.init(.timeout("no connection to \(server) in time"), isWorthRetrying: true)
        case .remoteConnectionClosed:
            self.init(.unreachable("\(server) closed the connection before its answer was complete"), isWorthRetrying: true)
        case .alreadyShutdown:
            self.init(.unreachable("no connection to \(server): this client has been shut down"), isWorthRetrying: false)
        default: self.init(words: String(describing: error), server: server)
        }
    }

    private init(words: String, server: String) {
        self.init(.unreachable("no connection to \(server): \(HostileText.line(words, limit: 300))"), isWorthRetrying: true)
    }

    // A certificate does not become right by asking again.
    private init(tls error: any Error, server: String) {
        let words = HostileText.line(String(describing: error), limit: 300)
        let hint =
            words.contains("CERTIFICATE_VERIFY_FAILED")
            ? "; its certificate is not signed by the configured certificate authority or has expired"
            : words.contains("failedToValidateHostname")
                ? "; its certificate is for another name (tls-server-name can name it)" : ""
        self.init(.unreachable("no TLS connection to \(server)\(hint) (\(words))"), isWorthRetrying: false)
    }

    // The library's words for the commonest failures are long dumps.
    private static func words(_ error: any Error) -> String {
        let text = String(describing: error)
        let known = ["Connection refused", "No route to host", "Network is unreachable", "Connection reset by peer"]
        if let phrase = known.first(where: { text.contains($0) }) { return phrase.lowercased() }
        return text.hasPrefix("DNS error") ? "its host name cannot be resolved" : text
    }
}
