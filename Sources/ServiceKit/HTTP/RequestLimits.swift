/// Bounds of what a client may send, chosen far above honest use.
public enum RequestLimits {
    /// Bytes of a request body.
    public static let bodyBytes = 1_048_576
    /// Bytes of all headers together.
    public static let headerBytes = 32_768
    /// Number of header fields.
    public static let headerCount = 100
    /// Open connections of a service.
    public static let connections = 1_024
}
