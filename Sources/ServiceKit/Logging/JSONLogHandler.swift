import FastJSON
import FoundationEssentials
import IncidentModel
public import Logging
import TraceExport

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Writes each log event as one JSON object a line: `timestamp`, `level`, `message`, `service_name`, `correlation_id`,
/// `trace_id`, `span_id` and `context`.
public struct JSONLogHandler: LogHandler {
    public var logLevel: Logger.Level
    public var metadata: Logger.Metadata = [:]
    public var metadataProvider: Logger.MetadataProvider?
    private let serviceName: String
    private let write: @Sendable (String) -> Void

    /// - Parameters:
    ///   - serviceName: value of `service_name`.
    ///   - level: the lowest level that is written.
    ///   - write: takes a finished line, line break included; by default the line goes to standard error in one piece.
    public init(serviceName: String, level: Logger.Level = .info, write: @escaping @Sendable (String) -> Void = Self.toStandardError) {
        self.serviceName = serviceName
        self.logLevel = level
        self.write = write
    }

    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    public func log(event: LogEvent) {
        write(line(for: event, at: Date(), correlation: CorrelationID.current, span: TraceParent.current))
    }

    /// One system call a line, so that the lines of parallel tasks never mix.
    public static func toStandardError(_ line: String) {
        var line = line
        line.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while let start = rest.baseAddress, !rest.isEmpty {
                let count = unistd_write(2, start, rest.count)
                guard count > 0 else { return }  // Nobody reads our log: nothing sensible is left to do about it.
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }

    func line(for event: LogEvent, at time: Date, correlation: CorrelationID?, span: TraceParent? = nil) -> String {
        var context = metadata
        if let metadataProvider { context.merge(metadataProvider.get()) { $1 } }
        if let explicit = event.metadata { context.merge(explicit) { $1 } }
        if let error = event.error { context["error"] = "\(error)" }
        var members: [(key: String, json: String)] = [
            ("timestamp", JSONText.quote(RFC3339.format(time, fraction: true))),
            ("level", JSONText.quote(Self.name(of: event.level))),
            ("message", JSONText.quote(event.message.description)),
            ("service_name", JSONText.quote(serviceName)),
        ]
        if let correlation { members.append(("correlation_id", JSONText.quote(correlation.text))) }
        if let span { members += [("trace_id", JSONText.quote(span.traceID)), ("span_id", JSONText.quote(span.spanID))] }
        if !context.isEmpty { members.append(("context", Self.json(.dictionary(context)))) }
        return JSONText.object(members) + "\n"
    }

    /// The words of the log format, which are coarser than swift-log's levels.
    private static func name(of level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARNING"
        case .error: "ERROR"
        case .critical: "CRITICAL"
        }
    }

    private static func json(_ value: Logger.MetadataValue) -> String {
        switch value {
        case .string(let text): JSONText.quote(text)
        case .stringConvertible(let value): JSONText.quote(value.description)
        case .array(let values): JSONText.array(values.map(json))
        case .dictionary(let members):
            JSONText.object(members.sorted { $0.key < $1.key }.map { (key: $0.key, json: json($0.value)) })
        }
    }
}

// `write` is also the name of the handler's property.
private func unistd_write(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
    #if canImport(Glibc)
        Glibc.write(descriptor, bytes, count)
    #elseif canImport(Musl)
        Musl.write(descriptor, bytes, count)
    #else
        Darwin.write(descriptor, bytes, count)
    #endif
}
