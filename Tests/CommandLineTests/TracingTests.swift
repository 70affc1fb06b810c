import FastJSON
import Foundation
import Logging
import ServiceKit
import TestSupport
import Testing
import Tracing

@testable import TraceExport

struct TracingTests {
    private struct Headers: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }

    private static let trace = "4bf92f3577b34da6a3ce929d0e0e4736"

    @Test(arguments: [
        ("00-\(trace)-00f067aa0ba902b7-01", true), ("00-\(trace)-00f067aa0ba902b7-00", false), ("00-\(trace)-00f067aa0ba902b7-03", true),
        // A later version may say more.
        ("01-\(trace)-00f067aa0ba902b7-01-more", true),
    ])
    func `a header of trace context is read and written`(_ header: String, _ isSampled: Bool) throws {
        let parent = try #require(TraceParent(header: header))
        #expect(parent.traceID == Self.trace && parent.spanID == "00f067aa0ba902b7" && parent.isSampled == isSampled)
        #expect(parent.header == "00-\(Self.trace)-00f067aa0ba902b7-\(isSampled ? "01" : "00")")
    }

    @Test(arguments: [
        "", "00", "00-\(trace)-00f067aa0ba902b7", "00-\(trace.uppercased())-00f067aa0ba902b7-01", "ff-\(trace)-00f067aa0ba902b7-01",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01", "00-\(trace)-0000000000000000-01",
        "00-\(trace)-00f067aa0ba902b7-01-more",
        "00-\(trace.dropLast())-00f067aa0ba902b7-01", "00-\(trace)-00f067aa0ba902b7-1", "00-\(trace)-+0f067aa0ba902b7-01",
        "00-\(trace)-00f067aa0ba902b7-01\r\nX-Evil: 1", "01-\(trace)-00f067aa0ba902b7-01-" + String(repeating: "a", count: 300),
    ])
    func `a malformed header begins no trace`(_ header: String) {
        #expect(TraceParent(header: header) == nil)
    }

    @Test func `spans of a recorded trace are handed over once, with their parents`() throws {
        let queue = SpanQueue()
        let tracer = OTLPTracer(percent: 100) { queue.add($0) }
        var context = InstrumentationContext.topLevel
        tracer.extract(["traceparent": "00-\(Self.trace)-00f067aa0ba902b7-01"], into: &context, using: Headers())
        tracer.withSpan("outer", context: context, ofKind: .server) { outer in
            outer.attributes["http.route"] = "/x"
            #expect(throws: CancellationError.self) {
                try tracer.withSpan("inner") { _ in throw CancellationError() }
            }
            var carried: [String: String] = [:]
            tracer.inject(outer.context, into: &carried, using: Headers())
            #expect(carried["traceparent"]?.hasPrefix("00-\(Self.trace)-") == true)
        }
        let spans = queue.next()
        #expect(spans.map(\.name) == ["inner", "outer"] && spans.allSatisfy { $0.identity.traceID == Self.trace })
        #expect(spans[0].parent == spans[1].identity.spanID && spans[1].parent == "00f067aa0ba902b7")
        #expect(spans[0].status?.code == .error && spans[0].events.map(\.name) == ["exception"])
        #expect(queue.next().isEmpty)
        let json = try JSONValue(parsing: Data(FinishedSpan.request(spans, service: "s", version: "1").utf8))
        let outer = json["resourceSpans"].array[0]["scopeSpans"].array[0]["spans"].array[1]
        #expect(outer["kind"].int == 2 && outer["attributes"].array.first?["value"]["stringValue"].string == "/x")
        let start = try #require(outer["startTimeUnixNano"].string.flatMap(UInt64.init))
        let end = try #require(outer["endTimeUnixNano"].string.flatMap(UInt64.init))
        #expect(start > 1_700_000_000_000_000_000 && end >= start)
    }

    @Test func `who began a trace decides whether it is recorded; of new ones a share is`() {
        let queue = SpanQueue()
        let none = OTLPTracer(percent: 0) { queue.add($0) }
        none.withSpan("new") { #expect(!$0.isRecording) }
        #expect(queue.next().isEmpty)
        for (flag, count) in [("00", 0), ("01", 1)] {
            for percent in [0, 100] {
                let tracer = OTLPTracer(percent: percent) { queue.add($0) }
                var context = InstrumentationContext.topLevel
                tracer.extract(["traceparent": "00-\(Self.trace)-00f067aa0ba902b7-\(flag)"], into: &context, using: Headers())
                tracer.withSpan("asked", context: context) { _ in }
                #expect(queue.next().count == count)
            }
        }
    }

    @Test func `a queue that is full drops, and hands out in batches`() {
        let queue = SpanQueue()
        let tracer = OTLPTracer(percent: 100) { queue.add($0) }
        for _ in 1...5_000 { tracer.startSpan("x").end() }
        var sizes: [Int] = []
        while case let batch = queue.next(), !batch.isEmpty { sizes.append(batch.count) }
        #expect(sizes == Array(repeating: 512, count: 8))
    }

    @Test(arguments: [([], 1, 1), ([503, 429], 3, 1), ([400], 1, 0), ([503, 503, 503], 3, 0)])
    func `a collector that fails for a while is tried again, one that refuses is not`(
        _ refusals: [Int], _ requests: Int, _ spans: Int
    ) async throws {
        try await SpanCollector.run(refusing: refusals) { collector, address in
            let endpoint = try #require(URL(string: address))
            let exporter = TraceExporter(
                .init(endpoint: endpoint, headers: ["Authorization": "Bearer x"]), name: "test", version: "1", logger: .silent)
            let result = try await exporter.sending {
                exporter.tracer.startSpan("one").end()
                // Tries are a second and two apart; at the end only what takes no time is waited for.
                while collector.paths.count < requests { try await Task.sleep(for: .milliseconds(20)) }
                return 7
            }
            #expect(result == 7 && collector.spans.count == spans)
            #expect(collector.paths == Array(repeating: "/v1/traces", count: requests))
            #expect(collector.authorizations.allSatisfy { $0 == "Bearer x" })
        }
    }

    @Test func `without a collector the work goes on, and its end is not held up for long`() async throws {
        let endpoint = try #require(URL(string: "http://127.0.0.1:1"))
        let exporter = TraceExporter(.init(endpoint: endpoint), name: "test", version: "1", logger: .silent)
        let start = ContinuousClock.now
        await #expect(throws: CancellationError.self) {
            try await exporter.sending { () async throws -> Int in
                exporter.tracer.startSpan("one").end()
                throw CancellationError()
            }
        }
        #expect(start.duration(to: .now) < .seconds(10))
    }

    @Test func `one trace leads from the request through the steps and the agent to the cluster`() async throws {
        try await SpanCollector.run { collector, address in
            let system = try await RunningSystem(
                environment: ["SRE_STORE": "memory", "OTEL_EXPORTER_OTLP_ENDPOINT": address],
                agentEnvironment: ["OTEL_EXPORTER_OTLP_ENDPOINT": address, "OTEL_SERVICE_NAME": "the-agent"])
            let replica = try await system.orchestrator()
            let answer = try await RawHTTP.request(
                "POST", "/api/v1/incidents",
                headers: [
                    ("Content-Type", "application/json"), ("traceparent", "00-\(Self.trace)-00f067aa0ba902b7-01"),
                    ("X-Correlation-ID", "call-7"),
                ],
                body: Array(#"{"description":"orders fail"}"#.utf8), port: replica.port)
            let path = try #require(answer.header("Location"))
            let incident = try #require(try await replica.finished([path]).first)
            #expect(incident["origin"]["correlation_id"].string == "call-7")
            _ = try await RawHTTP.request("GET", "/livez", port: replica.port)
            #expect(try await replica.process.stop() == 0)
            #expect(try await system.agent.stop() == 0)

            let spans = collector.spans.filter { $0.trace == Self.trace }
            let byID = Dictionary(spans.map { ($0.id, $0) }) { $1 }
            func parent(_ span: SpanCollector.Span) -> SpanCollector.Span? { span.parent.flatMap { byID[$0] } }
            let request = try #require(spans.first { $0.name == "/api/v1/incidents" })
            #expect(request.parent == "00f067aa0ba902b7" && request.kind == 2 && request.service == "sre-orchestrator")
            let investigation = try #require(spans.first { $0.name == "investigation" })
            #expect(investigation.parent == request.id && investigation.text("sre.incident.status") == "completed")
            #expect(investigation.text("sre.incident.cause") == incident["report"]["root_causes"].array.first?["cause"].string)
            let step = try #require(spans.first { $0.name == "step collect" })
            #expect(parent(step)?.id == investigation.id)
            let call = try #require(spans.first { $0.kind == 3 && parent($0)?.id == step.id })
            #expect(call.name == "POST")
            let served = try #require(spans.first { parent($0)?.id == call.id })
            #expect(served.name == "/api/v1/evidence" && served.service == "the-agent")
            #expect(spans.contains { $0.kind == 3 && parent($0)?.id == served.id }, "no read of the cluster")
            #expect(!collector.spans.contains { $0.name.contains("livez") })
            // Log lines of both services name the trace and the caller's id.
            for errors in [replica.process.errors, system.agent.errors] { #expect(!errors.contains("traces not sent")) }
            #expect(
                system.agent.errors.split(separator: "\n").contains {
                    $0.contains("evidence collected") && $0.contains(#""correlation_id":"call-7""#) && $0.contains(Self.trace)
                })
            #expect(
                replica.process.errors.split(separator: "\n").contains {
                    $0.contains("investigation completed") && $0.contains(#""correlation_id":"call-7""#) && $0.contains(Self.trace)
                })
        }
    }

    @Test(arguments: [
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "collector:4318"], "OTEL_EXPORTER_OTLP_ENDPOINT: `collector:4318` is not accepted"),
        (
            ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_HEADERS": "secret"],
            "OTEL_EXPORTER_OTLP_HEADERS: the given value is not accepted"
        ),
        (
            ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "OTEL_EXPORTER_OTLP_HEADERS": "a=b%0d%0ac"],
            "OTEL_EXPORTER_OTLP_HEADERS: the given value is not accepted"
        ),
        (["OTEL_EXPORTER_OTLP_ENDPOINT": "http://x", "SRE_TRACE_SAMPLE_PERCENT": "101"], "an integer from 0 to 100"),
    ])
    func `settings of tracing that cannot be used are said so`(_ environment: [String: String], _ message: String) throws {
        #expect { try CommonSettings(Settings(environment: environment)) } throws: { "\($0)".contains(message) }
    }
}
