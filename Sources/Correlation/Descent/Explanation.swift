internal import IncidentModel

/// One way from something that suffers to something that is wrong.
struct Explanation: Sendable {
    var finding: Finding
    /// From the sufferer towards the cause; the cause's own statement is the last step.
    var path: [CausalLink]
    /// How much the way itself takes away from the finding's confidence, 0...1: an error that names the next object costs nothing.
    var strength: Double

    var confidence: Double { finding.confidence * strength }

    /// The same explanation seen from one step further up.
    func preceded(by link: CausalLink, strength factor: Double = 1) -> Explanation {
        Explanation(finding: finding, path: [link] + path, strength: strength * factor)
    }
}

/// One step of a way, with what shows it.
struct CausalLink: Sendable {
    var object: ObjectReference
    var statement: String
    var citations: [Citation]
}
