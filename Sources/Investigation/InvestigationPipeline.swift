public import Correlation
public import Foundation
public import IncidentModel
public import KnowledgeGraph

/// The steps of an investigation as one value: the service runs them one by one with a checkpoint after each, the command line runs
/// them in one go. Both run these very steps.
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

        public init(stepSeconds: Double = 30, rounds: Int = 3, logLines: Int = 50, retry: RetryDelays = RetryDelays()) {
            self.stepSeconds = stepSeconds
            self.rounds = rounds
            self.logLines = logLines
            self.retry = retry
        }
    }

    let agent: any EvidenceAgent
    let graph: KnowledgeGraph
    let engine: Engine
    let limits: Limits
    let clock: any Clock<Duration>
    let now: @Sendable () -> Date

    /// - Parameters:
    ///   - agent: where evidence comes from.
    ///   - graph: the configured topology; where it is empty, the one that comes with the evidence is used.
    ///   - clock: measures deadlines and delays.
    ///   - now: the wall clock, for journal and completion times.
    public init(
        agent: any EvidenceAgent, graph: KnowledgeGraph = .empty, engine: Engine = Engine(), limits: Limits = Limits(),
        clock: any Clock<Duration> = ContinuousClock(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.agent = agent
        self.graph = graph
        self.engine = engine
        self.limits = limits
        self.clock = clock
        self.now = now
    }

    /// Does the next step.
    /// - Returns: what it has to say for the journal; nothing where no step was left.
    public func advance(_ investigation: inout OpenInvestigation) async throws(InvestigationError) -> [JournalDraft] {
        guard let step = investigation.state.next else { return [] }
        let messages =
            switch step {
            case .parse: parse(&investigation)
            case .resolve: try await resolve(&investigation)
            case .collect: try await collect(&investigation)
            case .correlate: correlate(&investigation)
            case .report: report(&investigation)
            }
        return messages.map { JournalDraft(time: now(), step: step.rawValue, message: $0) }
    }

    /// Investigates an incident from its first step to its last.
    /// - Parameter progress: gets each journal entry as it is written.
    /// - Returns: the completed incident.
    public func investigate(
        _ incident: Incident, progress: (JournalDraft) -> Void = { _ in }
    ) async throws(InvestigationError) -> Incident {
        var investigation = OpenInvestigation(incident)
        while !investigation.isComplete {
            for entry in try await advance(&investigation) { progress(entry) }
        }
        return investigation.incident
    }

    /// Calls the agent within the step's time, again where the failure may pass.
    func ask<Answer: Sendable>(
        _ step: InvestigationStep, _ call: @escaping @Sendable () async throws(AgentError) -> Answer
    ) async throws(InvestigationError) -> Answer {
        do {
            return try await withDeadline(.seconds(limits.stepSeconds), clock: clock) { [limits, clock] in
                var attempt = 1
                while true {
                    do throws(AgentError) {
                        return try await call()
                    } catch {
                        try Task.checkCancellation()
                        guard error.isTransient, attempt < limits.retry.attempts else { throw error }
                        try await clock.sleep(for: limits.retry.delay(after: attempt))
                        attempt += 1
                    }
                }
            }
        } catch let error as AgentError {
            throw Task.isCancelled ? .cancelled : .agent(step, error)
        } catch is DeadlineExceeded {
            throw .deadline(step, seconds: limits.stepSeconds)
        } catch {
            throw .cancelled
        }
    }
}
