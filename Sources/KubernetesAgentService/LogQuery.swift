import AgentAPI
import Hummingbird
import KubernetesClient
import ServiceKit

/// The query of a log request, checked: `container`, `tail`, `previous`, `since`, `timestamps`.
struct LogQuery: Sendable {
    /// Bytes of one container's log; more is cut by the API.
    static let mostBytes = 10 << 20
    private static let mostLines = 100_000
    private static let mostSeconds = 366 * 86_400

    let container: String?
    let tailLines: Int
    let isPrevious: Bool
    let sinceSeconds: Int?
    let hasTimestamps: Bool

    /// - Throws: `Problem` with 400 naming the key.
    init(_ request: Request) throws {
        let query = request.uri.queryParameters
        container = query["container"].map { String($0) }.flatMap { $0.isEmpty ? nil : $0 }
        if let container, !KubernetesName.isLabel(container) {
            throw Problem(.badRequest, "`container` is no name that a container can have")
        }
        tailLines = try request.integer("tail", default: 100, in: 1...Self.mostLines)
        isPrevious = try Self.flag("previous", query["previous"])
        hasTimestamps = try Self.flag("timestamps", query["timestamps"])
        sinceSeconds = try query["since"].map { try Self.seconds($0) }
    }

    func request(_ container: String, namespace: String, pod: String) -> LogRequest {
        LogRequest(
            namespace: namespace, pod: pod, container: container, isPrevious: isPrevious, tailLines: tailLines, sinceSeconds: sinceSeconds,
            limitBytes: Self.mostBytes, hasTimestamps: hasTimestamps)
    }

    private static func flag(_ name: String, _ text: Substring?) throws -> Bool {
        switch text {
        case nil, "false", "0": return false
        case "true", "1": return true
        default: throw Problem(.badRequest, "`\(name)` must be true or false")
        }
    }

    /// Seconds, or a number with one of the units that kubectl takes: `90`, `90s`, `15m`, `2h`.
    private static func seconds(_ text: Substring) throws -> Int {
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600]
        let unit = text.last.flatMap { units[$0] }
        let digits = unit == nil ? text : text.dropLast()
        guard (1...12).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }), digits.first != "0",
            let number = Int(digits)
        else { throw Problem(.badRequest, "`since` must be seconds, or a number with s, m or h such as 15m") }
        return min(number * (unit ?? 1), mostSeconds)
    }
}
