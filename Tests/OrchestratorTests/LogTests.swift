import FastJSON
import Foundation
import IncidentModel
import Logging
import ServiceKit
import Synchronization
import Testing

struct LogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let lines = Lines()

    private func logger(_ level: Logger.Level = .trace) -> Logger {
        Logger(label: "orchestrator") { [lines] name in
            JSONLogHandler(serviceName: name, level: level, write: { lines.add($0) })
        }
    }

    @Test func `an event is one line of JSON with the agreed members`() throws {
        CorrelationID.$current.withValue(CorrelationID("abc-1")) {
            logger().warning("lease lost", metadata: ["incident_id": "42", "steps": ["a", "b"], "at": ["x": "y"]])
        }
        let line = try #require(lines.all.first)
        #expect(line.hasSuffix("}\n") && line.dropLast().allSatisfy { $0 != "\n" })
        let json = try JSONValue(parsing: line)
        #expect(json["level"].string == "WARNING" && json["message"].string == "lease lost")
        #expect(json["service_name"].string == "orchestrator" && json["correlation_id"].string == "abc-1")
        #expect(json["context", "incident_id"].string == "42" && json["context", "steps"].strings == ["a", "b"])
        #expect(json["context", "at", "x"].string == "y")
        let time = try #require(json["timestamp"].string)
        #expect(RFC3339.parse(time) != nil && time.hasSuffix("Z"))
    }

    @Test func `hostile text cannot break out of its line`() throws {
        logger().info("a\n{\"level\":\"CRITICAL\"}", metadata: ["pod\"": "\u{1B}[31m\r\n\u{0}\u{7F}"])
        let line = try #require(lines.all.first)
        #expect(line.unicodeScalars.dropLast().allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        #expect(try JSONValue(parsing: line)["level"].string == "INFO")
    }

    @Test func `levels are the five of the format`() throws {
        let logger = logger()
        for level in Logger.Level.allCases { logger.log(level: level, "x") }
        #expect(
            try lines.all.map { try JSONValue(parsing: $0)["level"].string } == [
                "DEBUG", "DEBUG", "INFO", "INFO", "WARNING", "ERROR", "CRITICAL",
            ])
    }

    @Test func `what lies below the level is not written, and nothing is made up`() throws {
        logger(.warning).info("quiet")
        #expect(lines.all.isEmpty)
        logger(.warning).error("loud")
        let json = try JSONValue(parsing: try #require(lines.all.first))
        #expect(json["correlation_id"].isMissing && json["context"].isMissing)
    }

    @Test func `metadata of the logger and of the event meet, the event winning`() throws {
        var logger = logger()
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.info("x", metadata: ["b": "2"])
        let context = try JSONValue(parsing: try #require(lines.all.first))["context"]
        #expect(context["a"].string == "1" && context["b"].string == "2" && logger[metadataKey: "a"] == "1")
    }
}
