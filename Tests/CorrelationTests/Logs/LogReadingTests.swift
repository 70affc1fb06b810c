import ClusterModel
import Foundation
import TestSupport
import Testing

@testable import Correlation

@Suite struct LogReadingTests {
    @Test func `words that something works again end a failure`() throws {
        let refused = "2026-11-23T18:00:00Z ERROR redis: dial tcp 10.96.1.1:6379: connect: connection refused"
        #expect(try !first(refused).isRecovered)
        #expect(try first(refused + "\n2026-11-23T18:00:05Z INFO redis reachable again").isRecovered)
        #expect(try first(refused + "\n2026-11-23T18:00:05Z INFO connected to redis at 10.96.1.1:6379").isRecovered)
        #expect(try first(refused + "\n2026-11-23T18:00:05Z INFO cache connection established").isRecovered)
        #expect(try !first(refused + "\n2026-11-23T18:00:05Z INFO queue reachable again").isRecovered)
        #expect(try !first(refused + "\n2026-11-23T18:00:05Z WARN not connected to redis").isRecovered)
        #expect(try !first("2026-11-23T17:59:00Z INFO redis reachable again\n" + refused).isRecovered)
    }

    @Test func `a failure that the log goes on without is over`() throws {
        let refused = "2026-11-23T18:00:00Z ERROR mail: dial tcp 10.96.1.1:25: connect: connection refused"
        let later = (10...30).map { "2026-11-23T18:\($0):00Z INFO order \($0) stored" }.joined(separator: "\n")
        #expect(try first(refused + "\n" + later).isRecovered)
        let probes = (10...30).map { "2026-11-23T18:\($0):00Z INFO 10.1.1.1 - \"GET /healthz HTTP/1.1\" 200" }.joined(separator: "\n")
        #expect(try !first(refused + "\n" + probes).isRecovered, "requests it served prove nothing")
    }

    @Test func `the last words are fatal and a survived warning is not`() throws {
        let log = """
            2026-11-23T18:00:00Z WARN retry 1/2: dial tcp 10.96.1.1:5432: i/o timeout
            2026-11-23T18:00:05Z ERROR open /data/lock: permission denied
            2026-11-23T18:00:05Z FATAL startup failed: giving up
            """
        let findings = LogReading(log, now: logTestTime).findings
        #expect(findings.map(\.signature) == [.permissionDenied, .fatalMessage, .connectionTimeout])
        #expect(findings.map(\.isFatal) == [true, true, false])
    }

    @Test func `lines that differ only in numbers are counted as one finding`() throws {
        let log = (1...40).map {
            "2026-11-23T18:00:\($0 < 10 ? "0" : "")\($0)Z ERROR attempt \($0): open /data/lock: permission denied (pid \($0 * 7))"
        }
        let findings = LogReading(log.joined(separator: "\n"), now: logTestTime).findings
        #expect(findings.count == 1)
        #expect(findings.first?.count == 40)
        #expect(findings.first?.last?.timeIntervalSince(try #require(findings.first?.first)) == 39)
    }

    @Test func `one wording about a thousand files stays a handful of findings`() {
        let log = (1...1_000).map { "ERROR open /spool/job-\($0): permission denied" }.joined(separator: "\n")
        let findings = LogReading(log, now: logTestTime).findings
        #expect(findings.count <= 4)
        #expect(findings.reduce(0) { $0 + $1.count } == 1_000)
    }

    @Test func `a database that rejects a client is not the one at fault`() throws {
        let log = #"2026-11-23 18:39:24.433 UTC [77] FATAL:  password authentication failed for user "crm_app""#
        let found = try first(log)
        #expect(found.isServerSide)
        #expect(!found.isFatal)
        #expect(try !first(#"ERROR psycopg2.OperationalError: FATAL:  password authentication failed for user "crm_app""#).isServerSide)
    }

