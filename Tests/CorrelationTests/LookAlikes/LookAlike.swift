import IncidentModel
import TestSupport
import Testing

/// A fault and its twin: a small cluster with the fault, and one that looks much like it and has it not.
struct LookAlike: Sendable, CustomTestStringConvertible {
    let cause: CauseCode
    /// Where the cause is reported, as `Deployment shop/web`.
    let object: String
    /// What a correct answer has in its details; empty where the code says it all.
    var details: [String: String] = [:]
    /// How sure the engine has to be: measurements alone make no more than a suspicion.
    var level = ConfidenceLevel.medium
    /// What the user asks about both clusters.
    var question = "Partial Service Unreachability."
    /// The cluster that has the fault.
    let fault: @Sendable () -> ClusterBuilder
    /// What the twin is, in words.
    let twinIs: String
    /// The cause of the twin; `nil` where nothing is wrong with it, or nobody can tell.
    var twinCause: CauseCode?
    let twin: @Sendable () -> ClusterBuilder

    var testDescription: String { "\(cause.rawValue), not \(twinIs)" }

    /// At least one of each code; a test holds that none is missing.
    static let all: [LookAlike] =
        images + configuration + starting + crashes + dependencies + machine + probes + scheduling + storage + admission + workloads
        + autoscaling + services + routing + nodes + platform + performance
}
