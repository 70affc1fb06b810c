public import IncidentModel

/// A cause that somebody other than the rules holds likely, with the places in the evidence that are to show it.
public struct CauseProposal: Codable, Sendable, Hashable {
    public var cause: CauseCode
    public var object: ObjectReference
    public var citations: [Citation]

    public init(cause: CauseCode, object: ObjectReference, citations: [Citation]) {
        self.cause = cause
        self.object = object
        self.citations = citations
    }
}

/// What the rules say of a proposal.
public enum ProposalVerdict: Sendable, Hashable {
    /// The rules have found it too: their statement, evidence and confidence.
    case known(RootCause)
    /// Nothing in the evidence contradicts it, and a program in trouble says it; as sure as the calibration makes it.
    case possible(RootCause)
    /// Why it does not count.
    case refused(String)
}
