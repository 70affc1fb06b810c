internal import ClusterModel
internal import IncidentModel

/// Claims that do not bind (V1-V7). Reported on the claim, which is what a person has to change or make bindable.
enum StorageRules {
    static func finding(_ claim: PersistentVolumeClaim, context: CaseContext) -> Finding? {
        guard claim.phase == "Pending" || claim.phase == "Lost" else { return nil }
        let events = context.view.events(about: claim)
        if claim.phase == "Lost" {
            return base(
                claim, .persistentVolumeMismatch, "PersistentVolumeClaim \(claim.name) has lost its volume \(claim.volumeName ?? "").", 0.9,
                ["reference": claim.volumeName ?? ""], [.field(claim.reference, "status.phase", "Lost")])
        }
        return missingClass(claim, events, context) ?? refused(claim, events) ?? mismatch(claim, events, context)
            ?? absentProvisioner(claim, events, context)
    }

    private static func base(
        _ claim: PersistentVolumeClaim, _ cause: CauseCode, _ statement: String, _ confidence: Double, _ details: [String: String],
        _ citations: [Citation]
    ) -> Finding {
        Finding(
            cause: cause, object: claim.reference, sufferer: claim.reference, statement: statement, details: details, citations: citations,
            confidence: confidence, reasons: ["the claim stays Pending"], impact: .degraded, onset: claim.metadata.creationTime,
            changedFields: ["claimTemplates"], changedObjects: [claim.reference])
    }

    private static func missingClass(_ claim: PersistentVolumeClaim, _ events: [Event], _ context: CaseContext) -> Finding? {
        let event = events.last { ($0.reason == "ProvisioningFailed" && $0.message.contains("not found")) }
        if let name = claim.storageClassName, !name.isEmpty {
            let isAbsent = context.view.wasRead(.storageClasses) && context.view.storageClasses[name] == nil
            guard event != nil || isAbsent else { return nil }
            // A class that does not exist is a fault only where no volume of that name binds the claim either.
            let fitting = context.view.persistentVolumes.items.contains { $0.storageClassName == name && $0.phase == "Available" }
            guard event != nil || !fitting else { return nil }
            let others = context.view.storageClasses.items.map(\.name)
            let hint = others.isEmpty ? "" : "; the cluster has \(Phrase.list(others))"
            var details = ["field": "storageClass", "reference": name, "found": name]
            details["expected"] = others.first
            var citations = [Citation.field(claim.reference, "spec.storageClassName", name)]
            if let event { citations.append(.event(event)) }
            if isAbsent {
                citations.append(
                    .absence(ObjectReference(kind: "StorageClass", namespace: nil, name: name), "the list of StorageClasses has no \(name)")
                )
            }
            return base(
                claim, .storageClassNotFound, "StorageClass \(name) of PersistentVolumeClaim \(claim.name) does not exist\(hint).", 0.95,
                details, citations)
        }
        guard let event = events.last(where: { $0.reason == "FailedBinding" && $0.message.contains("no storage class is set") }) else {
            return nil
        }
        let hasDefault = context.view.storageClasses.items.contains(where: \.isDefault)
        let nearlyFits = context.view.persistentVolumes.items.contains { $0.phase == "Available" && $0.storageClassName.isEmpty }
        if nearlyFits, let mismatch = mismatch(claim, events, context) { return mismatch }
        let words =
            claim.storageClassName == nil && !hasDefault
            ? "names no StorageClass, and the cluster has no default one" : "names no StorageClass, and no volume fits"
        return base(
            claim, .storageClassNotFound, "PersistentVolumeClaim \(claim.name) \(words).", 0.88,
            ["field": "storageClass", "reference": ""],
            [.event(event)])
    }

    private static func refused(_ claim: PersistentVolumeClaim, _ events: [Event]) -> Finding? {
        guard let event = events.last(where: { $0.reason == "ProvisioningFailed" }) else { return nil }
        return base(
            claim, .volumeProvisioningFailed, "Provisioning PersistentVolumeClaim \(claim.name) fails: \(Citation.cut(event.message)).",
            0.92,
            ["reference": claim.storageClassName ?? "", "reason": "ProvisioningFailed"], [.event(event)])
    }

    private static func mismatch(_ claim: PersistentVolumeClaim, _ events: [Event], _ context: CaseContext) -> Finding? {
        let event = events.last { $0.reason == "VolumeMismatch" || $0.message.contains("already bound to a different claim") }
        let named = claim.volumeName.flatMap { context.view.persistentVolumes[$0] }
        let candidates =
            named.map { [$0] }
            ?? context.view.persistentVolumes.items.filter {
                $0.phase != "Bound" && ($0.storageClassName == (claim.storageClassName ?? "") || $0.claim == claim.reference)
            }
        for volume in candidates {
            guard let (field, found, expected) = difference(claim, volume) else { continue }
            var citations = [Citation.field(volume.reference, "spec.\(field)", found)]
            if let event { citations.append(.event(event)) }
            return base(
                claim, .persistentVolumeMismatch,
                "PersistentVolumeClaim \(claim.name) does not fit PersistentVolume \(volume.name): \(field) is \(found), the claim asks for \(expected).",
                0.85,
                ["field": field, "found": found, "expected": expected, "reference": volume.name], citations)
        }
        guard let event else { return nil }
        return base(
            claim, .persistentVolumeMismatch, "PersistentVolumeClaim \(claim.name) cannot bind: \(Citation.cut(event.message)).", 0.85,
            ["reference": claim.volumeName ?? ""], [.event(event)])
    }

    /// The first field in which a volume does not fit a claim.
    private static func difference(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> (
        field: String, found: String, expected: String
    )? {
        if let other = volume.claim, other != claim.reference { return ("claimRef", other.description, claim.reference.description) }
        if volume.phase == "Released" || volume.phase == "Failed" {
            return ("claimRef", "a claim that is gone (\(volume.phase))", claim.name)
        }
        if volume.storageClassName != (claim.storageClassName ?? "") {
            return (
                "storageClassName", volume.storageClassName.isEmpty ? "none" : volume.storageClassName, claim.storageClassName ?? "none"
            )
        }
        if !Set(claim.accessModes).isSubset(of: volume.accessModes) {
            return ("accessModes", Phrase.list(volume.accessModes), Phrase.list(claim.accessModes))
        }
        if volume.volumeMode != claim.volumeMode { return ("volumeMode", volume.volumeMode, claim.volumeMode) }
        if let asked = claim.requestedStorage.flatMap({ Quantity($0) }), let has = volume.capacity.flatMap({ Quantity($0) }), has < asked {
            return ("capacity", has.text, asked.text)
        }
        if let selector = claim.selector, !selector.matches(volume.metadata.labels) {
            return (
                "selector", volume.metadata.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","),
                selector.description
            )
        }
        return nil
    }

    private static func absentProvisioner(_ claim: PersistentVolumeClaim, _ events: [Event], _ context: CaseContext) -> Finding? {
        guard let event = events.last(where: { $0.reason == "ExternalProvisioning" }), (context.age(claim.metadata.creationTime) ?? 0) > 60
        else { return nil }
        let provisioner =
            claim.storageClassName.flatMap { context.view.storageClasses[$0]?.provisioner } ?? Phrase.between(
                event.message, "provisioner '", "'") ?? ""
        return base(
            claim, .volumeProvisioningFailed, "Provisioner \(provisioner) does not serve PersistentVolumeClaim \(claim.name).", 0.82,
            ["reference": provisioner, "reason": "ExternalProvisioning"], [.event(event)])
    }
}
