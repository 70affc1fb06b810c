import Foundation

/// Random numbers that are the same in each run of a test.
public struct SeededNoise: Sendable {
    private var state: UInt64

    public init(seed: UInt64) { state = seed }

    /// In 0..<1. SplitMix64 (Steele, Lea and Flood, 2014).
    public mutating func uniform() -> Double {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        mixed ^= mixed >> 31
        return Double(mixed >> 11) / 9_007_199_254_740_992
    }

    /// Around 0 with a deviation of 1, by Box and Muller.
    public mutating func normal() -> Double {
        (-2 * log(max(uniform(), 1e-12))).squareRoot() * cos(2 * .pi * uniform())
    }

    /// Around 1: what measurements are multiplied with. One in fifty is an outlier.
    public mutating func factor(_ deviation: Double) -> Double {
        exp(deviation * normal()) * (uniform() < 0.02 ? 1 + 2 * uniform() : 1)
    }
}
