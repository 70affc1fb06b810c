import HTTPTypes
import IncidentModel
import NIOCore
import NIOHTTP1
import NIOHTTPTypes

/// Gives requests that are no HTTP the same error body as all others: they never reach the router, and Hummingbird answers them with an
/// empty 400, or, where a head cannot be converted, not at all.
final class MalformedRequestHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private var failure: HTTPParserError?
    private var isReplacing = false

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        switch error {
        case let error as HTTPParserError:
            // Bytes that arrive after the first failure make further ones; the first tells what was wrong.
            failure = failure ?? error
            context.fireErrorCaught(error)
        case is ChannelError, is IOError:
            context.fireErrorCaught(error)
        default:
            // Heads that are HTTP/1.1 but make no request, e.g. a method that is no token. Hummingbird answers parser errors only.
            failure = failure ?? .unknown
            context.fireErrorCaught(HTTPParserError.unknown)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head) where isBareAnswer(head):
            isReplacing = true
            let text = problem.body(instance: "", correlation: nil)
            context.write(wrapOutboundOut(.head(Self.head(problem.status, length: text.utf8.count))), promise: promise)
            context.write(wrapOutboundOut(.body(ByteBuffer(string: text))), promise: nil)
        default: context.write(data, promise: promise)
        }
    }

    // Hummingbird's own answer is the only one without our headers.
    private func isBareAnswer(_ head: HTTPResponse) -> Bool {
        failure != nil && head.status == .badRequest && !isReplacing && head.headerFields[.contentType] == nil
    }

    private var problem: Problem {
        switch failure {
        case .headerOverflow: Problem(.requestHeaderFieldsTooLarge, "the headers are too large; at most \(RequestLimits.headerBytes) bytes")
        default: Problem(.badRequest, "the request is not valid HTTP")
        }
    }

    private static func head(_ status: HTTPResponse.Status, length: Int) -> HTTPResponse {
        var fields: HTTPFields = [.contentType: "application/problem+json", .contentLength: String(length), .connection: "close"]
        fields[.correlationID] = CorrelationID.random().text
        SecurityHeaders.add(to: &fields)
        return HTTPResponse(status: status, headerFields: fields)
    }
}

@available(*, unavailable)
extension MalformedRequestHandler: Sendable {}
