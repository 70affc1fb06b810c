import ClusterModel
import Correlation
import Foundation
import IncidentModel

/// Serves a model's calls of tools from the evidence, and asks the agent for more where it does not reach.
///
/// Whatever a call asks for, it gets an answer in words; none fails. Calls are served one after another, in the model's order.
struct EvidenceDesk: Sendable {
    /// Evidence for a scope, or why there is none.
    typealias Reading = @Sendable (EvidenceScope) async -> Result<ClusterEvidence, AgentError>

    /// Most times that the agent is asked: a reading takes seconds where a look into what was read takes none.
    static let mostReadings = 2
    private static let longestResult = 6_000
    /// Longest arguments of a call that are looked at.
    private static let longestArguments = 2_000

    private struct Findings: Encodable {
        let found: [ShownEvidence]
        let left_out: Int
        let note: String?
    }

    private(set) var ledger = EvidenceLedger()
    private(set) var lookup: EvidenceLookup
    /// The evidence that `lookup` looks into.
    private(set) var evidence: ClusterEvidence
    /// What was read beyond the scope of the investigation; nil where nothing was.
    private(set) var consulted: EvidenceScope?
    private(set) var calls = 0
    /// Names of what was read, which some want hidden.
    private(set) var names: [String]

    private var scope: EvidenceScope
    private var readings = 0
    private let words: [String]
    private let remake: @Sendable (ClusterEvidence) -> EvidenceLookup
    private let read: Reading

    /// - Parameters:
    ///   - scope: what `evidence` was read for.
    ///   - words: of the description, by which results are cut.
    ///   - lookup: makes evidence searchable.
    init(
        _ evidence: ClusterEvidence, scope: EvidenceScope, words: [String],
        lookup: @escaping @Sendable (ClusterEvidence) -> EvidenceLookup,
        read: @escaping Reading
    ) {
        self.evidence = evidence
        self.scope = scope
        self.words = words
        self.lookup = lookup(evidence)
        names = self.lookup.names
        remake = lookup
        self.read = read
    }

    /// Pieces as a model sees them, with the ids that it may cite.
    mutating func shown(_ pieces: [EvidenceLookup.Piece], characters: Int) -> (evidence: [ShownEvidence], leftOut: Int) {
        let (chosen, leftOut) = EvidenceSelection(words: words, characters: characters).chosen(pieces)
        return (chosen.map { ShownEvidence(ledger.id(of: $0), $0) }, leftOut)
    }

    mutating func answer(_ call: ToolCall) async -> ToolResult {
        calls += 1
        let result = await result(of: call)
        return ToolResult(call: call, text: JSONSchema.quoted(result))
    }

    private mutating func result(of call: ToolCall) async -> Findings {
        func nothing(_ note: String) -> Findings { Findings(found: [], left_out: 0, note: note) }
        guard let tool = EvidenceTool(rawValue: call.name) else {
            return nothing("There is no such tool; there are \(EvidenceTool.allCases.map(\.rawValue).joined(separator: ", ")).")
        }
        guard call.arguments.utf8.count <= Self.longestArguments, let arguments = try? EvidenceTool.Arguments(json: call.arguments) else {
            return nothing("The arguments cannot be read; they must be a JSON object with the parameters of \(call.name).")
        }
        let note = await reach(tool, arguments)
        guard let pieces = tool.found(arguments, in: lookup) else {
            return nothing("Say which object is meant: kind, namespace and name, as they stand in the evidence.")
        }
        let (evidence, leftOut) = shown(pieces, characters: Self.longestResult)
        return Findings(found: evidence, left_out: leftOut, note: note ?? (pieces.isEmpty ? "Nothing of that is in what was read." : nil))
    }

    /// As names of namespaces are (RFC 1123); nothing else reaches the agent.
    private static func isLabel(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "-") }
    }

    /// Has the agent read what a call is about, where it was not.
    /// - Returns: what is to be said of it.
    private mutating func reach(_ tool: EvidenceTool, _ arguments: EvidenceTool.Arguments) async -> String? {
        var wanted = scope
        // Where all namespaces were asked for, what is missing may not be read.
        if let namespace = arguments.namespace, Self.isLabel(namespace), !scope.namespaces.isEmpty, let read = lookup.namespaces,
            !read.contains(namespace)
        {
            wanted.namespaces.append(namespace)
        }
        if tool == .logs, let object = tool.object(arguments), lookup.contains(object), !lookup.hasLogs(of: object),
            !wanted.focus.contains(where: lookup.podsForLogs(of: object).contains)
        {
            wanted.focus += lookup.podsForLogs(of: object)
        }
        guard wanted != scope else { return nil }
        guard readings < Self.mostReadings else {
            return "No more is read than was: the bound of \(Self.mostReadings) readings is reached."
        }
        readings += 1
        switch await read(wanted) {
        case .failure(let error): return "It could not be read: \(error.message)"
        case .success(var wider):
            // The agent bounds how many logs it reads: those that were read before stay.
            let paths = Set(wider.logs.map(\.path))
            wider.logs += evidence.logs.filter { !paths.contains($0.path) }
            evidence = wider
            lookup = remake(wider)
            names = lookup.names
            consulted = wanted
            scope = wanted
            return nil
        }
    }
}
