public import Correlation
public import Foundation
public import IncidentModel
public import KnowledgeGraph
import Tracing

/// The steps of an investigation and the graph that they follow: the service runs them with a checkpoint after each, the command line in
/// one go. Both run these very steps.
public struct InvestigationPipeline: Sendable {
    /// Bounds of one investigation.
    public struct Limits: Sendable {
        /// Longest time of a step, its retries included.
        public var stepSeconds: Double
        /// Most rounds of collecting evidence while the causal chain leads into namespaces that were not read.
        public var rounds: Int
        /// Lines of each container's log that are kept with the incident.
        public var logLines: Int
        public var retry: RetryDelays
        /// Whether a person has to accept a cause before it is reported.
        public var asksForReview: Bool
        /// Bounds of what a model is asked.
        public var model: ModelLimits

        public init(
            stepSeconds: Double = 30, rounds: Int = 3, logLines: Int = 50, retry: RetryDelays = RetryDelays(), asksForReview: Bool = false,
            model: ModelLimits = ModelLimits()
        ) {
            self.stepSeconds = stepSeconds
            self.rounds = rounds
            self.logLines = logLines
            self.retry = retry
            self.asksForReview = asksForReview
            self.model = model
        }

        /// The graph with these bounds.
        /// - Parameter hasModel: whether there is a model.
        public func stateGraph(hasModel: Bool) -> StateGraph {
            .investigation(
                stepSeconds: stepSeconds, modelSeconds: model.stepSeconds + 10, rounds: rounds, retry: retry, asksForReview: asksForReview,
                reasons: hasModel, explains: hasModel && model.explains)
        }
    }

    /// Bounds of what a model is asked in one investigation.
    public struct ModelLimits: Sendable {
        /// Tokens, asked and answered.
        public var tokens: Int
        /// What it may cost, in the currency of the prices; nil for no bound.
        public var cost: Double?
        /// Longest time that a step waits for a model; then it goes on without.
        public var stepSeconds: Double
        /// In which language it writes, e.g. `German`; nil for that of the description.
        public var language: String?
        /// Whether it puts causes into words.
        public var explains: Bool

        public init(
            tokens: Int = 40_000, cost: Double? = nil, stepSeconds: Double = 75, language: String? = nil, explains: Bool = true
        ) {
            self.tokens = tokens
            self.cost = cost
            self.stepSeconds = stepSeconds
            self.language = language
            self.explains = explains
        }

        /// Whether another request may follow what was used.
        /// - Parameter share: of the budget that may be used up.
        func allow(_ used: ModelUsage, share: Double = 1) -> Bool {
            Double(used.inputTokens + used.outputTokens) < Double(tokens) * share && cost.map { (used.cost ?? 0) < $0 * share } ?? true
        }

        /// The budget, for reports.
        var words: String { "\(tokens) tokens\(cost.map { " or \($0) of cost" } ?? "") an investigation" }
    }

    let agent: any EvidenceAgent
    let graph: KnowledgeGraph
    let model: (any LanguageModel)?
    let engine: Engine
    let limits: Limits
    let steps: StateGraph
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - agent: where evidence comes from.
    ///   - graph: the configured topology; where it is empty, the one that comes with the evidence is used.
    ///   - model: reads descriptions and puts causes into words; nil for the rules alone.
    ///   - clock: measures deadlines and delays.
    ///   - now: the wall clock, for journal and completion times.
    public init(
        agent: any EvidenceAgent, graph: KnowledgeGraph = .empty, model: (any LanguageModel)? = nil, engine: Engine = Engine(),
        limits: Limits = Limits(),
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.agent = agent
        self.graph = graph
        self.model = model
        self.engine = engine
        self.limits = limits
        steps = limits.stateGraph(hasModel: model != nil)
        self.clock = clock
        self.now = now
    }

