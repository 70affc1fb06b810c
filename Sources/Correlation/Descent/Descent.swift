internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel
internal import KnowledgeGraph

/// Follows symptoms to what explains them: over Services, references and declared dependencies, until nothing deeper is known.
struct Descent {
    let context: CaseContext
    let book: FindingBook
    private var known: [ObjectReference: [Explanation]] = [:]
    private var visiting: Set<ObjectReference> = []
    /// Aliases on the way, so that two that stand for each other end it.
    private var aliases: Set<ObjectReference> = []
    /// Workloads that may still be looked at: many that wait for one another have more ways than anybody can follow.
    private var steps = 20_000
    private static let deepest = 12
    /// Namespaces that the way led into and that were not read.
    private(set) var unread: Set<String> = []

    init(context: CaseContext, book: FindingBook) {
        self.context = context
        self.book = book
    }

    /// Why a workload fails, best explanation first; empty where nothing is known to be wrong with it.
    mutating func explain(_ reference: ObjectReference) -> [Explanation] {
        if let known = known[reference] { return known }
        guard visiting.count < Self.deepest, steps > 0, let workload = context.topology[reference], visiting.insert(reference).inserted
        else { return [] }
        steps -= 1
        defer { visiting.remove(reference) }
        let result = explanations(of: workload).map { refined($0, workload) }.sorted {
            ($0.confidence, $1.finding.cause.rawValue) > ($1.confidence, $0.finding.cause.rawValue)
        }
        // What was found while a cycle was open may be incomplete, so only whole answers are kept.
        if visiting.count == 1 { known[reference] = result }
        return result
    }

    // What a workload suffers from by itself is held against its replicas and settings; what comes from further away was already.
    private func refined(_ explanation: Explanation, _ workload: Workload) -> Explanation {
        guard explanation.path.count == 1 else { return explanation }
        var result = direct(FindingRefinement(context: context).refined(explanation.finding, of: workload))
        result.strength = explanation.strength
        return result
    }

    private mutating func explanations(of workload: Workload) -> [Explanation] {
        let own = book.byWorkload[workload.reference] ?? []
        let strong = own.filter { !$0.isSymptom && $0.impact > .latent }
        if !strong.isEmpty { return strong.flatMap { deepened($0) } }
        var result: [Explanation] = []
        for symptom in book.symptoms[workload.reference] ?? [] {
            result += follow(symptom, of: workload).map { MeshRules.recast($0, symptom, of: workload.reference) }
        }
        result += (book.silent[workload.reference] ?? []).filter { $0.impact > .latent }.map(direct)
        result = unique(result)
        let latent = own.filter { !$0.isSymptom && $0.impact == .latent }.map(direct)
        let weak = own.filter(\.isSymptom).map(direct)
        if let best = result.map(\.confidence).max(), best >= 0.5 { return result + latent }
        if !latent.isEmpty { return latent + result + weak }
        result += weak
        if workload.impact > .latent && !workload.isBatch { result += followDeclared(workload) }
        return unique(result)
    }

    private func direct(_ finding: Finding) -> Explanation {
        Explanation(
            finding: finding, path: [CausalLink(object: finding.object, statement: finding.statement, citations: finding.citations)],
            strength: 1)
    }

    /// What explains a finding: the fault of whatever does the failing work, where that is known, and the finding itself.
    mutating func explain(_ finding: Finding) -> [Explanation] { deepened(finding) }

    // A webhook or claim that blocks a workload may itself be broken for a reason.
    private mutating func deepened(_ finding: Finding) -> [Explanation] {
        if !finding.carriers.isEmpty {
            let link = CausalLink(object: finding.sufferer, statement: finding.statement, citations: finding.citations)
            let deeper = finding.carriers.flatMap { explain($0) }.filter { $0.confidence >= 0.7 && $0.finding.object != finding.object }
            return deeper.map { $0.preceded(by: link, strength: 0.98) } + [outdone(finding, by: deeper)]
        }
        guard finding.cause == .admissionWebhookUnavailable, let name = finding.details["reference"],
            let namespace = finding.details["host"]?.split(separator: ".").last.map(String.init),
            let service = context.view.services[namespace, name]
        else { return [direct(finding)] }
        let link = CausalLink(object: finding.sufferer, statement: finding.statement, citations: finding.citations)
        let deeper = context.topology.workloads(behind: service).flatMap { explain($0.reference) }.filter { $0.confidence >= 0.7 }
        return deeper.map { $0.preceded(by: link, strength: 0.98) } + [outdone(finding, by: deeper)]
    }

