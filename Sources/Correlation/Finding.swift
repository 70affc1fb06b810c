internal import FoundationEssentials
internal import IncidentModel

/// Something that is wrong with one object, as one rule sees it. Findings become root causes where nothing deeper explains them.
struct Finding: Sendable {
    /// How much of the sufferer's work fails now.
    enum Impact: Int, Sendable, Comparable {
        /// Nothing fails yet, or nothing that can be seen.
        case latent
        /// Some replicas, or some runs, fail.
        case degraded
        /// No replica serves.
        case outage

        static func < (left: Impact, right: Impact) -> Bool { left.rawValue < right.rawValue }
    }

    var cause: CauseCode
    /// What an SRE would have to change.
    var object: ObjectReference
    /// The workload or Service through which it shows.
    var sufferer: ObjectReference
    var statement: String
    var details: [String: String] = [:]
    var citations: [Citation] = []
    /// Probability that this is wrong as stated, before the wider picture weighs in.
    var confidence: Double
    var reasons: [String] = []
    var against: [String] = []
    var impact: Impact
    var onset: Date?
    /// Object fields the fault stands in, for finding the change that brought it: `image`, `env.NAME`, `selector`, …
    var changedFields: [String] = []
    /// Objects whose recent change may have brought it, besides the sufferer's own template.
    var changedObjects: [ObjectReference] = []
    /// Further objects that suffer from it.
    var sufferers: [ObjectReference] = []
    /// Workloads that do for the object what fails; their own fault, where they have one, is deeper.
    var carriers: [ObjectReference] = []
    /// Whether it matters to every namespace, as the control plane does.
    var isClusterWide = false
    /// Whether it only says that something answers badly, so that any deeper finding wins.
    var isSymptom = false
    /// Whether it rests on measurements alone, which any other evidence outdoes.
    var isMeasured = false
}

/// A failing call from one workload to another address, as its log or probe tells it.
struct DependencySymptom: Sendable, Hashable {
    enum Failure: String, Sendable, Hashable {
        case refused, timeout, nameNotFound, nameServerFailure, badAnswer, waiting, credentials, schema, readOnly, pool, certificate
        /// TLS meets plain text, or one protocol another.
        case wrongProtocol
    }

    var client: ObjectReference
    var container: String
    var failure: Failure
    var host: String
    var port: Int?
    /// What answers badly: a status code or the words of the error.
    var detail: String?
    /// The identity that was refused.
    var user: String?
    var citation: Citation
    /// Whether the program died of it.
    var isFatal: Bool
    var onset: Date?
    var lastSeen: Date?
    var count: Int
}
