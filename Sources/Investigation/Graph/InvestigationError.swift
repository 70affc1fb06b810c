/// Why an investigation could not be completed. It never carries a cause: what was not seen is not guessed.
public enum InvestigationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The source of evidence failed, retries included.
    case agent(InvestigationStep, AgentError)
    /// A step took longer than it may.
    case deadline(InvestigationStep, seconds: Double)
    /// The task was cancelled, e.g. by a shutdown.
    case cancelled

    /// The step that failed, as journals name it.
    var step: String {
        switch self {
        case .agent(let step, _), .deadline(let step, _): step.rawValue
        case .cancelled: "runner"
        }
    }

    /// What failed and what to do.
    public var description: String {
        switch self {
        case .agent(let step, .unreachable(let text)):
            "\(step.rawValue): the agent cannot be reached: \(text). Check that it runs and that its URL is right, then report the incident again."
        case .agent(let step, .timeout(let text)):
            "\(step.rawValue): the agent did not answer in time: \(text). Check its load and the Kubernetes API, then report the incident again."
        case .agent(let step, .refused(let status, let message)):
            "\(step.rawValue): the agent refused with HTTP \(status): \(message). Its /readyz says what it may not read."
        case .agent(let step, .malformed(let text)):
            "\(step.rawValue): the agent's answer makes no sense: \(text). Check that the URL is that of an agent of the same version."
        case .deadline(let step, let seconds):
            "\(step.rawValue): not done within \(seconds.formattedSeconds) s. Name a namespace to narrow the search, or allow more time."
        case .cancelled: "the investigation was cancelled"
        }
    }
}

extension Double {
    var formattedSeconds: String { self == rounded() && abs(self) < 1e9 ? String(Int(self)) : String(self) }
}
