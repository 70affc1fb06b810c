import Foundation
import Testing

@testable import Correlation

/// Programs that die of an exception which only passes on that something could not be reached: the reason stands shortly before it.
@Suite struct ConsequenceTests {
    private static let refused =
        "2026-11-23T18:58:31.204Z ERROR 1 --- [main] o.h.engine.jdbc.spi.SqlExceptionHelper : Connection to orders-db:5432 refused. Check that the hostname and port are correct and that the postmaster is accepting TCP/IP connections."
    private static let dialect = """
        2026-11-23T18:58:31.310Z ERROR 1 --- [main] o.s.boot.SpringApplication : Application run failed
        org.springframework.beans.factory.BeanCreationException: Error creating bean with name 'entityManagerFactory': Unable to determine Dialect without JDBC metadata
        \tat org.springframework.beans.factory.support.AbstractBeanFactory.getBean(AbstractBeanFactory.java:205)
        \tat shop.orders.OrdersApplication.main(OrdersApplication.java:18)
        """

    private func findings(_ parts: [String]) -> [LogFinding] {
        LogReading(parts.joined(separator: "\n"), now: logTestTime).findings
    }

    @Test func `a bean that cannot be made without the database leaves the refusal as the last words`() throws {
        let found = findings([
            "2026-11-23T18:58:30.101Z  INFO 1 --- [main] com.zaxxer.hikari.HikariDataSource : Starting...", Self.refused, Self.dialect,
        ])
        let first = try #require(found.first)
        #expect(first.signature == .connectionRefused && first.isFatal)
        #expect(first.host == "orders-db" && first.port == 5432)
        #expect(found.filter(\.isFatal).count == 1, "\(found.map(\.signature))")
    }

    @Test func `an exception about a connection that names nobody gives way to the error that does`() throws {
        let log = """
            2026-11-23T18:58:30Z WARN retrying: dial tcp: lookup queue on 10.96.0.10:53: no such host
            2026-11-23T18:58:33Z WARN retrying: dial tcp: lookup queue on 10.96.0.10:53: no such host
            panic: cannot connect: attempts exhausted

            goroutine 1 [running]:
            main.main()
            \t/src/main.go:31 +0x1d
            """
        let first = try #require(findings([log]).first)
        #expect(first.signature == .nameNotFound && first.isFatal && first.host == "queue")
    }

    @Test func `an exception about something else stays the last words`() throws {
        let log = """
            2026-11-23T18:58:30Z WARN metrics: dial tcp 10.96.0.7:8125: connect: connection refused
            Traceback (most recent call last):
              File "/app/main.py", line 9, in <module>
                total = prices["total"]
            TypeError: 'NoneType' object is not subscriptable
            """
        let first = try #require(findings([log]).first)
        #expect(first.signature == .uncaughtException && first.isFatal)
    }

    @Test func `an error long before the end is not its reason`() throws {
        let between = (10...39).map { "2026-11-23T18:58:\($0)Z INFO rule \($0) loaded" }
        let early = "2026-11-23T18:58:01Z ERROR dial tcp 10.96.0.7:5432: connect: connection refused"
        let found = findings([early] + between + ["panic: no datasource is configured", "", "goroutine 1 [running]:", "main.main()"])
        let first = try #require(found.first)
        #expect(first.signature != .connectionRefused)
        #expect(found.first { $0.signature == .connectionRefused }?.isFatal != true)
    }

    @Test func `an error that was got over is not the reason`() throws {
        let log = """
            2026-11-23T18:58:30Z ERROR dial tcp cart-db:5432: connect: connection refused
            2026-11-23T18:58:33Z INFO connected to cart-db:5432
            panic: handshake of the plugin host failed

            goroutine 1 [running]:
            main.main()
            \t/src/main.go:31 +0x1d
            """
        let first = try #require(findings([log]).first)
        #expect(first.signature == .panic && first.isFatal)
    }
}
