internal import CSimdJSON

/// Owns one parsed document. Immutable after parsing, so it may be read from any thread.
final class JSONDocument: Sendable {
    // The pointee is never written after `init`, and freed once, here.
    private nonisolated(unsafe) let handle: OpaquePointer

    init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var message: UnsafePointer<CChar>?
        if let parsed = Self.parse(bytes, &message) {
            handle = parsed
            return
        }
        let first = message.map { String(cString: $0) } ?? "empty input"
        guard let widened = LongIntegers.asFractions(bytes), let parsed = widened.withUnsafeBytes({ Self.parse($0, &message) }) else {
            throw JSONError(message: first)
        }
        handle = parsed
    }

    private static func parse(_ bytes: UnsafeRawBufferPointer, _ message: inout UnsafePointer<CChar>?) -> OpaquePointer? {
        guard let start = bytes.bindMemory(to: CChar.self).baseAddress else { return nil }
        return sj_parse(start, bytes.count, &message)
    }

    deinit { sj_free(handle) }

    var root: sj_element { sj_root(handle) }
}

/// Bytes that are not a JSON document, with the parser's own words on why.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    public let message: String

    public var description: String { "not valid JSON: \(message)" }
}
