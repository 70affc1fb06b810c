import Synchronization
public import Tracing

/// Records spans and hands them over when they end. What the caller of a service decided about recording its trace holds here too;
/// of the traces that begin here a share is recorded.
public struct OTLPTracer: Tracer {
    private static let header = "traceparent"

    private let percent: Int
    private let take: @Sendable (FinishedSpan) -> Void

    /// - Parameters:
    ///   - percent: of the traces that begin here, how many are recorded: 0 to 100.
    ///   - take: gets each span of a recorded trace once it has ended; must not block.
    init(percent: Int, take: @escaping @Sendable (FinishedSpan) -> Void) {
        self.percent = percent
        self.take = take
    }

    public func startSpan<Instant: TracerInstant>(
        _ operationName: String, context: @autoclosure () -> InstrumentationContext, ofKind kind: SpanKind,
        at instant: @autoclosure () -> Instant, function: String, file fileID: String, line: UInt
    ) -> RecordedSpan {
        var context = context()
        let parent = TraceParent(context)
        let identity = parent?.child() ?? .root(isSampled: Int.random(in: 0..<100) < percent)
        identity.set(in: &context)
        let start = FinishedSpan(
            identity: identity, parent: parent?.spanID, name: operationName, kind: kind, start: instant().nanosecondsSinceEpoch)
        return RecordedSpan(start, context: context, take: take)
    }

    public func forceFlush() {}

    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout InstrumentationContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        extractor.extract(key: Self.header, from: carrier).flatMap(TraceParent.init(header:))?.set(in: &context)
    }

    public func inject<Carrier, Inject: Injector>(
        _ context: InstrumentationContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let identity = TraceParent(context) else { return }
        injector.inject(identity.header, forKey: Self.header, into: &carrier)
    }
}

/// A span as it is handed over: everything that is known of it.
struct FinishedSpan: Sendable {
    let identity: TraceParent
    /// Id of the span that this one is a part of.
    let parent: String?
    var name: String
    let kind: SpanKind
    /// Nanoseconds since 1970.
    let start: UInt64
    var end: UInt64 = 0
    var attributes = SpanAttributes()
    var events: [SpanEvent] = []
    var links: [SpanLink] = []
    var status: SpanStatus?

    init(identity: TraceParent, parent: String?, name: String, kind: SpanKind, start: UInt64) {
        self.identity = identity
        self.parent = parent
        self.name = name
        self.kind = kind
        self.start = start
    }
}

/// A span that is going on. In a trace that is not recorded it only passes its identity on.
public final class RecordedSpan: Tracing.Span {
    /// Events and links that are kept of a span.
    private static let mostParts = 32
    /// Characters of a text that are kept: callers write some of them, and many spans may wait for a collector.
    static let longestText = 500

    public let context: InstrumentationContext
    public let isRecording: Bool
    private let take: @Sendable (FinishedSpan) -> Void
    /// Nil once the span has ended.
    private let state: Mutex<FinishedSpan?>

    init(_ span: FinishedSpan, context: InstrumentationContext, take: @escaping @Sendable (FinishedSpan) -> Void) {
        self.context = context
        self.take = take
        isRecording = span.identity.isSampled
        state = Mutex(isRecording ? span : nil)
    }

    public var operationName: String {
        get { state.withLock { $0?.name ?? "" } }
        set { state.withLock { $0?.name = newValue } }
    }

    public var attributes: SpanAttributes {
        get { state.withLock { $0?.attributes ?? [:] } }
        set { state.withLock { $0?.attributes = newValue } }
    }

    public func setStatus(_ status: SpanStatus) { state.withLock { $0?.status = status } }

    public func addEvent(_ event: SpanEvent) {
        state.withLock { span in
            if let count = span?.events.count, count < Self.mostParts { span?.events.append(event) }
        }
    }

    public func addLink(_ link: SpanLink) {
        state.withLock { span in
            if let count = span?.links.count, count < Self.mostParts { span?.links.append(link) }
        }
    }

    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        guard isRecording else { return }
        var attributes = attributes
        // Names of OpenTelemetry's semantic conventions for exceptions.
        attributes["exception.type"] = String(describing: type(of: error))
        attributes["exception.message"] = String(describing: error)
        addEvent(SpanEvent(name: "exception", at: instant(), attributes: attributes))
        setStatus(SpanStatus(code: .error))
    }

    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        let ended = state.withLock { span in
            defer { span = nil }
            return span
        }
        guard var ended else { return }
        ended.end = instant().nanosecondsSinceEpoch
        ended.attributes = Self.shortened(ended.attributes)
        // What answers errors is no failure of the code that wrote the answer, so nobody else says so.
        if ended.kind == .server, ended.status == nil,
            case .int64(500...) = ended.attributes["http.response.status_code"]?.toSpanAttribute()
        {
            ended.status = SpanStatus(code: .error)
        }
        take(ended)
    }

    private static func shortened(_ attributes: SpanAttributes) -> SpanAttributes {
        var result = attributes
        attributes.forEach { key, value in
            if case .string(let text) = value, text.utf8.count > longestText { result[key] = String(text.prefix(longestText)) }
        }
        return result
    }
}
