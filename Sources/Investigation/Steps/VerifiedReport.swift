import Correlation
import IncidentModel

/// A report of the rules, with what came of a model's looking further: never less sure of a cause, never another first one of its own.
struct VerifiedReport: Sendable {
    /// What a suspicion may be at most: the outcome stays inconclusive with it.
    private static let mostSuspected = 0.49
    private static let mostReasons = 3

    private(set) var report: Report
    /// Whether the rules are surer with what was read on the way.
    private(set) var isBetter = false
    private var added = 0
    private var known = 0
    private var refusals: [String] = []

    init(_ report: Report) { self.report = report }

    /// Takes the rules' report on more evidence where it is surer: a cause where there was none, or the better founded one.
    mutating func weigh(_ wider: Report) {
        guard wider.outcome == .causeFound, let new = wider.rootCauses.first else { return }
        if report.outcome == .causeFound, let old = report.rootCauses.first, new.confidence <= old.confidence { return }
        report = wider
        isBetter = true
    }

    /// Adds proposals that stand: suspicions where the rules report no cause, else alternatives.
    mutating func add(_ verdicts: [ProposalVerdict], by model: String) {
        for verdict in verdicts {
            switch verdict {
            case .refused(let reason): refusals.append(reason)
            case .known(var cause):
                known += 1
                // A weak reading of the rules, which somebody else holds likely too.
                guard report.rootCauses.isEmpty, report.outcome == .inconclusive else { continue }
                cause.reasons.append("a language model (\(model)) holds it likely too")
                suspect(cause)
            case .possible(var cause):
                guard !lists(cause), report.outcome != .noFault else { continue }
                added += 1
                cause.proposedBy = model
                cause.reasonsAgainst.insert("a language model (\(model)) proposes it, not the rules", at: 0)
                if report.rootCauses.isEmpty { suspect(cause) } else { report.alternatives.append(cause) }
            }
        }
    }

    private mutating func suspect(_ cause: RootCause) {
        var cause = cause
        cause.confidence = min(cause.confidence, Self.mostSuspected)
        cause.level = ConfidenceLevel(probability: cause.confidence)
        report.alternatives.removeAll { $0.cause == cause.cause && $0.object == cause.object }
        report.rootCauses.append(cause)
        report.summary = "Not certain. Suspected: \(cause.statement)"
    }

    private func lists(_ cause: RootCause) -> Bool {
        (report.rootCauses + report.alternatives).contains { $0.cause == cause.cause && $0.object == cause.object }
    }

    /// What came of it, for the journal.
    var words: String {
        let evidence = isBetter ? "the rules are surer with what was read; " : ""
        let refused = refusals.isEmpty ? "" : " (\(refusals.prefix(Self.mostReasons).joined(separator: "; ")))"
        return "\(evidence)of what was proposed \(known) are causes of the rules, \(added) may be, \(refusals.count) are refuted\(refused)"
    }
}

extension Report {
    /// How much nearer than this another reading of the same trouble may come to a cause that is not sure itself.
    private static let close = 0.15

    /// Whether somebody had better look further: no cause, or one that is not sure and has a close rival.
    var isUnsure: Bool {
        switch outcome {
        case .noFault: false
        case .inconclusive: true
        case .causeFound:
            rootCauses.first.map { first in
                first.level < .high && (rootCauses.dropFirst() + alternatives).contains { first.confidence - $0.confidence < Self.close }
            } ?? false
        }
    }
}
