/// A fault put into one service of a generated recording.
public struct RecordedFault: Sendable {
    public enum Kind: Sendable {
        /// Something else uses the CPU up to the limit: the service computes so many times longer.
        case cpuStress(slower: Double)
        /// Memory climbs to this share of the limit; from nine tenths on everything takes longer.
        case memoryLeak(toShare: Double)
        /// All its packets come so many milliseconds later.
        case networkDelay(milliseconds: Double)
        /// This share of its packets is lost, and sent again after 200 ms and more.
        case packetLoss(share: Double)
        /// Users send so many times the requests to it.
        case load(times: Double)
        /// Its disk is busy: waits grow, CPU does not.
        case diskStress
        /// It answers this share of requests with an error.
        case errors(share: Double)
        /// Its pod is gone until it starts again.
        case killed
        /// It uses more CPU, within its limit, and nobody feels it.
        case busier(times: Double)
    }

    public var kind: Kind
    public var service: String
    /// Minutes before the end of the recording.
    public var minutesAgo: Double
    /// How long it lasts; `nil` to the end.
    public var minutes: Double?

    public init(_ kind: Kind, in service: String, minutesAgo: Double = 10, minutes: Double? = nil) {
        self.kind = kind
        self.service = service
        self.minutesAgo = minutesAgo
        self.minutes = minutes
    }

    /// Minutes since it began at a moment, `nil` where it does not act.
    func age(minutesBeforeEnd: Double) -> Double? {
        let age = minutesAgo - minutesBeforeEnd
        guard age >= 0, age < minutes ?? .infinity else { return nil }
        return age
    }
}
