internal import ClusterModel
internal import FoundationEssentials
internal import IncidentModel

/// Claims that do not bind (V1-V7). Reported on the claim, which is what a person has to change or make bindable.
enum StorageRules {
    /// The provisioner of classes whose volumes people make by hand.
    static let noProvisioner = "kubernetes.io/no-provisioner"

    static func finding(_ claim: PersistentVolumeClaim, context: CaseContext) -> Finding? {
        guard claim.phase == "Pending" || claim.phase == "Lost" else { return nil }
        return ClaimCase(claim, context).finding
    }
}

/// One claim that is not bound, and all that bears on it.
private struct ClaimCase {
    let claim: PersistentVolumeClaim
    let context: CaseContext
    let events: [Event]
    let users: [Workload]

    init(_ claim: PersistentVolumeClaim, _ context: CaseContext) {
        self.claim = claim
        self.context = context
        events = context.view.events(about: claim)
        users = ClaimUsers.of(claim, context)
    }

    private var view: ClusterView { context.view }
    private var age: Double { context.age(claim.metadata.creationTime) ?? .infinity }

    /// The class that the claim names, or the default one.
    private var storageClass: StorageClass? {
        guard let name = claim.storageClassName else { return view.storageClasses.items.first(where: \.isDefault) }
        return view.storageClasses[name]
    }

    var finding: Finding? {
        if claim.phase == "Lost" { return lost() }
        if let absent = missingClass() { return absent }
        // A class whose volumes people make has no program that could fail.
        let isManual = storageClass?.provisioner == StorageRules.noProvisioner
        if !isManual, let event = events.last(where: { $0.reason == "ProvisioningFailed" }) { return refused(event) }
        if let mismatch = mismatch() { return mismatch }
        if waitsForConsumer { return nil }
        return absentProvisioner()
    }

    // Nothing is asked of a provisioner before a pod that uses the claim has a node (V5).
    private var waitsForConsumer: Bool {
        if claim.metadata.annotations["volume.kubernetes.io/selected-node"] != nil { return false }
        if events.last.map({ ["WaitForFirstConsumer", "WaitForPodScheduled"].contains($0.reason) }) ?? false { return true }
        return storageClass?.bindingMode == "WaitForFirstConsumer"
    }