    // What is known to be wrong with whoever does the work is the deeper cause; the work that stays undone is its sign.
    private func outdone(_ finding: Finding, by deeper: [Explanation]) -> Explanation {
        var result = direct(finding)
        if let best = deeper.map(\.confidence).max() { result.strength = min(1, 0.8 * best / max(finding.confidence, 0.01)) }
        return result
    }

    private func unique(_ explanations: [Explanation]) -> [Explanation] {
        var result: [Explanation] = []
        for item in explanations.sorted(by: { $0.confidence > $1.confidence }) {
            if !result.contains(where: { $0.finding.cause == item.finding.cause && $0.finding.object == item.finding.object }) {
                result.append(item)
            }
        }
        return result
    }

    // MARK: Following one symptom

    private mutating func follow(_ symptom: DependencySymptom, of workload: Workload) -> [Explanation] {
        switch symptom.failure {
        case .credentials, .schema, .readOnly, .pool, .certificate: return rejected(symptom, workload)
        case .nameServerFailure: return nameServer(symptom, workload)
        case .refused, .timeout, .nameNotFound, .badAnswer, .waiting, .wrongProtocol: break
        }
        if symptom.host.isEmpty { return followUnnamed(symptom, workload) }
        if let relayed = relayed(symptom, workload) { return relayed }
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        if symptom.failure == .nameNotFound,
            let headless = RolloutRules.headlessMissing(behind: symptom.host, in: workload.namespace, context: context)
        {
            return [direct(headless).preceded(by: verdict.link)]
        }
        switch context.topology.resolve(symptom.host, from: workload.namespace) {
        case .service(let service): return through(service, symptom, workload)
        case .pod(let pod):
            let next = context.topology.workload(of: pod)
            if let port = verdict.wrongPort(of: pod) { return [direct(port)] }
            return explain(next).map { $0.preceded(by: verdict.link) }
        case .missingService(let namespace, let name): return [direct(verdict.missingService(name, in: namespace))]
        case .malformed: return [direct(verdict.unresolvable())]
        case .external: return verdict.external().map { [direct($0)] } ?? []
        case .unreadNamespace(let namespace):
            unread.insert(namespace)
            return [direct(verdict.unknownState())]
        case .node(let node): return NodeRules.finding(node, context: context).map { [direct($0).preceded(by: verdict.link)] } ?? []
        case .loopback: return []
        }
    }

    // The other side says no: it may have a trouble of its own that makes it say so.
    private mutating func rejected(_ symptom: DependencySymptom, _ workload: Workload) -> [Explanation] {
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        guard let server = verdict.server else {
            for declared in context.topology.declared[workload.reference] ?? [] {
                if case .unreadNamespace(let namespace) = context.topology.resolve(declared.host, from: workload.namespace) {
                    unread.insert(namespace)
                }
            }
            return [direct(verdict.rejected())]
        }
        let own: Set<CauseCode> = [.diskFull, .filePermissionDenied, .readOnlyFileSystem, .nodeDiskPressure, .configurationInvalid]
        let isDown = context.topology[server]?.impact == .outage
        let deeper = explain(server).filter {
            $0.confidence >= 0.4 && $0.finding.impact > .latent
                && (isDown || (symptom.failure == .readOnly && own.contains($0.finding.cause)))
        }
        let confirmed = deeper.enumerated().map { place, explanation in
            var explanation = explanation
            // Its log alone made it a suspicion; clients that are told that it takes no writes confirm the best of them.
            if place == 0, symptom.failure == .readOnly, own.contains(explanation.finding.cause) {
                explanation.finding.confidence = max(explanation.finding.confidence, 0.84)
                explanation.finding.reasons.append("its clients are turned away")
            }
            return explanation.preceded(by: verdict.link)
        }
        var refusal = verdict.rejected()
        if symptom.failure == .pool, clients(of: server, failing: .pool) >= Self.manyClients {
            refusal.object = server
            refusal.confidence = max(refusal.confidence, 0.8)
            refusal.reasons.append("several of its clients run out of connections alike")
        }
        return confirmed + [deeper.isEmpty ? direct(refusal) : outdone(refusal, by: confirmed)]
    }

