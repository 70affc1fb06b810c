extension KubernetesAPI {
    /// How hard the client may press the API server, and how long it waits for it.
    public struct Options: Sendable {
        /// Objects of one page of a list; 1 or more. kubectl asks for 500 too.
        public var pageSize: Int
        /// Requests at once; 1 or more. Log streams and watches count only until their answer begins.
        public var requestsInFlight: Int
        /// The longest that one call may take once it is its turn, retries included; each page of a list is a call.
        public var deadline: Duration
        /// The longest that one attempt of a call may take.
        public var attemptTimeout: Duration
        /// Attempts at one call; 1 never tries again.
        public var attempts: Int
        /// The pause before the second attempt; it doubles with each further one, up to 5 seconds.
        public var firstRetryPause: Duration
        /// Size beyond which an answer is refused, in bytes.
        public var maximumAnswerBytes: Int
        /// Size at which `log` is cut where the request has no limit of its own, in bytes.
        public var maximumLogBytes: Int
        /// Who we are, honestly.
        public var userAgent: String

        public init(
            pageSize: Int = 500, requestsInFlight: Int = 8, deadline: Duration = .seconds(15), attemptTimeout: Duration = .seconds(10),
            attempts: Int = 3, firstRetryPause: Duration = .milliseconds(250), maximumAnswerBytes: Int = 256 << 20,
            maximumLogBytes: Int = 16 << 20, userAgent: String = Self.userAgent(version: "0.1.0")
        ) {
            self.pageSize = max(1, pageSize)
            self.requestsInFlight = max(1, requestsInFlight)
            self.deadline = deadline
            self.attemptTimeout = attemptTimeout
            self.attempts = max(1, attempts)
            self.firstRetryPause = firstRetryPause
            self.maximumAnswerBytes = maximumAnswerBytes
            self.maximumLogBytes = maximumLogBytes
            self.userAgent = userAgent
        }

        /// The User-Agent of a version of this program, in the form that Kubernetes clients use.
        public static func userAgent(version: String) -> String {
            #if arch(arm64)
                let architecture = "arm64"
            #else
                let architecture = "amd64"
            #endif
            #if os(Linux)
                return "sre-orchestrator/\(version) (linux/\(architecture))"
            #else
                return "sre-orchestrator/\(version) (darwin/\(architecture))"
            #endif
        }
    }
}
