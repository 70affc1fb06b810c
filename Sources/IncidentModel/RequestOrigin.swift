/// The request that opened an incident, so that what all services logged and traced of it is found by it, also when another replica
/// investigates much later.
public struct RequestOrigin: Codable, Sendable, Hashable {
    public var correlationID: String?
    /// The header of W3C Trace Context, where the request was traced.
    public var traceparent: String?

    public init(correlationID: String? = nil, traceparent: String? = nil) {
        self.correlationID = correlationID
        self.traceparent = traceparent
    }

    enum CodingKeys: String, CodingKey {
        case correlationID = "correlation_id"
        case traceparent
    }
}