    /// Investigates an incident from its first step to its last, or to a pause.
    /// - Parameter progress: gets each journal entry as it is written.
    /// - Returns: the completed incident.
    public func investigate(
        _ incident: Incident, progress: (JournalDraft) -> Void = { _ in }
    ) async throws(InvestigationError) -> Incident {
        var investigation = OpenInvestigation(incident, in: steps)
        do {
            try await run(&investigation) { _, entries in for entry in entries { progress(entry) } }
        } catch let error as InvestigationError {
            throw error
        } catch {
            throw .cancelled
        }
        return investigation.incident
    }

    /// Runs the steps that are next until none is left, or all that is left waits for somebody (`incident.awaits`).
    ///
    /// Steps of parallel branches run at once. Where one fails, the others are cancelled.
    /// - Parameter save: keeps the state after each step with what the step has to say.
    /// - Throws: `InvestigationError`, or what `save` throws.
    func run(
        _ investigation: inout OpenInvestigation, afterEach save: (OpenInvestigation, [JournalDraft]) async throws -> Void
    ) async throws {
        try await withThrowingTaskGroup(of: (InvestigationStep, StepOutcome).self) { group in
            var running: Set<InvestigationStep> = []
            while true {
                for step in investigation.state.position.next where !isPaused(at: step, investigation) && running.insert(step).inserted {
                    group.addTask { [investigation] in
                        try await withSpan("step \(step.rawValue)") { _ in (step, try await attempt(step, on: investigation)) }
                    }
                }
                guard let (step, outcome) = try await group.next() else { break }
                running.remove(step)
                outcome.apply(&investigation)
                investigation.state.position.finish(step, in: steps, state: investigation.state)
                try await save(investigation, outcome.messages.map { JournalDraft(time: now(), step: step.rawValue, message: $0) })
            }
        }
        guard let pause = investigation.state.position.next.lazy.compactMap({ steps.nodes[$0]?.pause }).first else { return }
        investigation.incident.status = .pending
        investigation.incident.awaits = pause.rawValue
        try await save(investigation, [JournalDraft(time: now(), step: pause.rawValue, message: "waiting for a \(pause.rawValue)")])
    }

    private func isPaused(at step: InvestigationStep, _ investigation: OpenInvestigation) -> Bool {
        switch steps.nodes[step]?.pause {
        case nil: false
        case .review: investigation.state.review == nil
        }
    }

    /// Does a step within its time, again where its failure may pass.
    private func attempt(
        _ step: InvestigationStep, on investigation: OpenInvestigation
    ) async throws(InvestigationError) -> StepOutcome {
        let start = ContinuousClock.now
        defer { InvestigationMetrics.done(step, in: start.duration(to: .now)) }
        let node = steps.nodes[step] ?? StateGraph.Node(step, deadlineSeconds: limits.stepSeconds)
        do {
            return try await withDeadline(.seconds(node.deadlineSeconds), clock: clock) {
                var attempt = 1
                while true {
                    let outcome: StepOutcome
                    do throws(AgentError) {
                        outcome = try await perform(step, on: investigation)
                    } catch {
                        try Task.checkCancellation()
                        guard error.isTransient, attempt < node.retry.attempts else { throw error }
                        try await clock.sleep(for: node.retry.delay(after: attempt))
                        InvestigationMetrics.retried(step)
                        attempt += 1
                        continue
                    }
                    // What was broken off is no result: what it says of its failure is not so.
                    try Task.checkCancellation()
                    return outcome
                }
            }
        } catch let error as AgentError {
            throw Task.isCancelled ? .cancelled : .agent(step, error)
        } catch is DeadlineExceeded {
            // The rules' report stands without what a model would add to it.
            if step.isOptional {
                return StepOutcome("not done within \(node.deadlineSeconds) s") {
                    $0.noteModelFailure("its part was not done within \(node.deadlineSeconds) s")
                    $0.evidence = nil
                }
            }
            throw .deadline(step, seconds: node.deadlineSeconds)
        } catch {
            throw .cancelled
        }
    }
}
