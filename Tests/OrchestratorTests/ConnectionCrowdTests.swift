import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import ServiceKit

/// Which connections count as asking for nothing.
struct ConnectionCrowdTests {
    private static let head = HTTPRequestPart.head(HTTPRequest(method: .get, scheme: "http", authority: "h", path: "/"))

    private static func channel(in crowd: ConnectionCrowd) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(
            handler: RequestDeadlineHandler(requestTime: .seconds(30), idleTime: .seconds(60), crowd: crowd))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `a connection works from a head to the end of its answer, and waits otherwise`() throws {
        let crowd = ConnectionCrowd(limit: 10)
        let channel = try Self.channel(in: crowd)
        #expect(crowd.counts == (1, 1))
        try channel.writeInbound(Self.head)
        #expect(crowd.counts == (1, 0))
        try channel.writeInbound(HTTPRequestPart.end(nil))
        #expect(crowd.counts == (1, 0))
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        #expect(crowd.counts == (1, 1))
        try channel.close().wait()
        #expect(crowd.counts == (0, 0))
    }

    @Test func `requests in one piece are all answered before it waits again`() throws {
        let crowd = ConnectionCrowd(limit: 10)
        let channel = try Self.channel(in: crowd)
        for part in [Self.head, .end(nil), Self.head, .end(nil)] { try channel.writeInbound(part) }
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        #expect(crowd.counts == (1, 0))
        // Nor is it closed for being idle.
        channel.embeddedEventLoop.advanceTime(by: .seconds(120))
        #expect(channel.isActive)
        try channel.writeOutbound(HTTPResponsePart.end(nil))
        #expect(crowd.counts == (1, 1))
        channel.embeddedEventLoop.advanceTime(by: .seconds(61))
        #expect(!channel.isActive && crowd.counts == (0, 0))
    }

    @Test func `an answer that comes after the connection is gone leaves nothing behind`() throws {
        let crowd = ConnectionCrowd(limit: 10)
        let channel = try Self.channel(in: crowd)
        for part in [Self.head, .end(nil)] { try channel.writeInbound(part) }
        channel.pipeline.fireChannelInactive()
        _ = try? channel.writeOutbound(HTTPResponsePart.end(nil))
        #expect(crowd.counts == (0, 0))
    }

    @Test func `the one that waits longest makes room, never one that works`() throws {
        let crowd = ConnectionCrowd(limit: 2)
        let busy = try Self.channel(in: crowd)
        try busy.writeInbound(Self.head)
        let first = try Self.channel(in: crowd)
        let second = try Self.channel(in: crowd)
        first.embeddedEventLoop.run()
        #expect(busy.isActive && !first.isActive && second.isActive)
        try second.writeInbound(Self.head)
        let third = try Self.channel(in: crowd)
        #expect(busy.isActive && second.isActive && third.isActive)
    }
}