    /// One client that runs out of connections may leak them; several at once point at the server.
    private static let manyClients = 3

    private func clients(of server: ObjectReference, failing failure: DependencySymptom.Failure) -> Int {
        book.symptoms.filter { client, symptoms in
            guard let workload = context.topology[client] else { return false }
            return symptoms.contains {
                $0.failure == failure && DependencyVerdict(context: context, workload: workload, symptom: $0).server == server
            }
        }.count
    }

    // Programs pass on the errors of those they call: a host that only the callee is configured to use is the callee's trouble.
    private mutating func relayed(_ symptom: DependencySymptom, _ workload: Workload) -> [Explanation]? {
        let own = context.topology.declared[workload.reference] ?? []
        guard !own.isEmpty, !own.contains(where: { $0.host == symptom.host }) else { return nil }
        let callees = targets(of: workload).filter { target in
            (context.topology.declared[target.workload] ?? []).contains { $0.host == symptom.host && $0.isSetting }
        }
        let link = DependencyVerdict(context: context, workload: workload, symptom: symptom).link
        let found = callees.flatMap { target in explain(target.workload).map { $0.preceded(by: target.link).preceded(by: link) } }
        return found.isEmpty ? nil : found
    }

    // The error names nobody: dependencies that are known to be broken stand to reason.
    private mutating func followUnnamed(_ symptom: DependencySymptom, _ workload: Workload) -> [Explanation] {
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        let broken = targets(of: workload).flatMap { target in
            explain(target.workload).filter { $0.finding.impact == .outage || $0.finding.impact == .degraded }
                .map { $0.preceded(by: verdict.link, strength: 0.85) }
        }
        if !broken.isEmpty { return broken }
        // Nobody is broken: the way to one of them may be barred, or it lies outside.
        // Where only one can be meant, it is looked at as if it were named.
        let hosts = onlyHosts(of: workload)
        guard hosts.count == 1, let only = hosts.first else { return [] }
        var named = symptom
        named.host = only.host
        named.port = only.port
        return follow(named, of: workload).filter { $0.finding.impact > .latent }.map { explanation in
            var explanation = explanation
            explanation.finding.against.append("the error does not name whom it cannot reach")
            explanation.strength *= min(0.85, Self.guess / max(explanation.confidence, 0.01))
            return explanation
        }
    }

    /// What a guess at an unnamed host is worth at the most.
    private static let guess = 0.55

    /// Hosts of the settings of a workload, each once.
    private func onlyHosts(of workload: Workload) -> [DeclaredHost] {
        var seen: Set<String> = []
        return (context.topology.declared[workload.reference] ?? []).filter { declared in
            guard declared.isSetting,
                declared.port != nil || declared.scheme != nil || declared.host.contains(".") || declared.key.uppercased().hasSuffix("HOST")
            else { return false }
            guard declared.host.contains(where: \.isLetter) || Topology.isAddress(declared.host) else { return false }
            if case .loopback = context.topology.resolve(declared.host, from: workload.namespace) { return false }
            return seen.insert(declared.host).inserted
        }
    }

