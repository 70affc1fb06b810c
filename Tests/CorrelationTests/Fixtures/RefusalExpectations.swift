import IncidentModel
import Testing

/// Expectations that a refusal fixture states in one line.
extension Report {
    /// Holds the first cause against a code, an object such as `Deployment shop/web`, and some of its details.
    @discardableResult
    func names(
        _ cause: CauseCode, on object: String, _ details: [String: String] = [:], level: ConfidenceLevel = .medium,
        saying words: [String] = [],
        at location: SourceLocation = #_sourceLocation
    ) throws -> RootCause {
        let top = try #require(rootCauses.first, "no cause; \(summary)", sourceLocation: location)
        #expect(top.cause == cause, "got \(self.words)", sourceLocation: location)
        #expect(top.object.description == object, "got \(self.words)", sourceLocation: location)
        #expect(top.level >= level, "got \(self.words)", sourceLocation: location)
        for (key, value) in details.sorted(by: { $0.key < $1.key }) {
            #expect(top.details[key] == value, "\(key) of \(top.details)", sourceLocation: location)
        }
        for word in words { #expect(top.statement.contains(word), "\(top.statement)", sourceLocation: location) }
        return top
    }

    /// Holds that nothing is reported with any confidence.
    func isSilent(at location: SourceLocation = #_sourceLocation) {
        #expect(confident.isEmpty, "false alarm: \(words)", sourceLocation: location)
    }

    /// Holds that a code is not stood by.
    func doesNotClaim(_ cause: CauseCode, at location: SourceLocation = #_sourceLocation) {
        #expect(!confident.contains { $0.cause == cause }, "got \(words)", sourceLocation: location)
    }
}
