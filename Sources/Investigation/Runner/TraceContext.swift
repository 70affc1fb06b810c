import Tracing

/// Carries a trace through the store, from the request that opened an incident to whoever investigates it.
public enum TraceContext {
    private static let header = "traceparent"

    /// The header of the running task's span; nil where nothing is traced.
    public static var current: String? {
        guard let context = InstrumentationContext.current else { return nil }
        var headers: [String: String] = [:]
        InstrumentationSystem.instrument.inject(context, into: &headers, using: HeaderFields())
        return headers[header]
    }

    /// The context in which the work that a stored header began goes on.
    static func resumed(from traceparent: String?) -> InstrumentationContext {
        var context = InstrumentationContext.topLevel
        if let traceparent { InstrumentationSystem.instrument.extract([header: traceparent], into: &context, using: HeaderFields()) }
        return context
    }

    private struct HeaderFields: Injector, Extractor {
        func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
        func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    }
}
