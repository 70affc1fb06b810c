import ClusterModel
import EvidenceCollection
import Foundation
import IncidentModel
import Investigation

/// One case of a benchmark, answered once or under every degradation.
struct BenchRun: Sendable {
    /// One answer: by the engine, and by the baseline from the same evidence.
    struct Outcome: Sendable {
        let variant: String
        let result: BenchResult
        let answers: [RootCause]
        let baseline: [RootCause]
        /// Of the description's entities, which were read; empty where they are not known.
        var entities: [Bool] = []
        var modelUse: ModelUsage?
        /// Why a model could not be used.
        var modelGap: String?
    }

    let item: BenchCase
    let isDegraded: Bool
    var model: (any LanguageModel)?
    var limits = InvestigationPipeline.ModelLimits()

    func outcomes() async -> [Outcome] {
        guard isDegraded else { return [await outcome(.whole, { try SnapshotSource(path: item.snapshot).evidence })] }
        let whole: ClusterEvidence
        do {
            whole = try SnapshotSource(path: item.snapshot).evidence
        } catch {
            return [failure(.whole, error, seconds: 0)]
        }
        var outcomes: [Outcome] = []
        for degradation in Degradation.allCases where degradation != .decisive {
            outcomes.append(await outcome(degradation, { degradation.apply(to: whole) }))
        }
        return outcomes + (await decisive(whole, first: outcomes.first?.answers ?? []))
    }

    // Without what was cited before, the same claim has to rest on something else, or to go.
    private func decisive(_ whole: ClusterEvidence, first: [RootCause]) async -> [Outcome] {
        var evidence = whole
        var answers = first
        var outcomes: [Outcome] = []
        for _ in 0..<Degradation.rounds {
            guard let top = answers.first else { break }
            evidence = evidence.without(top.citations)
            let outcome = await outcome(.decisive, { [evidence] in evidence })
            answers = outcome.answers
            outcomes.append(outcome)
        }
        return outcomes
    }

    /// From opening the evidence to the report.
    private func outcome(_ degradation: Degradation, _ evidence: () throws -> ClusterEvidence) async -> Outcome {
        let clock = ContinuousClock()
        let start = clock.now
        do {
            let input = try item.input()
            let source = SnapshotSource(evidence: try evidence())
            let pipeline = InvestigationPipeline(agent: source.agent, model: model, limits: .init(model: limits))
            let words = degradation == .vague ? Degradation.vagueDescription : input.description
            let incident = try await pipeline.investigate(description: words, namespace: input.namespace)
            let causes = incident.report?.rootCauses ?? []
            let result = BenchResult(case: item.name, seconds: Self.seconds(start.duration(to: clock.now)), rootCauses: causes, error: nil)
            let baseline = TrivialBaseline().answers(ClusterView(source.evidence), namespace: input.namespace)
            return Outcome(
                variant: degradation.rawValue, result: result, answers: causes, baseline: baseline,
                entities: item.description?.entities.found(in: incident.extractedEntities) ?? [], modelUse: incident.report?.modelUse,
                modelGap: incident.report?.gaps.first { $0.path == EvidenceGap.languageModel }?.reason)
        } catch {
            return failure(degradation, error, seconds: Self.seconds(start.duration(to: clock.now)))
        }
    }

    private func failure(_ degradation: Degradation, _ error: any Error, seconds: Double) -> Outcome {
        let result = BenchResult(case: item.name, seconds: seconds, rootCauses: [], error: "\(error)")
        return Outcome(
            variant: degradation.rawValue, result: result, answers: [], baseline: [],
            entities: item.description?.entities.found(in: nil) ?? [])
    }

    private static func seconds(_ duration: Duration) -> Double {
        Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
    }
}
