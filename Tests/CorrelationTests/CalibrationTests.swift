import IncidentModel
import TestSupport
import Testing

@testable import Correlation

@Suite struct CalibrationTests {
    private func basis(_ strength: Double, _ more: [CalibrationFeature: Double] = [:]) -> [CalibrationFeature: Double] {
        [.strength: strength].merging(more) { $1 }
    }

    @Test func `a stronger finding is never less likely`() {
        let steps = stride(from: 0.0, through: 1.0, by: 0.05).map { Calibration.probability(basis($0)) }
        for (left, right) in zip(steps, steps.dropFirst()) { #expect(left <= right) }
    }

    @Test(arguments: [0.0, 0.5, 1.0])
    func `no answer is sure beyond doubt, and none impossible`(strength: Double) {
        for feature in CalibrationFeature.allCases where feature != .strength {
            for value in [-1_000.0, 0, 1, 1_000] {
                #expect(Calibration.bounds.contains(Calibration.probability(basis(strength, [feature: value]))))
            }
        }
    }

    @Test func `what a confidence rests on is in the report`() throws {
        var cluster = ClusterBuilder()
        cluster.deployment(
            "cart", pods: [.waiting("CreateContainerConfigError", "configmap \"cart-config\" not found")])
        let cause = try #require(try diagnose(cluster.evidence(), "cart is down", namespace: "shop").rootCauses.first)
        #expect(Set(cause.basis.keys) == Set(CalibrationFeature.allCases.map(\.rawValue)))
        #expect(cause.basis["unreached"] == 0 && cause.basis["latent"] == 0 && (cause.basis["strength"] ?? 0) > 0.9)
        let named = Dictionary(uniqueKeysWithValues: CalibrationFeature.allCases.map { ($0, cause.basis[$0.rawValue] ?? 0) })
        #expect(abs(Calibration.probability(named) - cause.confidence) < 0.002)
    }
}
