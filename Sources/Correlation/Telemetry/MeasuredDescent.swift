internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Finds where among many workloads that serve badly the trouble comes from: the deepest by who calls whom, not the loudest.
///
/// Slowness travels from the called to the caller. So of all that suffer, those that call nobody who suffers are where to look; what
/// moved there, or beneath them in what has no latency of its own, names the cause.
struct MeasuredDescent {
    typealias Way = (start: ObjectReference, explanation: Explanation)

    let context: CaseContext
    let book: FindingBook
    let calls: CallGraph
    let metrics: MetricsReading
    private let isServiceMeasured: Bool

    init?(context: CaseContext, book: FindingBook) {
        guard let calls = context.telemetry.calls else { return nil }
        self.context = context
        self.book = book
        self.calls = calls
        metrics = context.telemetry.metrics
        isServiceMeasured = metrics.byWorkload.values.contains { !$0.measured.isDisjoint(with: Self.serviceMeasures) }
    }

    private static let serviceMeasures: Set<Measure> = [.latencyMedian, .latencyTail, .successRate, .errors]

    func ways() -> [Way] {
        let suffering = metrics.byWorkload.filter { $0.value.symptom != nil }.map(\.key).sorted()
        var result = knownFaults(suffering)
        var open = suffering.filter { item in !result.contains { $0.start == item } }
        for spike in LoadRules(context: context, calls: calls, metrics: metrics).spikes() {
            guard spike.sufferers.contains(where: open.contains) else { continue }
            for start in Set(spike.sufferers).union([spike.finding.object]).sorted() { result.append(way(from: start, to: spike.finding)) }
            open.removeAll { spike.sufferers.contains($0) }
        }
        let roots = roots(of: open)
        for root in roots { result += ways(to: root, from: open) }
        let told = Set(result.map(\.explanation.finding.object))
        result += unfelt.filter { !told.contains($0.object) }.map { way(from: $0.object, to: $0) }
        return result
    }

    // MARK: What objects know already

    // A fault that object state proves explains all who depend on it, and needs no other cause.
    private func knownFaults(_ suffering: [ObjectReference]) -> [Way] {
        suffering.flatMap { start in
            calls.reach(of: start).union([start]).sorted().flatMap { place in
                proven(place).map { way(from: start, to: $0, strength: place == start ? 1 : 0.9) }
            }
        }
    }

    private func proven(_ reference: ObjectReference) -> [Finding] {
        (book.byWorkload[reference] ?? []).filter { !$0.isSymptom && $0.impact > .latent && $0.confidence >= 0.6 }
    }

    // MARK: Where it begins

    private func roots(of open: [ObjectReference]) -> [Finding] {
        let suffering = Set(open)
        let deepest = open.filter { calls.knows($0) && calls.depths(of: $0).isDisjoint(with: suffering) }
        let first = open.compactMap { metrics.byWorkload[$0]?.onset }.min() ?? 0
        let perItem = deepest.map { (item: $0, found: causes(of: $0, suffering)) }
        let shared = sharedCallees(perItem.filter { $0.found.first.map(Self.isVague) ?? true }.map(\.item), suffering)
        var result = perItem.flatMap { item, found in
            found.map { finding -> Finding in
                var finding = finding
                if let onset = metrics.byWorkload[item]?.onset, onset > first + metrics.resolutionSeconds {
                    finding.confidence -= 0.08
                    finding.against.append("others got worse earlier")
                }
                if Self.isVague(finding), deepest.count > 1 { finding.confidence -= 0.1 }
                return finding
            }
        }
        result += shared
        let loose = open.filter { !calls.knows($0) }
        if !loose.isEmpty { result += looseRoots(loose, suffering, isAlone: result.isEmpty) }
        return result
    }

    private static func isVague(_ finding: Finding) -> Bool { finding.cause == .networkDegraded || finding.isSymptom }

    private func rules(_ reference: ObjectReference, callers: Bool) -> SaturationRules? {
        metrics.byWorkload[reference].map {
            SaturationRules(
                context: context, reference: reference, measured: $0, hasSufferingCallers: callers, isServiceMeasured: isServiceMeasured)
        }
    }

    // What is short in the deepest sufferer, or beneath it where nobody measured how things answer.
    private func causes(of item: ObjectReference, _ suffering: Set<ObjectReference>) -> [Finding] {
        let hasCallers = suffering.contains { $0 != item && calls.reach(of: $0).contains(item) }
        let own = rules(item, callers: hasCallers)
        var found = own?.shortages ?? []
        for below in calls.reach(of: item).subtracting(suffering).sorted() {
            for var finding in rules(below, callers: true)?.shortages ?? [] where isInTime(finding, with: item) {
                let answers = metrics.byWorkload[below]?.measured.isDisjoint(with: Self.serviceMeasures) == false
                if answers {
                    finding.confidence = min(finding.confidence - 0.15, 0.48)
                    finding.against.append("it answers as well as before")
                }
                found.append(finding)
            }
        }
        found.sort { ($0.confidence, $1.cause.rawValue, $1.object) > ($1.confidence, $0.cause.rawValue, $0.object) }
        if let best = found.first, best.confidence >= 0.5 { return found }
        return found + [own?.degradation].compactMap { $0 }
    }

