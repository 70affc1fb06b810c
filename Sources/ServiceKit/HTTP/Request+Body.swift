public import FastJSON
import HTTPTypes
public import Hummingbird
public import NIOCore

extension Request {
    /// Reads the whole body.
    /// - Throws: `Problem` with 413 where it has more than `limit` bytes, 400 where it breaks off.
    public func bytes(limit: Int = RequestLimits.bodyBytes) async throws -> ByteBuffer {
        if let length = headers[.contentLength].flatMap(Int.init), length > limit { throw Self.tooLarge(limit) }
        do {
            return try await body.collect(upTo: limit)
        } catch is NIOTooManyBytesError {
            throw Self.tooLarge(limit)
        }
    }

    /// Reads the body as JSON.
    /// - Throws: `Problem` with 415 for another content type, 413 for a body over `limit` bytes, 400 for text that is no JSON, is not
    ///   UTF-8 or nests deeper than 1,024 levels.
    public func json(limit: Int = RequestLimits.bodyBytes) async throws -> JSONValue {
        try requireJSON()
        let buffer = try await bytes(limit: limit)
        guard buffer.readableBytes > 0 else { throw Problem(.badRequest, "the body is empty; a JSON object is expected") }
        do {
            return try buffer.withUnsafeReadableBytes { bytes in try JSONValue(parsing: bytes) }
        } catch let error as JSONError {
            throw Problem(.badRequest, "the body is \(error)")
        }
    }

    private func requireJSON() throws {
        let expected = "send the body as JSON with `Content-Type: application/json`"
        if let encoding = headers[.contentEncoding], encoding.lowercased() != "identity" {
            throw Problem(.unsupportedMediaType, "compressed bodies are not accepted; \(expected)")
        }
        guard let type = headers[.contentType] else { throw Problem(.unsupportedMediaType, "no content type is given; \(expected)") }
        let parts = type.lowercased().split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" && $0 != "\"" } }
        guard let media = parts.first, media == "application/json" || (media.hasPrefix("application/") && media.hasSuffix("+json")) else {
            throw Problem(.unsupportedMediaType, "this content type is not accepted; \(expected)")
        }
        if let charset = parts.dropFirst().first(where: { $0.hasPrefix("charset=") }), charset != "charset=utf-8", charset != "charset=utf8"
        {
            throw Problem(.unsupportedMediaType, "JSON is UTF-8; \(expected)")
        }
    }

    private static func tooLarge(_ limit: Int) -> Problem {
        Problem(.contentTooLarge, "the body is too large; at most \(limit) bytes are accepted")
    }
}

extension Request {
    /// An integer of the query string.
    /// - Throws: `Problem` with 400 where it is no integer in `range`.
    public func integer(_ name: String, default: Int, in range: ClosedRange<Int>) throws -> Int {
        guard let text = uri.queryParameters[name[...]] else { return `default` }
        guard let value = Int(text), range.contains(value) else {
            throw Problem(.badRequest, "`\(name)` must be an integer from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }
}
