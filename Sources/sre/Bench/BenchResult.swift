import Foundation
import IncidentModel

/// What the system answered to one case; the form of the result files.
struct BenchResult: Encodable, Sendable {
    struct Answer: Encodable, Sendable {
        let cause: CauseCode
        let object: ObjectReference
        let confidence: Double
        let level: ConfidenceLevel
        let basis: [String: Double]
        let details: [String: String]
        let affected: [ObjectReference]
        let statement: String
        let citations: [Citation]

        init(_ cause: RootCause) {
            self.cause = cause.cause
            object = cause.object
            confidence = cause.confidence
            level = cause.level
            basis = cause.basis
            details = cause.details
            affected = cause.affected
            statement = cause.statement
            citations = cause.citations
        }
    }

    let `case`: String
    /// From opening the snapshot to the report.
    let seconds: Double
    let abstained: Bool
    let ranked: [Answer]
    /// Why there is no report, where the investigation failed.
    let error: String?

    init(case name: String, seconds: Double, rootCauses: [RootCause], error: String?) {
        self.case = name
        self.seconds = seconds
        abstained = rootCauses.isEmpty
        ranked = rootCauses.map(Answer.init)
        self.error = error
    }

    /// The name of its file: a case below a subdirectory keeps its path in it.
    var fileName: String { self.case.replacing("/", with: "__") + ".json" }
}