    private func isInTime(_ finding: Finding, with item: ObjectReference) -> Bool {
        guard let onset = finding.onset?.timeIntervalSince1970, let felt = metrics.byWorkload[item]?.onset else { return true }
        return onset <= felt + metrics.resolutionSeconds
    }

    // All who call one callee got slow, each with nothing short: the path to the callee is what they share.
    private func sharedCallees(_ vague: [ObjectReference], _ suffering: Set<ObjectReference>) -> [Finding] {
        let shared = Set(vague.flatMap { calls.callees(of: $0) }).subtracting(suffering).sorted()
        return shared.compactMap { callee -> Finding? in
            let callers = calls.callers(of: callee).filter {
                metrics.byWorkload[$0].map { !$0.measured.isDisjoint(with: Self.serviceMeasures) } ?? false
            }
            guard callers.count >= 2, callers.isSubset(of: suffering),
                let first = callers.sorted().first(where: vague.contains), var finding = rules(first, callers: true)?.degradation,
                finding.cause == .networkDegraded
            else { return nil }
            finding.object = callee
            finding.sufferer = callee
            finding.statement =
                "The network path to \(callee) is bad: all who call it (\(Phrase.list(callers.sorted().map(\.description)))) got slow together."
            finding.citations = callers.sorted().prefix(4).compactMap { item in metrics.byWorkload[item]?.symptom?.citation(of: item) }
            finding.reasons = ["it is what all of them share, and those who do not call it serve as before"]
            finding.confidence = vague.filter(callers.contains).count >= 2 ? 0.58 : 0.42
            return finding
        }
    }

    // Nothing says who calls whom: what is short decides, else who got worse first and most.
    private func looseRoots(_ loose: [ObjectReference], _ suffering: Set<ObjectReference>, isAlone: Bool) -> [Finding] {
        let short = loose.flatMap { rules($0, callers: loose.count > 1)?.shortages ?? [] }.filter { $0.confidence >= 0.5 }
        if !short.isEmpty || !isAlone { return short }
        let ranked = loose.sorted { order($0) < order($1) }
        guard let first = ranked.first, var finding = rules(first, callers: false)?.degradation else { return [] }
        let next = ranked.dropFirst().first.flatMap { metrics.byWorkload[$0]?.symptom?.change.factor } ?? 1
        let own = metrics.byWorkload[first]?.symptom?.change.factor ?? 1
        finding.confidence = min(finding.confidence, own >= 2 * next ? 0.52 : 0.45)
        finding.against.append("nothing tells who calls whom, so that the first and strongest change had to decide")
        return [finding]
    }

    private func order(_ reference: ObjectReference) -> (Double, Double, String) {
        let measured = metrics.byWorkload[reference]
        return (
            ((measured?.onset ?? .infinity) / (2 * metrics.resolutionSeconds)).rounded(.down), -(measured?.symptom?.change.factor ?? 1),
            reference.name
        )
    }

    // Shortages that nobody is known to feel.
    private var unfelt: [Finding] {
        metrics.byWorkload.keys.sorted().filter { metrics.byWorkload[$0]?.symptom == nil && proven($0).isEmpty }
            .compactMap { rules($0, callers: false)?.shortages.first }
    }

    // MARK: Ways

    private func ways(to root: Finding, from open: [ObjectReference]) -> [Way] {
        var result = [way(from: root.object, to: root)]
        for start in open where start != root.object {
            if calls.way(from: start, to: root.object) != nil {
                result.append(way(from: start, to: root))
            } else if !calls.knows(start), isInTime(root, with: start) {
                result.append(way(from: start, to: root, strength: 0.85))
            }
        }
        return result
    }

    private func way(from start: ObjectReference, to finding: Finding, strength: Double = 1) -> Way {
        let stations = calls.way(from: start, to: finding.object) ?? (start == finding.object ? [start] : [start, finding.object])
        var path = stations.dropLast().map { station -> CausalLink in
            let symptom = metrics.byWorkload[station]?.symptom
            return CausalLink(
                object: station,
                statement: symptom.map { "\(station) serves worse: \($0.measure.words) \($0.words)." } ?? "\(station) calls on.",
                citations: symptom.map { [$0.citation(of: station)] } ?? [])
        }
        path.append(CausalLink(object: finding.object, statement: finding.statement, citations: finding.citations))
        return (start, Explanation(finding: finding, path: path, strength: strength))
    }
}
