/// What a probability is worked out from. The names are those of `basis` in a report, and of the columns that `scripts/calibrate` reads.
enum CalibrationFeature: String, CaseIterable, Sendable {
    /// What the rule, and the way to the cause, give it by hand: a probability.
    case strength
    /// Independent kinds of evidence it rests on beyond the first: object fields, events, logs, telemetry; at most 2.
    case sources
    /// 1 where objects were asked about by name, and the chain reaches none of them.
    case unreached
    /// Share of the lists that causes rest on most which was not read.
    case unread
    /// 1 where none of the logs of the pods that suffer was read.
    case logless
    /// 1 where a recent change fits it.
    case change
    /// Strength of the strongest other cause for the same trouble, 0 where there is none.
    case rival
    /// 1 where nothing fails yet that can be seen.
    case latent
    /// 1 where the cause is named for want of a deeper one (the program fails, ends, answers badly or waits) and no signal or
    /// exception says why; a quarter where the logs of those who suffer were read and name nothing deeper.
    case fallback
}
