import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1

extension Problem {
    /// How any thrown error looks to a caller; `nil` where it is a defect of ours or of a dependency, which callers learn nothing about.
    init?(explaining error: any Error) {
        switch error {
        case let error as any ProblemConvertible: self = error.problem
        case let error as HTTPError:
            self.init(error.status, error.body ?? Self.text(for: error.status), headers: error.headers)
        case is NIOTooManyBytesError:
            self.init(.contentTooLarge, "the body is too large; at most \(RequestLimits.bodyBytes) bytes are accepted")
        case let error as DecodingError: self.init(.badRequest, Self.text(for: error))
        case is HTTPParserError: self.init(.badRequest, "the request is not valid HTTP")
        case is CancellationError: self.init(.serviceUnavailable, "the service is shutting down; try again")
        case let error as any HTTPResponseError: self.init(error.status, Self.text(for: error.status))
        default: return nil
        }
    }

    static func text(for status: HTTPResponse.Status) -> String {
        switch status {
        case .notFound: "there is nothing at this path; /openapi.yaml lists what there is"
        case .contentTooLarge: "the body is too large; at most \(RequestLimits.bodyBytes) bytes are accepted"
        default: status.reasonPhrase.lowercased()
        }
    }

    private static func text(for error: DecodingError) -> String {
        func path(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "the body" : "`\(path)`"
        }
        switch error {
        case .keyNotFound(let key, _): return "`\(key.stringValue)` is missing"
        case .typeMismatch(let type, let context): return "\(path(context)) has the wrong type; \(type) is expected"
        case .valueNotFound(let type, let context): return "\(path(context)) is null; \(type) is expected"
        case .dataCorrupted(let context): return "\(path(context)) is not valid"
        @unknown default: return "the body cannot be read"
        }
    }
}
