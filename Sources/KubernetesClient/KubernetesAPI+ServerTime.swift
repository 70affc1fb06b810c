import AsyncHTTPClient
public import FoundationEssentials
import IncidentModel
import NIOHTTP1

extension KubernetesAPI {
    /// Header in which a replayed snapshot gives the time of its recording; a live API server has only `Date`.
    public static let capturedAtHeader = "X-Snapshot-Captured-At"

    /// The API server's clock, from the headers of `/version`; a replayed snapshot answers with the time of its recording.
    public func serverTime() async -> Date? {
        try? await transport.get(RequestPath(["version"]), through: calls) { response in
            if let recorded = response.headers.first(name: Self.capturedAtHeader).flatMap(RFC3339.parse) { return recorded }
            return response.headers.first(name: "Date").flatMap(HTTPDate.parse)
        }
    }
}

/// The date format of HTTP headers: `Mon, 23 Nov 2026 21:15:51 GMT` (RFC 9110, section 5.6.7).
public enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    public static func parse(_ text: String) -> Date? {
        let parts = text.split(separator: " ").map(String.init)
        guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, let month = months.firstIndex(of: parts[2]) else { return nil }
        let number = month < 9 ? "0\(month + 1)" : "\(month + 1)"
        return RFC3339.parse("\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
    }
}
