internal import ClusterModel
internal import IncidentModel

/// One field in which a volume does not fit a claim, as the binding controller compares them.
struct VolumeDifference {
    let field: String
    /// Path in the volume.
    let path: String
    let claim: String
    let volume: String

    var words: String {
        field == "claimRef" ? "the volume is for \(volume)" : "the claim asks for \(field) \(claim), the volume has \(volume)"
    }

    static func all(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> [VolumeDifference] {
        [
            owner(claim, volume), size(claim, volume),
            of("storageClass", "spec.storageClassName", claim.storageClassName ?? "", volume.storageClassName),
            modes(claim, volume), of("volumeMode", "spec.volumeMode", claim.volumeMode, volume.volumeMode), labels(claim, volume),
        ].compactMap { $0 }
    }

    private static func of(_ field: String, _ path: String, _ claim: String, _ volume: String) -> VolumeDifference? {
        guard claim != volume else { return nil }
        return VolumeDifference(
            field: field, path: path, claim: claim.isEmpty ? "none" : claim, volume: volume.isEmpty ? "none" : volume)
    }

    private static func owner(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> VolumeDifference? {
        let path = "spec.claimRef"
        if let other = volume.claim, other != claim.reference {
            return VolumeDifference(field: "claimRef", path: path, claim: claim.reference.description, volume: other.description)
        }
        // A released volume keeps the uid of the claim that is gone, which a new claim of the same name does not have.
        let isStale = volume.claimUID.map { !$0.isEmpty && !claim.metadata.uid.isEmpty && $0 != claim.metadata.uid } ?? false
        guard volume.phase == "Released" || volume.phase == "Failed" || isStale else { return nil }
        return VolumeDifference(
            field: "claimRef", path: path, claim: claim.reference.description, volume: "a claim that is gone (\(volume.phase))")
    }

    private static func modes(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> VolumeDifference? {
        guard !Set(claim.accessModes).isSubset(of: volume.accessModes) else { return nil }
        return VolumeDifference(
            field: "accessModes", path: "spec.accessModes", claim: Phrase.list(claim.accessModes), volume: Phrase.list(volume.accessModes))
    }

    private static func size(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> VolumeDifference? {
        guard let asked = claim.requestedStorage.flatMap({ Quantity($0) }), let has = volume.capacity.flatMap({ Quantity($0) }), has < asked
        else { return nil }
        return VolumeDifference(field: "capacity", path: "spec.capacity.storage", claim: asked.text, volume: has.text)
    }

    private static func labels(_ claim: PersistentVolumeClaim, _ volume: PersistentVolume) -> VolumeDifference? {
        guard let selector = claim.selector, !selector.matches(volume.metadata.labels) else { return nil }
        return VolumeDifference(
            field: "selector", path: "metadata.labels", claim: selector.description,
            volume: LabelSelector(matchLabels: volume.metadata.labels).description)
    }
}
