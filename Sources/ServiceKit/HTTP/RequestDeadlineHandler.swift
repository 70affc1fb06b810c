import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Closes connections of clients that take too long to say what they want: an idle timeout alone is held off by a byte now and then.
/// Tells the service's crowd of connections which of them ask for nothing.
final class RequestDeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let requestTime: TimeAmount
    private let idleTime: TimeAmount
    private let crowd: ConnectionCrowd
    private var timer: Scheduled<Void>?
    private var isCounted = false
    /// Requests whose answers are not complete: a client may send several in one piece.
    private var requests = 0
    /// Set while the client asks for nothing.
    private var turn: ConnectionCrowd.Turn?

    /// - Parameters:
    ///   - requestTime: from the first moment of a connection to the end of its first head, and from a head to the end of its body.
    ///   - idleTime: from an answer to the end of the next head.
    ///   - crowd: all connections of the service.
    init(requestTime: TimeAmount, idleTime: TimeAmount, crowd: ConnectionCrowd) {
        self.crowd = crowd
        self.requestTime = requestTime
        self.idleTime = idleTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { begin(context) }
    }

    func channelActive(context: ChannelHandlerContext) {
        begin(context)
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            requests += 1
            crowd.work(turn)
            turn = nil
            start(requestTime, context)
        case .body: break
        case .end: stop()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        // An answer may come after the connection is gone.
        if case .end = unwrapOutboundIn(data), isCounted {
            requests = max(0, requests - 1)
            if requests == 0 {
                wait(context)
                start(idleTime, context)
            }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        end()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { end() }

    private func begin(_ context: ChannelHandlerContext) {
        guard !isCounted else { return }
        isCounted = true
        crowd.enter()
        wait(context)
        start(requestTime, context)
    }

    private func wait(_ context: ChannelHandlerContext) {
        crowd.work(turn)
        turn = crowd.wait(context.channel)
    }

    private func end() {
        stop()
        guard isCounted else { return }
        isCounted = false
        crowd.leave(turn)
        turn = nil
    }

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
