internal import CSimdJSON

/// Owns one parsed document. Immutable after parsing, so it may be read from any thread.
final class JSONDocument: Sendable {
    // The pointee is never written after `init`, and freed once, here.
    private nonisolated(unsafe) let handle: OpaquePointer

    init(parsing bytes: UnsafeRawBufferPointer) throws(JSONError) {
        var message: UnsafePointer<CChar>?
        let start = bytes.bindMemory(to: CChar.self).baseAddress
        guard let start, let parsed = sj_parse(start, bytes.count, &message) else {
            throw JSONError(message: message.map { String(cString: $0) } ?? "empty input")
        }
        handle = parsed
    }

    deinit { sj_free(handle) }

    var root: sj_element { sj_root(handle) }
}

/// Bytes that are not a JSON document, with the parser's own words on why.
public struct JSONError: Error, Sendable, CustomStringConvertible {
    public let message: String

    public var description: String { "not valid JSON: \(message)" }
}
