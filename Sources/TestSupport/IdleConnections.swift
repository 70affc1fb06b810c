#if canImport(Glibc)
    import Glibc
#endif

/// Connections to 127.0.0.1 on which nothing is ever asked; closed when nobody holds this any more.
public final class IdleConnections: Sendable {
    private let sockets: [Int32]

    public init(_ count: Int, port: Int) throws {
        var sockets: [Int32] = []
        for _ in 0..<count {
            let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            guard socket >= 0 else { break }
            sockets.append(socket)
            try RawHTTP.connect(socket, port: port)
        }
        self.sockets = sockets
    }

    deinit { for socket in sockets { close(socket) } }

    /// Those that the other side has not closed.
    public var open: Int {
        sockets.count { socket in
            var byte: UInt8 = 0
            return recv(socket, &byte, 1, Int32(MSG_PEEK) | Int32(MSG_DONTWAIT)) < 0 && errno == EAGAIN
        }
    }
}
