import Foundation
import NIOHTTP1

/// When a provider's failure is tried again: as it says itself, else with growing waits.
///
/// Source: the SDKs of OpenAI and Anthropic, which read `x-should-retry`, `retry-after-ms` and `retry-after` in this order.
enum RetryAdvice {
    /// Longer waits help nobody who waits for a report.
    private static let longestWait = 120.0
    private static let firstWait = 0.5
    private static let largestWait = 8.0

    /// Seconds to wait before another try; nil for none.
    /// - Parameters:
    ///   - attempt: tries so far, from 1.
    ///   - jitter: 0..<1.
    static func wait(
        status: Int, headers: HTTPHeaders, attempt: Int, now: Date = Date(), jitter: Double = .random(in: 0..<1)
    ) -> Double? {
        switch headers.first(name: "x-should-retry") {
        case "false": return nil
        case "true": break
        default: guard [408, 409, 429].contains(status) || status >= 500 else { return nil }
        }
        if let asked = asked(headers, now) { return asked <= longestWait ? asked : nil }
        return backoff(attempt, jitter: jitter)
    }

    /// For failures without an answer.
    static func backoff(_ attempt: Int, jitter: Double = .random(in: 0..<1)) -> Double {
        min(firstWait * pow(2, Double(attempt - 1)), largestWait) * (1 - 0.25 * jitter)
    }

    private static func asked(_ headers: HTTPHeaders, _ now: Date) -> Double? {
        if let text = headers.first(name: "retry-after-ms"), let milliseconds = Double(text), milliseconds >= 0 {
            return milliseconds / 1_000
        }
        guard let text = headers.first(name: "retry-after") else { return nil }
        if let seconds = Double(text), seconds >= 0 { return seconds }
        // The form that servers send (RFC 9110, IMF-fixdate).
        let form = DateFormatter()
        form.locale = Locale(identifier: "en_US_POSIX")
        form.timeZone = TimeZone(secondsFromGMT: 0)
        form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        return form.date(from: text).map { max(0, $0.timeIntervalSince(now)) }
    }
}
