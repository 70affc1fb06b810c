import IncidentModel
import TestSupport
import Testing

/// Every code is named where it is right, and not where something else only looks like it.
@Suite struct LookAlikeTests {
    @Test(arguments: LookAlike.all)
    func `a fault is told from its twin`(_ pair: LookAlike) throws {
        try diagnose(pair.fault().evidence(), pair.question, namespace: "shop")
            .names(pair.cause, on: pair.object, pair.details, level: pair.level)
        let twin = try diagnose(pair.twin().evidence(), pair.question, namespace: "shop")
        twin.doesNotClaim(pair.cause)
        if let cause = pair.twinCause {
            #expect(twin.rootCauses.first?.cause == cause, "got \(twin.words)")
        }
    }

    @Test func `no code is without a pair`() {
        let missing = Set(CauseCode.allCases).subtracting(LookAlike.all.map(\.cause))
        #expect(missing.isEmpty, "\(missing.map(\.rawValue).sorted())")
    }
}
