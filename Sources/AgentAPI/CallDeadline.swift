/// How long the caller of an agent waits for its answer, as it travels with the call: an agent that knows it answers with what it has by
/// then, instead of working for nobody.
public enum CallDeadline {
    /// Header with the seconds that are left, e.g. `12.5`.
    public static let header = "X-Deadline-Seconds"

    /// The share of the time that the agent may use; the rest is for the way back.
    private static let share = 0.9
    private static let leastSeconds = 0.1

    /// What the header of a call with so much time left says.
    static func value(_ left: Duration) -> String {
        let parts = left.components
        let milliseconds = parts.seconds * 1_000 + parts.attoseconds / 1_000_000_000_000_000
        return "\(milliseconds / 1_000).\(String(1_000 + milliseconds % 1_000).dropFirst())"
    }

    /// The seconds that an agent has, by the header of a call; nil where there is none, or no sane one.
    public static func seconds(_ value: String?) -> Double? {
        guard let seconds = value.flatMap(Double.init), seconds.isFinite, seconds >= 0 else { return nil }
        return max(leastSeconds, seconds * share)
    }
}
