import IncidentModel
import Testing

@testable import sre

@Suite struct BenchScoreTests {
    private static let cart = ObjectReference(kind: "Deployment", namespace: "shop", name: "cart")
    private static let config = ObjectReference(kind: "ConfigMap", namespace: "shop", name: "cart-config")
    private static let other = ObjectReference(kind: "Deployment", namespace: "shop", name: "web")

    private static let label = BenchLabel(
        isHealthy: false,
        rootCauses: [
            BenchLabel.Expected(
                causes: ["ConfigMapNotFound", "ConfigurationMissing"], objects: [cart, config], facts: ["Cart-Config", "v2"])
        ])

    private static func answer(
        _ cause: CauseCode = .configMapNotFound, on object: ObjectReference = cart, _ confidence: Double = 0.9,
        says: String = "cart-config V2"
    ) -> RootCause {
        RootCause(cause: cause, object: object, statement: says, confidence: confidence)
    }

    /// Answers, then whether CA, FA, JRA, JRA@3 and facts count.
    @Test(arguments: [
        ([answer()], [true, true, true, true, true]),
        ([answer(on: config)], [true, true, true, true, true]),
        ([answer(.configurationMissing)], [true, true, true, true, true]),
        ([answer(says: "nothing said")], [true, true, true, true, false]),
        ([answer(on: other)], [false, true, false, false, false]),
        ([answer(.applicationError)], [true, false, false, false, false]),
        ([answer(on: other), answer()], [false, true, false, true, false]),
        ([answer(on: other), answer(on: other), answer(on: other), answer()], [false, true, false, false, false]),
        ([], [false, false, false, false, false]),
    ])
    func `an answer counts where object, cause or both are right`(answers: [RootCause], right: [Bool]) {
        var score = BenchScore()
        #expect(score.add(answers, label: Self.label) == right[2])
        let tallies = [score.componentAccuracy, score.faultAccuracy, score.jointAccuracy, score.jointAccuracyAt3, score.facts]
        #expect(tallies.map { $0.count == 1 } == right)
        #expect(tallies.allSatisfy { $0.total == 1 })
        #expect(score.falseAlarms.total == 0)
    }

    @Test func `with several expected causes the top answer may be any of them, but object and cause of one`() {
        let label = BenchLabel(
            isHealthy: false,
            rootCauses: [
                BenchLabel.Expected(causes: ["ImageNotFound"], objects: [Self.other], facts: ["x"]),
                BenchLabel.Expected(causes: ["ConfigMapNotFound"], objects: [Self.cart], facts: []),
            ])
        var score = BenchScore()
        score.add([Self.answer()], label: label)
        #expect(score.jointAccuracy.count == 1 && score.facts.count == 1)
        score.add([Self.answer(.imageNotFound)], label: label)
        #expect(score.componentAccuracy.count == 2 && score.faultAccuracy.count == 2 && score.jointAccuracy.count == 1)
    }

    @Test func `facts may stand in details and citations too`() {
        var answer = Self.answer(says: "cart-config")
        var score = BenchScore()
        answer.details = ["reference": "V2"]
        score.add([answer], label: Self.label)
        answer.details = [:]
        answer.citations = [Citation(source: .object, object: Self.cart, text: "the v2 of it")]
        score.add([answer], label: Self.label)
        #expect(score.facts.count == 2)
    }

    @Test(arguments: [(0.9, false), (0.5, false), (0.49, true)])
    func `on a healthy case a cause of medium or high confidence is a false alarm`(confidence: Double, isSilent: Bool) {
        var score = BenchScore()
        #expect(score.add([Self.answer(.imageNotFound, confidence)], label: BenchLabel(isHealthy: true, rootCauses: [])) == isSilent)
        #expect(score.healthySilent.count == (isSilent ? 1 : 0) && score.falseAlarms.count == (isSilent ? 0 : 1))
        #expect(score.jointAccuracy.total == 0 && score.falseAlarms.total == 1)
    }

    @Test func `calibration measures the distance of confidence and outcome`() throws {
        var calibration = Calibration()
        #expect(calibration.brierScore == nil && calibration.expectedError == nil)
        calibration.add(confidence: 1, isRight: true)
        calibration.add(confidence: 0.8, isRight: false)
        let brier = try #require(calibration.brierScore)
        let error = try #require(calibration.expectedError)
        #expect(abs(brier - 0.32) < 1e-9)
        // Bin of 1.0 is perfect; bin of 0.8 is off by 0.8, for one of two answers.
        #expect(abs(error - 0.4) < 1e-9)
    }

    @Test func `percentiles are nearest ranks`() {
        let timing = BenchSummary.Timing((1...100).map(Double.init))
        #expect(timing.p50 == 50 && timing.p95 == 95 && timing.total == 5_050)
        #expect(BenchSummary.Timing([]).p50 == 0 && BenchSummary.Timing([2]).p95 == 2)
    }
}
