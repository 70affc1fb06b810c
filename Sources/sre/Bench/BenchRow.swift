import IncidentModel

/// One answer as the calibration reads it: what it rests on, and whether it was right.
struct BenchRow: Encodable, Sendable {
    let `case`: String
    let variant: String
    let cause: CauseCode
    let right: Bool
    let confidence: Double
    let basis: [String: Double]

    /// The top answer to a labelled case; `nil` for an abstention, which claims nothing.
    init?(case name: String, variant: String, answers: [RootCause], label: BenchLabel) {
        guard let top = answers.first else { return nil }
        self.case = name
        self.variant = variant
        cause = top.cause
        right = label.rootCauses.contains { $0.accepts(top) }
        confidence = top.confidence
        basis = top.basis
    }
}
