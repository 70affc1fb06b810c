import FastJSON
import Tracing

/// The JSON form of the OpenTelemetry protocol (OTLP 1.x): ids in hexadecimal digits, 64-bit numbers as texts, enumerations as numbers.
extension FinishedSpan {
    private static let longestText = RecordedSpan.longestText
    private static let mostAttributes = 64

    /// A whole request: spans of one service.
    static func request(_ spans: [FinishedSpan], service: String, version: String) -> String {
        let resource = JSONText.array([
            attribute("service.name", string(service)), attribute("service.version", string(version)),
        ])
        let scoped = JSONText.object([
            ("scope", JSONText.object([("name", JSONText.quote("sre-orchestrator"))])), ("spans", JSONText.array(spans.map(\.json))),
        ])
        let group = JSONText.object([
            ("resource", JSONText.object([("attributes", resource)])), ("scopeSpans", JSONText.array([scoped])),
        ])
        return JSONText.object([("resourceSpans", JSONText.array([group]))])
    }

    private var json: String {
        var members: [(key: String, json: String)] = [
            ("traceId", JSONText.quote(identity.traceID)), ("spanId", JSONText.quote(identity.spanID)),
        ]
        if let parent { members.append(("parentSpanId", JSONText.quote(parent))) }
        members += [
            ("name", JSONText.quote(String(name.prefix(Self.longestText)))), ("kind", Self.number(of: kind)),
            ("startTimeUnixNano", JSONText.quote(String(start))), ("endTimeUnixNano", JSONText.quote(String(max(start, end)))),
            ("attributes", Self.list(attributes)),
        ]
        if !events.isEmpty {
            members.append(
                (
                    "events",
                    JSONText.array(
                        events.map { event in
                            JSONText.object([
                                ("timeUnixNano", JSONText.quote(String(event.nanosecondsSinceEpoch))),
                                ("name", JSONText.quote(event.name)), ("attributes", Self.list(event.attributes)),
                            ])
                        })
                ))
        }
        let linked = links.compactMap { TraceParent($0.context) }
        if !linked.isEmpty {
            members.append(
                (
                    "links",
                    JSONText.array(
                        linked.map {
                            JSONText.object([("traceId", JSONText.quote($0.traceID)), ("spanId", JSONText.quote($0.spanID))])
                        })
                ))
        }
        if let status {
            var parts: [(key: String, json: String)] = [("code", status.code == .ok ? "1" : "2")]
            if let message = status.message { parts.append(("message", JSONText.quote(String(message.prefix(Self.longestText))))) }
            members.append(("status", JSONText.object(parts)))
        }
        return JSONText.object(members)
    }

    private static func number(of kind: SpanKind) -> String {
        switch kind {
        case .internal: "1"
        case .server: "2"
        case .client: "3"
        case .producer: "4"
        case .consumer: "5"
        }
    }

    private static func list(_ attributes: SpanAttributes) -> String {
        var members: [(key: String, json: String)] = []
        attributes.forEach { key, value in
            if let json = json(value) { members.append((key, json)) }
        }
        return JSONText.array(members.sorted { $0.key < $1.key }.prefix(mostAttributes).map { attribute($0.key, $0.json) })
    }

    private static func attribute(_ key: String, _ value: String) -> String {
        JSONText.object([("key", JSONText.quote(key)), ("value", value)])
    }

    private static func string(_ text: String) -> String {
        JSONText.object([("stringValue", JSONText.quote(String(text.prefix(longestText))))])
    }

    private static func json(_ attribute: SpanAttribute) -> String? {
        switch attribute {
        case .int32(let number): integer(Int64(number))
        case .int64(let number): integer(number)
        case .double(let number): number.isFinite ? JSONText.object([("doubleValue", "\(number)")]) : nil
        case .bool(let value): JSONText.object([("boolValue", value ? "true" : "false")])
        case .string(let text): string(text)
        case .stringConvertible(let value): string(value.description)
        case .stringArray(let texts):
            JSONText.object([
                ("arrayValue", JSONText.object([("values", JSONText.array(texts.prefix(mostAttributes).map(string)))]))
            ])
        default: nil
        }
    }

    private static func integer(_ number: Int64) -> String {
        JSONText.object([("intValue", JSONText.quote(String(number)))])
    }
}