    private mutating func nameServer(_ symptom: DependencySymptom, _ workload: Workload) -> [Explanation] {
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        if let finding = verdict.dnsOfPod() { return [direct(finding)] }
        let dns = ClusterDNS(context)
        if !dns.wasRead { unread.insert(ClusterDNS.namespace) }
        if let broken = brokenDNS(dns, verdict.link) { return broken }
        let clients = book.symptoms.values.filter { $0.contains { $0.failure == .nameServerFailure } }.count
        let down = dns.workloads.first { $0.impact == .outage || $0.desired == 0 }
        return [direct(verdict.clusterDNS(down, clients: clients))]
    }

    /// What is known to be wrong with the cluster's DNS itself.
    private func brokenDNS(_ dns: ClusterDNS, _ link: CausalLink) -> [Explanation]? {
        let own = dns.workloads.flatMap { book.byWorkload[$0.reference] ?? [] } + (dns.misconfiguration.map { [$0] } ?? [])
        let ofService = dns.service.flatMap { book.byService[$0.reference] }.map { [$0] } ?? []
        let found = (own + ofService).filter { $0.cause == .clusterDNSUnavailable }
        return found.isEmpty
            ? nil
            : found.map { finding in
                var finding = finding
                finding.reasons.append("clients get no answer for names of the cluster")
                finding.confidence = max(finding.confidence, 0.93)
                return direct(finding).preceded(by: link)
            }
    }

    // The name is that of a Service: either the pod asks the wrong servers, or the servers answer wrongly.
    private mutating func unresolved(_ verdict: DependencyVerdict) -> [Explanation]? {
        let dns = ClusterDNS(context)
        if let setting = verdict.dnsSetting(dns) { return [direct(setting)] }
        return brokenDNS(dns, verdict.link)
    }

    private mutating func through(_ service: Service, _ symptom: DependencySymptom, _ workload: Workload) -> [Explanation] {
        let verdict = DependencyVerdict(context: context, workload: workload, symptom: symptom)
        if service.type == "ExternalName" { return beyondAlias(service, symptom, workload) }
        if symptom.failure == .nameNotFound, let names = unresolved(verdict) { return names }
        if symptom.failure == .wrongProtocol { return [direct(verdict.wrongScheme(of: service))] }
        if let finding = verdict.wrongPort(of: service) { return [direct(finding)] }
        let state = ServiceState(service, context: context)
        let link = verdict.link
        if var finding = book.byService[service.reference], finding.cause != .loadBalancerPending {
            let isUnanswered = symptom.failure == .refused || symptom.failure == .timeout || symptom.failure == .waiting
            let isSamePort = symptom.port == nil || finding.details["port"] == symptom.port.map { String($0) }
            if finding.cause == .serviceSelectorMismatch || (isUnanswered && isSamePort) {
                // Clients that fail make a suspicion likely, and no certainty of it.
                finding.confidence = max(finding.confidence, min(0.93, finding.confidence + 0.25))
                finding.impact = .outage
                finding.reasons.append("clients fail on it")
                return [direct(finding).preceded(by: link)]
            }
        }
        if [.timeout, .waiting, .badAnswer].contains(symptom.failure), state.readyCount > 0, let finding = verdict.policy(to: service) {
            return [direct(finding).preceded(by: link)]
        }
        var result: [Explanation] = []
        let backends = context.topology.workloads(behind: service)
        let serviceLink = CausalLink(
            object: service.reference, statement: "Service \(service.name) has \(state.words).", citations: [state.citation])
        for backend in backends where backend.reference != workload.reference {
            for explanation in explain(backend.reference) {
                let isRelevant = state.readyCount == 0 || symptom.failure == .badAnswer || explanation.finding.impact == .latent
                result.append(explanation.preceded(by: serviceLink).preceded(by: link, strength: isRelevant ? 1 : 0.7))
            }
        }
        if result.isEmpty, backends.isEmpty, service.selector.isEmpty, let outside = beyondEndpoints(service, symptom, workload) {
            result += outside.map { $0.preceded(by: link) }
        }
        // Policies of a namespace that was not read whole may be what holds the client off.
        if result.isEmpty, symptom.failure == .timeout, !context.view.wasRead(.networkPolicies, in: service.namespace) {
            unread.insert(service.namespace)
        }
        if result.isEmpty && state.readyCount == 0 { result.append(direct(verdict.noEndpoints(service, state))) }
        if result.isEmpty, let finding = verdict.deafPort(of: service) { result.append(direct(finding).preceded(by: link)) }
        return result
    }