    private func base(
        _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String], _ citations: [Citation]
    ) -> Finding {
        var finding = Finding(
            cause: cause, object: claim.reference, sufferer: claim.reference, statement: statement, details: details, citations: citations,
            confidence: confidence, reasons: ["the claim is \(claim.phase)"], impact: users.isEmpty ? .latent : .degraded,
            onset: claim.metadata.creationTime, changedFields: ["claimTemplates"], changedObjects: [claim.reference],
            sufferers: users.map(\.reference))
        if users.isEmpty { finding.against.append("no pod uses the claim") }
        return finding
    }

    private func lost() -> Finding {
        let volume = claim.volumeName ?? ""
        let reference = ObjectReference(kind: "PersistentVolume", namespace: nil, name: volume)
        var citations = [Citation.field(claim.reference, "status.phase", "Lost")]
        if view.wasRead(.persistentVolumes), view.persistentVolumes[volume] == nil {
            citations.append(.absence(reference, "the list of PersistentVolumes has no \(volume)"))
        }
        return base(
            .persistentVolumeMismatch, "PersistentVolumeClaim \(claim.name) has lost its volume \(volume).", 0.92,
            ["reference": volume, "field": "volumeName", "found": volume], citations)
    }

    // MARK: Class

    private func missingClass() -> Finding? {
        guard let name = claim.storageClassName else { return noDefaultClass() }
        guard !name.isEmpty else { return noClassWanted() }
        let event = events.last { $0.reason == "ProvisioningFailed" && $0.message.contains("\"\(name)\" not found") }
        let isAbsent = view.wasRead(.storageClasses) && view.storageClasses[name] == nil
        guard event != nil || isAbsent else { return nil }
        // A class is only a word where volumes of that name are there to bind to: then what does not fit is the fault.
        if view.storageClasses[name] == nil, view.persistentVolumes.items.contains(where: { $0.storageClassName == name }) {
            return mismatch(of: candidates)
        }
        if claim.volumeName != nil, let mismatch = mismatch() { return mismatch }
        return classAbsent(name, event, isAbsent)
    }

    private func classAbsent(_ name: String, _ event: Event?, _ isAbsent: Bool) -> Finding {
        let others = view.storageClasses.items.map(\.name)
        let near = others.compactMap { other in
            EditDistance.between(other, name, atMost: max(3, name.count / 3)).map { (other, $0) }
        }.min { ($0.1, $0.0) < ($1.1, $1.0) }?.0
        let standard = view.storageClasses.items.first(where: \.isDefault)?.name
        let hint = others.isEmpty ? "" : "; the cluster has \(Phrase.list(others))"
        var details = ["field": "storageClass", "reference": name, "found": name]
        details["expected"] = near ?? standard ?? others.first
        var citations = [Citation.field(claim.reference, "spec.storageClassName", name)]
        if let event { citations.append(.event(event)) }
        if isAbsent {
            citations.append(
                .absence(ObjectReference(kind: "StorageClass", namespace: nil, name: name), "the list of StorageClasses has no \(name)"))
        }
        return base(
            .storageClassNotFound, "StorageClass \(name) of PersistentVolumeClaim \(claim.name) does not exist\(hint).",
            isAbsent || event != nil ? 0.95 : 0.7, details, citations)
    }

    // V1: no class named, and none is the default.
    private func noDefaultClass() -> Finding? {
        let event = events.last { $0.message.contains("no storage class is set") }
        let isKnown = view.wasRead(.storageClasses) && !view.storageClasses.items.contains(where: \.isDefault)
        guard claim.volumeName == nil, event != nil || (isKnown && age > 60) else { return nil }
        if let mismatch = mismatch(of: candidates) { return mismatch }
        let others = view.storageClasses.items.map(\.name)
        var details = ["field": "storageClass", "found": "none"]
        details["expected"] = others.first
        var citations = event.map { [Citation.event($0)] } ?? []
        if isKnown {
            citations.append(
                .absence(ObjectReference(kind: "StorageClass", namespace: nil, name: "default"), "no StorageClass is marked as the default")
            )
        }
        let hint = others.isEmpty ? "" : " (it has \(Phrase.list(others)))"
        return base(
            .storageClassNotFound,
            "PersistentVolumeClaim \(claim.name) names no StorageClass, and the cluster has no default one\(hint).",
            event != nil ? 0.9 : 0.8, details, citations)
    }

    // An empty name asks for a volume made by hand.
    private func noClassWanted() -> Finding? {
        guard let event = events.last(where: { $0.message.contains("no storage class is set") }), claim.volumeName == nil else {
            return nil
        }
        if let mismatch = mismatch(of: candidates) { return mismatch }
        return base(
            .storageClassNotFound,
            "PersistentVolumeClaim \(claim.name) asks for no StorageClass (storageClassName is empty), and no PersistentVolume fits it.",
            0.85,
            ["field": "storageClass", "found": "none"], [.field(claim.reference, "spec.storageClassName", "\"\""), .event(event)])
    }

    // MARK: Provisioner

    private func refused(_ event: Event) -> Finding {
        let provisioner = storageClass?.provisioner
        var details = ["reason": "ProvisioningFailed"]
        details["reference"] = claim.storageClassName ?? storageClass?.name
        details["found"] = Phrase.between(event.message, "code = ", " ")
        var finding = base(
            .volumeProvisioningFailed, "Provisioning PersistentVolumeClaim \(claim.name) fails: \(Citation.cut(event.message.trimmed)).",
            0.92,
            details, [.event(event)])
        if let provisioner { addProvisioner(provisioner, to: &finding) }
        return finding
    }

    private func absentProvisioner() -> Finding? {
        let event = events.last { $0.reason == "ExternalProvisioning" }
        guard age > 60 else { return nil }
        let told = event.flatMap { Phrase.between($0.message, "provisioner '", "'") ?? Phrase.between($0.message, "provisioner \"", "\"") }
        guard let provisioner = told ?? storageClass?.provisioner, provisioner != StorageRules.noProvisioner else { return nil }
        // Without the event nothing says that the provisioner was asked at all.
        let isUnknownDriver = view.wasRead(.csiDrivers) && !view.csiDrivers.items.contains { $0.name == provisioner }
        guard event != nil || !users.isEmpty else { return nil }
        var finding = base(
            .volumeProvisioningFailed, "Provisioner \(provisioner) does not serve PersistentVolumeClaim \(claim.name).",
            event != nil ? 0.84 : isUnknownDriver ? 0.6 : 0.5,
            ["reference": provisioner, "reason": event?.reason ?? "Pending"],
            event.map { [.event($0)] } ?? [.field(claim.reference, "status.phase", "Pending")])
        addProvisioner(provisioner, to: &finding)
        return finding
    }

    // The program behind the provisioner, where it is in the cluster and in trouble itself.
    private func addProvisioner(_ provisioner: String, to finding: inout Finding) {
        let word = Self.programName(provisioner)
        guard word.count > 3 else { return }
        let broken = context.topology.workloads.first { workload in
            guard workload.reference.name.contains(word), workload.desired == 0 || workload.impact == .outage else { return false }
            return !workload.isBatch && workload.reference.kind != "Pod"
        }
        guard let broken else { return }
        let state = broken.desired == 0 ? "is scaled to 0" : "has no ready pod"
        finding.carriers = [broken.reference]
        finding.statement = finding.statement.trimmed + "; \(broken.reference), which seems to be it, \(state)."
        finding.confidence = min(0.95, finding.confidence + 0.06)
        finding.reasons.append("\(broken.reference) \(state)")
        finding.citations.append(.field(broken.reference, "status.readyReplicas", "0"))
    }

    /// `local-path` of `rancher.io/local-path`, `ebs-csi` of `ebs.csi.aws.com`: the word that provisioners' workloads are named with.
    private static func programName(_ provisioner: String) -> String {
        if let slash = provisioner.lastIndex(of: "/") { return String(provisioner[provisioner.index(after: slash)...]) }
        return provisioner.split(separator: ".").prefix(2).joined(separator: "-")
    }

    // MARK: Volumes made by hand

    /// Volumes that could be meant: the named one, or those that nobody has and that are for the claim or of its class.
    private var candidates: [PersistentVolume] {
        if let name = claim.volumeName { return view.persistentVolumes[name].map { [$0] } ?? [] }
        let free = view.persistentVolumes.items.filter { $0.phase != "Bound" || $0.claim == claim.reference }
        let meant = free.filter { $0.claim == claim.reference }
        return meant.isEmpty ? free : meant
    }

    // A claim of a class with a provisioner gets a new volume whatever volumes lie about, unless it names one.
    private func mismatch() -> Finding? {
        let event = events.last {
            $0.reason == "VolumeMismatch" || $0.message.contains("already bound to a different claim")
                || $0.message.contains("Cannot bind to requested volume")
        }
        let isByHand = storageClass.map { $0.provisioner == StorageRules.noProvisioner } ?? (claim.storageClassName?.isEmpty ?? false)
        if event != nil || claim.volumeName != nil || isByHand {
            if let finding = mismatch(of: candidates, event) { return finding }
        }
        guard let event else { return isByHand && age > 60 && !users.isEmpty ? noVolume() : nil }
        return base(
            .persistentVolumeMismatch, "PersistentVolumeClaim \(claim.name) cannot bind: \(Citation.cut(event.message.trimmed)).", 0.85,
            ["reference": claim.volumeName ?? ""], [.event(event)])
    }

    private func noVolume() -> Finding? {
        guard view.wasRead(.persistentVolumes), view.persistentVolumes.items.allSatisfy({ $0.phase == "Bound" }) else { return nil }
        return base(
            .persistentVolumeMismatch,
            "No PersistentVolume is free for PersistentVolumeClaim \(claim.name), and its class \(claim.storageClassName ?? "") makes none.",
            0.8, ["field": "capacity", "found": claim.requestedStorage ?? "", "reference": claim.storageClassName ?? ""],
            [
                .field(claim.reference, "status.phase", "Pending"),
                .absence(claim.reference, "the list of PersistentVolumes has no free one"),
            ])
    }

    /// The volume with the fewest differences is the one that was meant.
    private func mismatch(of volumes: [PersistentVolume], _ event: Event? = nil) -> Finding? {
        let compared = volumes.map { (volume: $0, differences: VolumeDifference.all(claim, $0)) }.filter { !$0.differences.isEmpty }
        // One that differs in everything is just another volume.
        let near = compared.filter { $0.differences.count <= 2 || claim.volumeName != nil || $0.volume.claim == claim.reference }
        guard let best = near.min(by: { ($0.differences.count, $0.volume.name) < ($1.differences.count, $1.volume.name) }),
            let first = best.differences.first
        else { return nil }
        let name = best.volume.name
        var citations = [Citation.field(best.volume.reference, first.path, first.volume)]
        citations.append(.field(claim.reference, "spec", first.claim))
        if let event { citations.append(.event(event)) }
        let others = best.differences.dropFirst().map(\.field)
        let more = others.isEmpty ? "" : "; \(Phrase.list(others)) differ\(others.count == 1 ? "s" : "") too"
        return base(
            .persistentVolumeMismatch,
            "PersistentVolumeClaim \(claim.name) does not fit PersistentVolume \(name): \(first.words)\(more).",
            best.differences.count == 1 ? 0.9 : 0.8,
            ["field": first.field, "found": first.claim, "expected": first.volume, "reference": name], citations)
    }
}
