/// Words that are no failure themselves and decide what the others are worth. `^` and `$` as in `SignatureTable`.
enum ContextWords {
    enum Kind: Sendable {
        /// Something works, or works again.
        case recovery
        /// Turns a word of recovery or of listening into its opposite.
        case negation
        /// The program itself says that it does not matter.
        case harmless
        /// A port follows that the program listens on.
        case listening
        /// An access log's request line.
        case access
        /// A request, where it stands near the start of the line.
        case request
        case closing
        case retry
    }

    static let all: [(Kind, [String])] = [
        (
            .recovery,
            [
                "reachable again", "available again", "reconnected", "re-connected", "recovered", "connection established",
                "established connection", "connection restored",
                "connection re-established", "connection reestablished", "back online", "back to normal", " ok$", " ok.$", ": ok ",
                "succeeded", "successfully connected", "connected to ", "connected successfully",
                "is healthy", "is reachable", "is now available", "became available", "now available", "resumed", " connected$",
                "connection successful", "connection succeeded", "is up$", "connection is ok",
                "retry successful", "successfully reconnected",
            ]
        ),
        (
            .negation,
            [
                "not ", "failed", "unable", "cannot", "could not", "couldn't", "can't", "no longer", "already in use", "failure", "isn't",
                "wasn't", "refusing", "never ", "until ", "if connected to", "not connected",
            ]
        ),
        (
            .harmless,
            [
                "deprecat", "(expected", "(ignored", "ignored)", "nothing to do", "harmless", "can be ignored", "safely ignored",
                "non-fatal, ", "favicon.ico",
            ]
        ),
        (
            .listening,
            [
                "listening on", "listening at", "listening for", "listening:", "listening and serving http on", "listening socket on",
                "listen on", "started on port", "started on ", "server running on", "server running at", "running on ",
                "running at ", "serving on", "serving at", "serving http on", "serving http at", "serving https on", "serving grpc on",
                "server is running on", "server listening", "server started at", "server started on", "server is listening",
                "starting development server at",
                "ready to accept connections", "running mode=standalone, port=", "running mode=cluster, port=", "ready for connections",
                "waiting for connections", "awaiting socket connections on",
                "started tcp listener on", "started server on", "started serverconnector", "http server started",
                "webrick::httpserver#start", "- local:", "bound_addresses", "http server listen", "serving client traffic",
                "grpc server on", "starting http server on", "starting server on", "started http server", "starting http server",
                "starting grpc server", "server listening on", "bound to ", "binding to ",
            ]
        ),
        (.access, ["http/1.1\" ", "http/1.0\" ", "http/2.0\" ", "http/2\" ", "http/1.1\"$", "[gin] ", "kube-probe/"]),
        (.request, ["get /", "post /", "put /", "delete /", "patch /", "head /", "options /"]),
        (
            .closing,
            [
                "shutting down", "hint: ", "detail: ", "exiting", "stopping", "shutdown", "terminating", "terminated", "sigterm", "stopped",
                "graceful",
                "aborting", "^usage", "usage:", "flags:", "options:", "exit code", "exit status", "npm err", "--help",
                "a complete log of this run",
                "giving up", "received signal", "goodbye", "restarting", "available commands", "error: process completed", "bailing out",
                "quitting",
            ]
        ),
        (
            .retry,
            [
                "retrying in", "will retry", "retry in", "retrying", "will be retried", "reconnecting", "next attempt", "trying again",
                "backing off", "sleeping",
            ]
        ),
    ]
}
