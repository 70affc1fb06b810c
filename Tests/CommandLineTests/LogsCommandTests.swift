import FastJSON
import Foundation
import Testing

@Suite struct LogsCommandTests {
    private static let log = """
        2026-11-23T18:30:00Z INFO started
        2026-11-23T18:30:01Z ERROR order 1: dial tcp 10.96.4.4:5432: connect: connection refused
        2026-11-23T18:30:05Z ERROR order 2: dial tcp 10.96.4.4:5432: connect: connection refused
        """

    private func file(_ text: String) throws -> String {
        let path = NSTemporaryDirectory() + "sre-logs-\(UUID().uuidString).log"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test func `each failure is listed once with its count and times`() async throws {
        let path = try file(Self.log)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try await SREProcess.run(["logs", path])
        #expect(outcome.status == 0)
        for part in ["3 lines", "connection refused, 2 times", "from 2026-11-23T18:30:01Z to 2026-11-23T18:30:05Z", "host 10.96.4.4"] {
            #expect(outcome.output.contains(part), "missing: \(part)\n\(outcome.output)")
        }
        let json = try JSONValue(parsing: try await SREProcess.run(["logs", path, "-o", "json"]).output)
        #expect(
            json["lines"].int == 3 && json["failures"].array.first?["count"].int == 2
                && json["failures"].array.first?["details"]["port"].string == "5432")
    }

    @Test func `a log cannot drive the terminal, and its credentials are masked`() async throws {
        let path = try file("ERROR \u{1B}[2J cannot connect to postgres://shop:hunter2@db:5432/x: connection refused\n")
        defer { try? FileManager.default.removeItem(atPath: path) }
        let outcome = try await SREProcess.run(["logs", path])
        #expect(outcome.output.contains("connection refused") && !outcome.output.contains("hunter2"))
        #expect(HostileText.dangerous(in: outcome.output).isEmpty)
    }

    @Test func `a missing file is named`() async throws {
        let outcome = try await SREProcess.run(["logs", "/nowhere/app.log"])
        #expect(outcome.status == 1 && outcome.errors.contains("cannot read /nowhere/app.log"))
    }
}
