internal import ClusterModel
internal import IncidentModel

/// Holds proposals against the evidence.
///
/// What the rules report themselves, as cause or as alternative, is `known`. Of what they do not, only causes that nothing but the words of
/// a program tells can be `possible`: the rules know many such words and not all. Every other cause shows in fields and events of the API,
/// which the rules read without interpretation, so that what they do not find there is contradicted.
struct ProposalReview {
    let context: CaseContext
    let book: FindingBook
    let result: CandidateSearch.Result
    let verdict: Ranking.Verdict
    let composer: ReportComposer

    /// Causes that only the words of a program tell (chapter C of the failure modes, and what datastores answer).
    static let toldByPrograms: Set<CauseCode> = [
        .applicationError, .configurationMissing, .configurationInvalid, .dependencyUnreachable, .credentialsRejected,
        .databaseSchemaMissing,
        .filePermissionDenied, .readOnlyFileSystem, .portConflict, .privilegedPortDenied, .diskFull, .processLimitReached, .libraryMissing,
        .certificateInvalid, .databaseReadOnly, .poolExhausted,
    ]
    /// As likely as not: the probability before the calibration weighs what there is.
    private static let strength = 0.5
    /// Nothing that rests on a reading of words no rule knows is more than a suspicion.
    private static let mostConfidence = 0.49
    /// From which strength on a finding of the rules about the same workload stands against another reading of its words.
    private static let sure = 0.8

    func verdict(on proposal: CauseProposal) -> ProposalVerdict {
        let object = context.topology.workload(above: proposal.object)
        if let candidate = (verdict.causes + verdict.alternatives).first(where: {
            $0.finding.cause == proposal.cause && [proposal.object, object].contains($0.finding.object)
        }) {
            return .known(composer.rootCause(candidate))
        }
        guard Self.toldByPrograms.contains(proposal.cause) else {
            return .refused("the rules look for it in what the API says, and do not find it")
        }
        guard let workload = context.topology[object] else { return .refused("\(proposal.object) is no workload that was read") }
        guard isAskedAbout(object) else { return .refused("nothing joins \(object) to what is asked about") }
        let troubled = context.troubledPods(of: workload)
        guard !troubled.isEmpty else { return .refused("\(object) is not in trouble") }
        let told = proposal.citations.filter { isComplaint($0, of: troubled) }
        guard !told.isEmpty else { return .refused("no log line of a pod in trouble that complains of it is cited") }
        if let killed = troubled.lazy.flatMap(\.statuses.values).first(where: {
            ($0.terminated ?? $0.lastTermination)?.reason == "OOMKilled"
        }) {
            return .refused("the runtime says that \(killed.name) was OOM-killed")
        }
        // The rules know what these words mean, and weighed them.
        let unknown = told.filter { !isRead($0, of: troubled) }
        guard let line = unknown.first else { return .refused("the rules know the words that are cited, and read them otherwise") }
        if let surer = result.candidates.first(where: { isSurer($0, about: object) }) {
            return .refused("\(surer.finding.cause.rawValue) on \(surer.finding.object) explains its trouble")
        }
        return .possible(suspicion(proposal, workload, unknown, line))
    }

    private func suspicion(_ proposal: CauseProposal, _ workload: Workload, _ told: [Citation], _ line: Citation) -> RootCause {
        let meaning = CauseCatalogue.entry(for: proposal.cause).meaning
        let words = meaning.prefix(1).lowercased() + meaning.dropFirst().prefix { $0 != "." }
        let object = workload.reference
        var details: [String: String] = [:]
        details["container"] = line.container
        // Further evidence may be of any kind; it counts as witness only where it is about the same workload.
        let further = proposal.citations.filter { $0.source != .log && context.topology.workload(above: $0.object) == object }
        let finding = Finding(
            cause: proposal.cause, object: object, sufferer: object,
            // The line itself stays a citation: what nobody has read is no statement.
            statement: "\(object): \(words), going by a line of its log that no rule knows.", details: details, citations: told + further,
            confidence: Self.strength, reasons: ["a pod in trouble complains, in words that may mean this"],
            against: ["no rule knows these words"], impact: workload.impact)
        var cause = composer.rootCause(Candidate(finding: finding, ways: [:], isReached: result.subjects.contains(object)))
        cause.confidence = min(cause.confidence, Self.mostConfidence)
        cause.level = ConfidenceLevel(probability: cause.confidence)
        return cause
    }

    /// Whether it is asked about, or something that is asked about is configured to call it.
    private func isAskedAbout(_ object: ObjectReference) -> Bool {
        let subjects = result.subjects
        guard !subjects.isEmpty else {
            return context.question.namespaces.isEmpty || object.namespace.map(context.question.namespaces.contains) ?? true
        }
        if subjects.contains(object) { return true }
        let descent = Descent(context: context, book: book)
        return subjects.contains { descent.declaredReach(of: $0).contains(object) }
    }

    /// A grave log line of one of the pods; or one without a level, where it is among the last words of a container that fell.
    private func isComplaint(_ citation: Citation, of pods: [Pod]) -> Bool {
        guard citation.source == .log, let pod = pods.first(where: { $0.reference == citation.object }) else { return false }
        let bytes = Array(citation.text.utf8)
        let level = bytes.withUnsafeBufferPointer { LogRecord($0, number: 1, now: context.now).level }
        if let level { return level >= .warning }
        return pod.restartCount > 0
            && readings(of: citation, pod).contains { $0.lastLines.contains { Citation.cut($0.text) == citation.text } }
    }

    /// Whether a signature knows the line.
    private func isRead(_ citation: Citation, of pods: [Pod]) -> Bool {
        pods.filter { $0.reference == citation.object }.flatMap { readings(of: citation, $0) }.contains { reading in
            reading.findings.contains { !$0.signature.isGeneral && Citation.cut($0.line.text) == citation.text }
        }
    }

    private func readings(of citation: Citation, _ pod: Pod) -> [LogReading] {
        let container = citation.container ?? ""
        return [context.logs.current(pod, container), context.logs.previous(pod, container)].compactMap { $0 }
    }

    private func isSurer(_ candidate: Candidate, about object: ObjectReference) -> Bool {
        candidate.confidence >= Self.sure && !candidate.finding.isSymptom
            && (candidate.finding.sufferer == object || candidate.ways[object] != nil)
    }
}
