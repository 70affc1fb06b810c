internal import ClusterModel
internal import Foundation
internal import IncidentModel

/// From what a candidate rests on to the probability that it is right: a logistic curve over a few named features, fitted on recorded
/// incidents from which evidence was taken away (`scripts/calibrate`, `docs/benchmarks.md`).
struct Calibration {
    private let context: CaseContext
    private let hasSubjects: Bool
    /// The two strongest candidates for each object that suffers.
    private let rivals: [ObjectReference: [(key: String, strength: Double)]]

    /// Lists that most causes are read from; what else is missing seldom matters.
    private static let telling: [ResourceType] = [
        .pods, .events, .services, .endpointSlices, .configMaps, .secrets, .nodes, .deployments, .replicaSets, .persistentVolumeClaims,
    ]
    /// What is left to say where the evidence shows that something fails and not why; the catalogue calls them so.
    private static let fallbacks: Set<CauseCode> = [
        .applicationError, .containerExitsCleanly, .dependencyUnreachable, .healthCheckFailing, .initContainerBlocked,
    ]
    /// Where the logs were read and name nothing deeper, there is less reason to expect something deeper.
    private static let fallbackWithLogs = 0.25
    /// No cause is surer, or less likely, than this: the rules do not know what they have never seen.
    static let bounds = 0.02...0.98

    init(context: CaseContext, result: CandidateSearch.Result) {
        self.context = context
        hasSubjects = !result.subjects.isEmpty
        var rivals: [ObjectReference: [(key: String, strength: Double)]] = [:]
        for candidate in result.candidates {
            for sufferer in Set(candidate.ways.keys).union([candidate.finding.sufferer]) {
                let entry = (key: candidate.key, strength: candidate.confidence)
                let both = rivals[sufferer, default: []] + [entry]
                rivals[sufferer] = Array(both.sorted { ($0.strength, $1.key) > ($1.strength, $0.key) }.prefix(2))
            }
        }
        self.rivals = rivals
    }

    /// The features of one candidate.
    func basis(of candidate: Candidate, hasChange: Bool) -> [CalibrationFeature: Double] {
        let finding = candidate.finding
        return [
            .strength: candidate.confidence.clamped(to: Self.bounds),
            .sources: Double(min(max(Set(finding.citations.map(\.source.witness)).count - 1, 0), 2)),
            .unreached: hasSubjects && !candidate.isReached ? 1 : 0,
            .unread: unread(in: finding.sufferer.namespace),
            .logless: isLogless(finding.sufferer) ? 1 : 0,
            .change: hasChange ? 1 : 0,
            .rival: rival(of: candidate),
            .latent: finding.impact == .latent ? 1 : 0,
            .fallback: isFallback(finding) ? (isLogless(finding.sufferer) ? 1 : Self.fallbackWithLogs) : 0,
        ]
    }

    /// The fitted probability. A probability enters the sum as its log odds, everything else as it is.
    static func probability(_ basis: [CalibrationFeature: Double]) -> Double {
        var sum = CalibrationTable.intercept
        // In the order of the features: a sum of fractions depends on it.
        for feature in CalibrationFeature.allCases {
            guard let weight = CalibrationTable.weights[feature] else { continue }
            let value = basis[feature] ?? 0
            sum += weight * (feature == .strength ? logOdds(value) : value)
        }
        return (1 / (1 + exp(-sum))).clamped(to: bounds)
    }

    private static func logOdds(_ probability: Double) -> Double {
        let inside = probability.clamped(to: bounds)
        return log(inside / (1 - inside))
    }

    // A signal or an exception says why, and not only that.
    private func isFallback(_ finding: Finding) -> Bool {
        guard finding.isSymptom || Self.fallbacks.contains(finding.cause) else { return false }
        return finding.details["signal"] == nil && finding.details["exception"] == nil
    }

    private func rival(of candidate: Candidate) -> Double {
        let sufferers = Set(candidate.ways.keys).union([candidate.finding.sufferer])
        let others = sufferers.compactMap { rivals[$0]?.first { $0.key != candidate.key }?.strength }
        return others.max() ?? 0
    }

    private func unread(in namespace: String?) -> Double {
        let missing = Self.telling.filter { !context.view.wasRead($0, in: namespace) }
        return Double(missing.count) / Double(Self.telling.count)
    }

    private func isLogless(_ reference: ObjectReference) -> Bool {
        guard let workload = context.topology[reference], !workload.pods.isEmpty else { return false }
        return !workload.pods.contains { !context.view.logs(of: $0).isEmpty }
    }
}

extension Citation.Source {
    /// Who says it: a complete list is read from the same API objects as a field.
    fileprivate var witness: Citation.Source { self == .absence ? .object : self }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double { min(max(self, range.lowerBound), range.upperBound) }
}