    @Test(arguments: [
        ("2026/11/23 18:39:24 INFO listening on :8080", [8080]), ("Server listening at http://0.0.0.0:3000", [3000]),
        ("INFO:     Uvicorn running on http://0.0.0.0:8000 (Press CTRL+C to quit)", [8000]),
        ("      Now listening on: http://[::]:8080", [8080]),
        ("o.s.b.w.embedded.tomcat.TomcatWebServer  : Tomcat started on port 8080 (http) with context path '/'", [8080]),
        ("Tomcat started on port(s): 8081 (http)", [8081]), ("Netty started on port 9090", [9090]),
        ("[GIN-debug] Listening and serving HTTP on :8085", [8085]),
        ("2026-11-23 18:39:24.433 UTC [1] LOG:  listening on IPv4 address \"0.0.0.0\", port 5432", [5432]),
        ("1:M 23 Nov 2026 18:39:21.204 * Running mode=standalone, port=6379.", [6379]),
        ("1:M 23 Nov 2026 18:39:21.204 * Ready to accept connections tcp", []),
        (
            "2026-11-23T18:39:24.1Z 0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '8.0.36'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL",
            [3306]
        ),
        (#"{"level":"info","ts":1795458772.4,"msg":"Starting HTTP server","addr":":9102"}"#, [9102]),
        (
            #"{"t":{"$date":"2026-11-23T18:39:24.433+00:00"},"s":"I","c":"NETWORK","id":23016,"ctx":"listener","msg":"Waiting for connections","attr":{"port":27017,"ssl":"off"}}"#,
            [27017]
        ),
        (" * Running on http://127.0.0.1:5000", [5000]), ("* Listening on http://0.0.0.0:3000", [3000]),
        ("app listening on port 3000!", [3000]),
        ("level=info msg=\"HTTP Server Listen\" address=[::]:3000 protocol=http", [3000]),
        ("Awaiting socket connections on 0.0.0.0:9092. (kafka.network.DataPlaneAcceptor)", [9092]),
        ("⇨ http server started on [::]:1323", [1323]), ("ERROR failed listening on :8080: address already in use", []),
        ("INFO not listening on 8080 any more", []),
    ])
    func `ports it says it listens on are read`(_ line: String, _ ports: [Int]) {
        #expect(LogReading(line, now: logTestTime).listeningPorts == ports)
    }

    @Test func `the last lines keep time, level and number`() throws {
        let log = (1...9).map { "2026-11-23T18:00:0\($0)Z WARN line \($0)" }.joined(separator: "\n") + "\n\n"
        let reading = LogReading(log, now: logTestTime)
        #expect(reading.lineCount == 10)
        #expect(reading.lastLines.map(\.number) == [5, 6, 7, 8, 9])
        let last = try #require(reading.lastLines.last)
        #expect(last.text == "WARN line 9")
        #expect(last.level == .warning)
        #expect(last.time == Date(timeIntervalSince1970: 1_795_456_809))
    }

    @Test(arguments: [
        ("E1123 18:46:09.123456       1 main.go:10] failed", LogLine.Level.error),
        ("[2026-11-23 18:39:24 +0000] [7] [CRITICAL] WORKER TIMEOUT", .fatal),
        ("[18:39:24 WRN] odd", .warning), ("I, [2026-11-23T18:39:24.433859 #1]  INFO -- : up", .info), ("fail: Shop.Worker[0]", .error),
        ("2026-11-23T18:46:09.123456Z 0 [ERROR] [MY-010119] [Server] Aborting", .error),
        ("2026/11/23 18:39:24 [emerg] 1#1: bind() failed", .fatal),
        ("level=warn msg=x err=y", .warning), (#"{"severity":"CRITICAL","message":"x"}"#, .fatal), (#"{"level":50,"msg":"x"}"#, .error),
        ("main ERROR Unable to locate appender", .error),
        ("[2026-11-23 18:39:24,433] ERROR [KafkaServer id=0] Fatal error (kafka.server.KafkaServer)", .error),
    ])
    func `levels are read in the forms programs write them`(_ line: String, _ level: LogLine.Level) {
        #expect(LogReading(line, now: logTestTime).lastLines.first?.level == level)
    }

    @Test(arguments: ["Error loading page", "there are no errors", "The warning light is on"])
    func `prose has no level`(_ line: String) {
        #expect(LogReading(line, now: logTestTime).lastLines.first?.level == nil)
    }

    @Test func `a log cut anywhere reads the same`() {
        let log =
            "2026-11-23T18:00:00Z ERROR dial tcp 10.96.1.1:5432: connect: connection refused\n2026-11-23T18:00:01Z panic: boom\n\ngoroutine 1 [running]:\n"
        let whole = LogReading(log, now: logTestTime)
        for size in [1, 2, 7, 50] {
            var reader = LogReader(now: logTestTime)
            let bytes = Array(log.utf8)
            for start in stride(from: 0, to: bytes.count, by: size) { reader.read(bytes[start..<min(start + size, bytes.count)]) }
            let reading = reader.finish()
            #expect(reading.findings == whole.findings)
            #expect(reading.lineCount == whole.lineCount)
            #expect(reading.lastLines == whole.lastLines)
        }
    }

    @Test func `binary data, endless lines and broken text end in a bounded reading`() {
        let hostile: [[UInt8]] = [
            [0, 1, 2, 0xff, 0xfe, 0x0a, 0x1b, 0x5b], Array(repeating: UInt8(ascii: "a"), count: 1_000_000),
            Array(repeating: 0x0a, count: 10_000),
            Array(String(repeating: "{\"a\":", count: 5_000).utf8), Array(String(repeating: "Caused by: x\n", count: 5_000).utf8),
            Array("Traceback (most recent call last):\n".utf8) + Array(String(repeating: "  File \"x\", line 1\n", count: 5_000).utf8),
            Array("{\"msg\":\"\\u12".utf8), Array("level=error msg=\"\\".utf8), Array("dial tcp [".utf8), Array("x://".utf8),
            Array("[".utf8), Array("user \"".utf8),
            Array("lookup ".utf8), Array("port ".utf8), Array("panic: ".utf8), Array("http://user:pw@".utf8), Array("E1123 ".utf8),
            Array("2026-11-23T18".utf8),
        ]
        for bytes in hostile {
            var reader = LogReader(now: logTestTime)
            reader.read(bytes)
            let reading = reader.finish()
            #expect(reading.findings.count <= 200)
            #expect(reading.lastLines.allSatisfy { $0.text.utf8.count <= 3 * LogReader.maximumLineLength })
        }
    }

    @Test func `healthy programs of recorded clusters say nothing fatal`() throws {
        for name in ["50", "51", "52", "53", "62"] {
            let evidence = try Scenario.named(name).evidence()
            #expect(!evidence.logs.isEmpty)
            for log in evidence.logs where !log.isPrevious {
                let standing = LogReading(log.text, now: evidence.capturedAt).findings.filter { $0.isFatal || !$0.isRecovered }
                #expect(standing.isEmpty, "\(log.path): \(standing.map(\.signature))")
            }
        }
    }

    @Test(arguments: [
        ("09", "pricing-engine", LogFinding.Signature.uncaughtException), ("10", "bidder", .panic),
        ("11", "feature-builder", .uncaughtException),
        ("15", "payroll-api", .configurationMissing), ("16", "mqtt-bridge", .configurationInvalid), ("18", "forecast-api", .nameNotFound),
        ("21", "doc-archiver", .permissionDenied), ("22", "asset-proxy", .readOnlyFileSystem), ("24", "parking-api", .privilegedPort),
        ("25", "clip-recorder", .diskFull), ("57", "loans-api", .databaseMissing), ("58", "transcriber", .libraryMissing),
        ("64", "edge-gateway", .unknownFlag),
    ])
    func `the previous log of a recorded crash ends with its cause`(
        _ scenario: String, _ container: String, _ signature: LogFinding.Signature
    ) throws {
        let evidence = try Scenario.named(scenario).evidence()
        let logs = evidence.logs.filter { $0.container == container && $0.isPrevious }
        #expect(!logs.isEmpty)
        for log in logs {
            let found = try #require(LogReading(log.text, now: evidence.capturedAt).findings.first)
            #expect(found.signature == signature)
            #expect(found.isFatal)
        }
    }

    private func first(_ text: String) throws -> LogFinding {
        try #require(LogReading(text, now: logTestTime).findings.first)
    }
}
