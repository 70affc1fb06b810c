import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that take too long to say what they want: an idle timeout alone is held off by a byte now and then.
final class RequestDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let requestTime: TimeAmount
    private let idleTime: TimeAmount
    private var timer: Scheduled<Void>?

    /// - Parameters:
    ///   - requestTime: from the first moment of a connection to the end of its first head, and from a head to the end of its body.
    ///   - idleTime: from an answer to the end of the next head.
    init(requestTime: TimeAmount, idleTime: TimeAmount) {
        self.requestTime = requestTime
        self.idleTime = idleTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(requestTime, context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        start(requestTime, context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: start(requestTime, context)
        case .body: break
        case .end: stop()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { start(idleTime, context) }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func start(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        stop()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}

@available(*, unavailable)
extension RequestDeadlineHandler: Sendable {}
