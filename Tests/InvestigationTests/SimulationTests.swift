import Foundation
import TestSupport
import Testing

/// Many runs of store and runners with crashes, frozen runners, lost answers and clock jumps, each decided by its seed.
///
/// `SRE_LONG_TESTS=1` makes 2,000 runs; `SRE_SEED=…` repeats one.
struct SimulationTests {
    private static let environment = ProcessInfo.processInfo.environment

    private static var seeds: ClosedRange<UInt64> {
        if let seed = environment["SRE_SEED"].flatMap({ UInt64($0) }) { return seed...seed }
        return 1...(environment["SRE_LONG_TESTS"] == nil ? 100 : 2_000)
    }

    @Test func `whatever happens, each incident ends once, and its journal is whole`() async throws {
        let evidence = Fixture.brokenShop()
        for seed in Self.seeds {
            let simulation = Simulation(seed: seed, evidence: evidence)
            try await simulation.run(incidents: 4, faultyTurns: 150)
        }
    }

    @Test func `a seed is a run that can be repeated`() async throws {
        func turns() async throws -> Int {
            let simulation = Simulation(seed: 7, evidence: Fixture.brokenShop())
            try await simulation.run(incidents: 4, faultyTurns: 150)
            return simulation.turn
        }
        #expect(try await turns() == turns())
    }
}
