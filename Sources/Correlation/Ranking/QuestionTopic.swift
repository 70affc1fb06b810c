internal import IncidentModel

/// What the reporter's words are about, where a fault of that kind shows nowhere but in somebody missing something.
///
/// Faults that may be on purpose (a pause, a zero, a suspension) count once the question is about just that.
enum QuestionTopic: Sendable {
    case release, scaling, schedule, drain, configuration

    /// Words by topic, in lower case and cut to their stems.
    private var stems: [String] {
        switch self {
        case .release:
            [
                "version", "release", "roll-out", "rollout", "roll out", "rolled out", "deploy", "upgrade", "update", "not live",
                "old image",
                "old code", "new image", "paused", "hotfix",
            ]
        case .scaling: ["scal", "replica", "hpa", "under load", "slow", "latency", "overload", "capacity", "too few"]
        case .schedule:
            [
                "job", "cron", "schedul", "nightly", "last night", "daily", "hourly", "weekly", "backup", "does not run", "did not run",
                "never runs", "suspend",
            ]
        case .drain: ["drain", "evict", "maintenance", "upgrade", "cordon", "disruption", "pdb", "node"]
        case .configuration:
            [
                "config", "setting", "secret", "password", "rotat", "old value", "stale", "pick up", "environment", "feature flag",
                "credential",
            ]
        }
    }

    func matches(_ description: String) -> Bool {
        let words = description.lowercased()
        return stems.contains { words.contains($0) }
    }

    /// The topic that makes a fault count that harms nobody as far as the evidence goes.
    static func of(_ cause: CauseCode) -> QuestionTopic? {
        switch cause {
        case .rolloutPaused, .updateStrategyBlocks: .release
        case .scaledToZero, .autoscalerAtMaximum, .autoscalerRequestMissing, .autoscalerMetricsUnavailable: .scaling
        case .jobSuspended, .cronJobMissedSchedule: .schedule
        case .disruptionBudgetBlocksDrain: .drain
        case .configurationInvalid, .credentialsRejected: .configuration
        default: nil
        }
    }
}
