import Foundation
import IncidentModel
import Reporting

/// The outcome of a whole run, as JSON and as a table.
struct BenchSummary: Encodable, Sendable {
    struct Wrong: Encodable, Sendable {
        let `case`: String
        let got: String
        let expected: String
    }

    struct Timing: Encodable, Sendable {
        let p50: Double
        let p95: Double
        let total: Double

        /// Nearest-rank percentiles.
        init(_ seconds: [Double]) {
            let sorted = seconds.sorted()
            func rank(_ share: Double) -> Double {
                sorted.isEmpty ? 0 : sorted[max(0, min(sorted.count - 1, Int((share * Double(sorted.count)).rounded(.up)) - 1))]
            }
            p50 = rank(0.5)
            p95 = rank(0.95)
            total = sorted.reduce(0, +)
        }
    }

    private(set) var cases = 0
    private(set) var labelled = 0
    private(set) var abstained = 0
    private(set) var failed = 0
    private(set) var score = BenchScore()
    /// The same cases answered by `TrivialBaseline`.
    private(set) var baseline = BenchScore()
    private(set) var wrong: [Wrong] = []
    /// Entities of descriptions that were read.
    private(set) var entities = Tally()
    private(set) var modelUse = ModelUsage()
    /// Cases in which the model could not be used, or not for all.
    private(set) var modelGaps: [String] = []
    private var seconds: [Double] = []

    mutating func add(_ outcome: BenchRun.Outcome, label: BenchLabel?) {
        let (result, answers) = (outcome.result, outcome.answers)
        cases += 1
        seconds.append(result.seconds)
        if result.abstained { abstained += 1 }
        if result.error != nil { failed += 1 }
        for isRead in outcome.entities { entities.add(isRead) }
        if let use = outcome.modelUse { modelUse = modelUse + use }
        if let gap = outcome.modelGap { modelGaps.append("\(result.case): \(gap)") }
        guard let label else { return }
        labelled += 1
        baseline.add(outcome.baseline, label: label)
        guard !score.add(answers, label: label) else { return }
        let got =
            answers.first.map { "\($0.cause.rawValue) on \($0.object) (\(Self.decimals($0.confidence, 2)))" } ?? result.error ?? "no cause"
        let expected = label.isHealthy ? "no fault" : label.rootCauses.map(\.summary).joined(separator: ", or ")
        let variant = outcome.variant == Degradation.whole.rawValue ? "" : " (\(outcome.variant))"
        wrong.append(Wrong(case: result.case + variant, got: got, expected: expected))
    }

    enum CodingKeys: String, CodingKey {
        case cases, labelled, abstained, failed, scores, baseline, entities, seconds, wrong
        case modelUse = "model_use"
        case modelGaps = "model_gaps"
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(cases, forKey: .cases)
        try container.encode(labelled, forKey: .labelled)
        try container.encode(abstained, forKey: .abstained)
        try container.encode(failed, forKey: .failed)
        try container.encode(score, forKey: .scores)
        try container.encode(baseline, forKey: .baseline)
        if entities.total > 0 { try container.encode(entities, forKey: .entities) }
        if modelUse.requests > 0 { try container.encode(modelUse, forKey: .modelUse) }
        if !modelGaps.isEmpty { try container.encode(modelGaps, forKey: .modelGaps) }
        try container.encode(Timing(seconds), forKey: .seconds)
        try container.encode(wrong, forKey: .wrong)
    }

    /// The table for a terminal: the engine's scores, and beside them the baseline's.
    /// - Parameter isVerbose: also lists every case that was answered wrongly.
    func text(isVerbose: Bool) -> String {
        let timing = Timing(seconds)
        var rows = [("cases", "\(cases)"), ("labelled", "\(labelled)"), ("abstained", "\(abstained)"), ("failed", "\(failed)")]
        if labelled > 0 {
            rows.append(("", "engine".padding(toLength: 20, withPad: " ", startingAt: 0) + "baseline"))
            rows += [
                ("CA      component", both(\.componentAccuracy)), ("FA      fault", both(\.faultAccuracy)),
                ("JRA     both", both(\.jointAccuracy)), ("JRA@3   in the first 3", both(\.jointAccuracyAt3)),
                ("facts   all named", share(score.facts)), ("healthy silent", both(\.healthySilent)),
                ("false alarms", both(\.falseAlarms)), ("high confidence, right", both(\.highPrecision)),
                ("Brier score", score.calibration.brierScore.map { Self.decimals($0, 4) } ?? "-"),
                ("calibration error", score.calibration.expectedError.map { Self.decimals($0, 4) } ?? "-"),
            ]
        }
        if entities.total > 0 { rows.append(("entities read", share(entities))) }
        if modelUse.requests > 0 || !modelGaps.isEmpty {
            let tokens = "\(modelUse.inputTokens) + \(modelUse.outputTokens) tokens"
            rows.append(("model", "\(modelUse.requests) requests, \(tokens), \(Self.decimals(modelUse.seconds, 0)) s"))
            rows.append(("model not used", "in \(modelGaps.count) cases"))
        }
        rows += [("seconds p50", Self.decimals(timing.p50, 4)), ("seconds p95", Self.decimals(timing.p95, 4))]
        var text = rows.map { $0.0.padding(toLength: 24, withPad: " ", startingAt: 0) + $0.1 }.joined(separator: "\n") + "\n"
        if isVerbose, !modelGaps.isEmpty {
            text += "\nmodel not used\n" + modelGaps.map { SafeText.line("  \($0)", limit: 300) + "\n" }.joined()
        }
        if isVerbose, !wrong.isEmpty {
            text += "\nwrong\n"
            for entry in wrong {
                text += SafeText.line("  \(entry.case)", limit: 200) + "\n"
                text +=
                    SafeText.line("    got       \(entry.got)", limit: 200) + "\n"
                    + SafeText.line("    expected  \(entry.expected)", limit: 300) + "\n"
            }
        }
        return text
    }

    private func both(_ tally: KeyPath<BenchScore, Tally>) -> String {
        share(score[keyPath: tally]).padding(toLength: 20, withPad: " ", startingAt: 0) + share(baseline[keyPath: tally])
    }

    private func share(_ tally: Tally) -> String {
        "\(tally.count)/\(tally.total)" + (tally.share.map { "  " + Self.decimals($0 * 100, 1) + " %" } ?? "")
    }

    static func decimals(_ value: Double, _ digits: Int) -> String {
        String(format: "%.\(digits)f", value)
    }
}
