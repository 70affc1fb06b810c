import Tracing

/// The identity of a span as it travels between services: the header `traceparent` of W3C Trace Context (level 1).
public struct TraceParent: Sendable, Hashable {
    /// The 16 bytes of the trace's id; never all zero.
    public let traceHigh: UInt64
    public let traceLow: UInt64
    /// The 8 bytes of the span's id; never zero.
    public let span: UInt64
    /// Whether whoever began the trace records it.
    public let isSampled: Bool

    init(traceHigh: UInt64, traceLow: UInt64, span: UInt64, isSampled: Bool) {
        self.traceHigh = traceHigh
        self.traceLow = traceLow
        self.span = span
        self.isSampled = isSampled
    }

    /// Begins a trace.
    static func root(isSampled: Bool) -> TraceParent {
        TraceParent(traceHigh: .random(in: 1 ... .max), traceLow: .random(in: 1 ... .max), span: newSpan(), isSampled: isSampled)
    }

    /// A new span of the same trace.
    func child() -> TraceParent {
        TraceParent(traceHigh: traceHigh, traceLow: traceLow, span: Self.newSpan(), isSampled: isSampled)
    }

    /// Reads a header: `version-trace-span-flags`, in lower-case hexadecimal digits.
    /// - Returns: nil for anything malformed, as the specification wants it: the trace begins anew then.
    public init?(header: String) {
        let parts = header.split(separator: "-", omittingEmptySubsequences: false)
        guard header.utf8.count <= 256, parts.count >= 4, let version = Self.number(parts[0], digits: 2), version < 0xFF,
            version > 0 || parts.count == 4, parts[1].utf8.count == 32, let high = Self.number(parts[1].prefix(16), digits: 16),
            let low = Self.number(parts[1].suffix(16), digits: 16), high | low != 0, let span = Self.number(parts[2], digits: 16),
            span != 0,
            let flags = Self.number(parts[3], digits: 2)
        else { return nil }
        self.init(traceHigh: high, traceLow: low, span: span, isSampled: flags & 1 == 1)
    }

    /// The header of this span.
    public var header: String { "00-\(traceID)-\(spanID)-\(isSampled ? "01" : "00")" }

    /// 32 hexadecimal digits.
    public var traceID: String { Self.hex(traceHigh) + Self.hex(traceLow) }
    /// 16 hexadecimal digits.
    public var spanID: String { Self.hex(span) }

    private static func newSpan() -> UInt64 { .random(in: 1 ... .max) }

    private static func hex(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private static func number(_ text: Substring, digits: Int) -> UInt64? {
        let isHex = text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        return text.utf8.count == digits && isHex ? UInt64(text, radix: 16) : nil
    }
}

extension TraceParent {
    private enum Key: InstrumentationContextKey {
        typealias Value = TraceParent
    }

    /// The span of a context.
    init?(_ context: InstrumentationContext) {
        guard let found = context[Key.self] else { return nil }
        self = found
    }

    func set(in context: inout InstrumentationContext) { context[Key.self] = self }

    /// The span that the running task works in.
    public static var current: TraceParent? { InstrumentationContext.current.flatMap(TraceParent.init(_:)) }
}
