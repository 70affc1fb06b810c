public import Hummingbird
import NIOCore

/// What travels with a request inside a service.
public struct ServiceContext: RequestContext {
    public var coreContext: CoreRequestContextStorage
    /// Who calls; nil where everybody may.
    public var caller: Caller?
    /// The address that the connection comes from, without port.
    let address: String

    public init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }
}
