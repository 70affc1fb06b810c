import ClusterModel
import FastJSON
import Foundation
import IncidentModel
import TestSupport
import Testing

@testable import sre

@Suite struct TimeShiftTests {
    @Test(arguments: [
        ("2026-11-23T18:46:09Z", "2026-11-24T19:46:09Z"), ("a 2026-12-31T23:30:00.123456789Z b", "a 2027-01-02T00:30:00.123456789Z b"),
        ("2026-11-23T18:46:09+02:00 2026-11-23T18:46:10Z", "2026-11-24T19:46:09+02:00 2026-11-24T19:46:10Z"),
        ("1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z"), ("2026-02-30T00:00:00Z", "2026-02-30T00:00:00Z"),
        ("2026-11-23 18:46:09", "2026-11-23 18:46:09"),
        ("2026-11-23T18:46:0", "2026-11-23T18:46:0"), ("Größe 日本", "Größe 日本"), ("", ""),
    ])
    func `times in a text move, everything else stays`(text: String, expected: String) {
        #expect(TimeShift(seconds: 90_000).moved(text) == expected)
    }

    @Test func `a moved cluster is the same cluster at another time, and moves back`() throws {
        let evidence = try Scenario.named("55").evidence()
        let moved = try TimeShift(seconds: 86_400 * 100).moved(evidence)
        #expect(moved.capturedAt == evidence.capturedAt.addingTimeInterval(86_400 * 100))
        let (old, new) = (ClusterView(evidence), ClusterView(moved))
        #expect(new.pods.items.map(\.name) == old.pods.items.map(\.name))
        #expect(
            zip(old.pods.items, new.pods.items).allSatisfy {
                $1.metadata.creationTime == $0.metadata.creationTime?.addingTimeInterval(86_400 * 100)
            })
        let back = try TimeShift(seconds: -86_400 * 100).moved(moved)
        #expect(back.lists.mapValues { $0.map(\.serialized) } == evidence.lists.mapValues { $0.map(\.serialized) })
        #expect(back.logs == evidence.logs)
    }
}
