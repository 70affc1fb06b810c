import FastJSON
import FoundationEssentials
import IncidentModel

/// Durations as kubectl writes them: `95s`, `5m3s`, `3h12m`, `4d`.
enum HumanDuration {
    /// Follows `HumanDuration` of k8s.io/apimachinery.
    static func text(seconds total: Double) -> String {
        let seconds = Int(clamping: Int64(max(-1e9, min(total, 1e12))))
        if seconds < -1 { return "<invalid>" }
        if seconds < 0 { return "0s" }
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 10 { return pair(minutes, "m", seconds % 60, "s") }
        if minutes < 180 { return "\(minutes)m" }
        let hours = minutes / 60
        if hours < 8 { return pair(hours, "h", minutes % 60, "m") }
        if hours < 48 { return "\(hours)h" }
        if hours < 192 { return pair(hours / 24, "d", hours % 24, "h") }
        let days = hours / 24
        if days < 730 { return "\(days)d" }
        if days < 2_920 { return pair(days / 365, "y", days % 365, "d") }
        return "\(days / 365)y"
    }

    /// The time since a moment that an object names.
    static func since(_ time: JSONValue, now: Date) -> String {
        guard let date = time.string.flatMap(RFC3339.parse) else { return "<unknown>" }
        return text(seconds: now.timeIntervalSince(date))
    }

    private static func pair(_ large: Int, _ largeUnit: String, _ small: Int, _ smallUnit: String) -> String {
        small == 0 ? "\(large)\(largeUnit)" : "\(large)\(largeUnit)\(small)\(smallUnit)"
    }
}