    // Endpoints written by hand lead out of the cluster.
    private func beyondEndpoints(_ service: Service, _ symptom: DependencySymptom, _ workload: Workload) -> [Explanation]? {
        let addresses = context.view.slices(of: service).flatMap(\.endpoints).flatMap(\.addresses)
        guard let address = addresses.first, addresses.allSatisfy({ context.topology.pod(at: $0) == nil }) else { return nil }
        var next = symptom
        next.host = address
        guard var finding = DependencyVerdict(context: context, workload: workload, symptom: next).external() else { return nil }
        finding.details["reference"] = service.name
        finding.citations.append(.field(service.reference, "endpoints", Phrase.list(addresses)))
        finding.reasons.append("Service \(service.name) has no selector: its endpoints are kept by hand")
        return [direct(finding)]
    }

    // An alias stands for another name, which may be inside or outside the cluster.
    private mutating func beyondAlias(_ service: Service, _ symptom: DependencySymptom, _ workload: Workload) -> [Explanation] {
        guard let target = service.externalName, target != symptom.host, aliases.insert(service.reference).inserted else { return [] }
        defer { aliases.remove(service.reference) }
        var next = symptom
        next.host = target
        let alias = CausalLink(
            object: service.reference, statement: "Service \(service.name) is an alias of \(target).",
            citations: [.field(service.reference, "spec.externalName", target)])
        return follow(next, of: workload).map { explanation in
            var explanation = explanation
            explanation.finding.citations += alias.citations
            explanation.finding.details["reference"] = explanation.finding.details["reference"] ?? service.name
            return explanation.preceded(by: alias)
        }
    }

    // MARK: Declared dependencies

    private typealias Target = (workload: ObjectReference, link: CausalLink)

    // Without an error that names it, a broken thing that the configuration points at is only likely.
    private mutating func followDeclared(_ workload: Workload) -> [Explanation] {
        targets(of: workload).flatMap { target -> [Explanation] in
            guard let next = context.topology[target.workload], next.impact == .outage || next.desired == 0 else { return [] }
            return explain(target.workload).map { $0.preceded(by: target.link, strength: 0.75) }
        }
    }

    /// Workloads that a workload's configuration or the knowledge graph says it depends on.
    private func targets(of workload: Workload) -> [Target] {
        var result: [Target] = []
        for declared in context.topology.declared[workload.reference] ?? [] {
            guard case .service(let service) = context.topology.resolve(declared.host, from: workload.namespace) else { continue }
            let link = CausalLink(
                object: workload.reference,
                statement: "\(workload.reference) is configured to use Service \(service.name) (\(declared.place)).",
                citations: [.field(declared.holder, declared.place, declared.host)])
            result += context.topology.workloads(behind: service).filter { $0.reference != workload.reference }.map { ($0.reference, link) }
        }
        for name in context.graph.dependencies(of: workload.reference.name) {
            for next in context.topology.workloads(in: workload.namespace) where next.reference.name == name {
                let link = CausalLink(
                    object: workload.reference, statement: "\(workload.reference) depends on \(name) by the knowledge graph.",
                    citations: [Citation(source: .graph, object: workload.reference, field: "depends_on", text: name)])
                result.append((next.reference, link))
            }
        }
        var seen: Set<ObjectReference> = []
        return result.filter { seen.insert($0.workload).inserted }
    }

    /// Everything a workload depends on by declaration, over any number of hops.
    func declaredReach(of reference: ObjectReference) -> Set<ObjectReference> {
        var reached: Set<ObjectReference> = []
        var next = [reference]
        while let current = next.popLast() {
            guard let workload = context.topology[current] else { continue }
            for target in targets(of: workload) where reached.insert(target.workload).inserted { next.append(target.workload) }
        }
        return reached
    }
}
