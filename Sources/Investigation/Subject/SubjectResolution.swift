internal import Correlation
public import IncidentModel

/// What the words of a description were mapped to.
public struct SubjectResolution: Codable, Sendable, Hashable {
    public var entities: ExtractedEntities
    /// Best match first; empty means that nothing in particular was named.
    public var subjects: [ObjectReference]
    /// Namespaces to look at; empty means all.
    public var namespaces: [String]

    /// Maps a reading to objects that exist: by the words of the description, and where these lead to nothing, by what a model read in it.
    /// - Parameter hint: the namespace the reporter gave beside the text.
    public init(_ reading: DescriptionReading, hint: String?, in inventory: Inventory) {
        self.init(words: reading, hint: hint, in: inventory)
        guard let suggestion = reading.suggestion else { return }
        if subjects.isEmpty, !suggestion.mentions.isEmpty {
            var suggested = reading
            suggested.mentions = suggestion.mentions
            let second = SubjectResolution(words: suggested, hint: hint, in: inventory)
            if !second.subjects.isEmpty { self = second }
        }
        entities.errorSummary = suggestion.error ?? entities.errorSummary
        entities.time = entities.time ?? suggestion.time
    }

    private init(words reading: DescriptionReading, hint: String?, in inventory: Inventory) {
        let matcher = NameMatcher(inventory: inventory)
        let place = matcher.namespaces(of: reading, hint: hint)
        var matches = matcher.objects(of: reading, in: place)
        // Nothing of that name there: the namespace may be wrong rather than the name.
        if matches.isEmpty && !place.isEmpty { matches = matcher.exactObjects(of: reading, outside: place) }
        let best = matches.map(\.score).max() ?? 0
        let chosen = matches.filter { $0.score >= best - 1 }.map(\.object)
        subjects = Array(chosen.prefix(6))
        let homes = Set(subjects.compactMap(\.namespace))
        namespaces = homes.isEmpty ? place : homes.sorted()
        entities = ExtractedEntities(
            podName: reading.mentions.first { $0.role == "pod" }?.word ?? subjects.first { $0.kind == "Pod" }?.name,
            namespace: namespaces.count == 1 ? namespaces[0] : hint,
            workload: subjects.first { ["Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob", "ReplicaSet"].contains($0.kind) }?.name,
            service: subjects.first { $0.kind == "Service" }?.name, node: subjects.first { $0.kind == "Node" }?.name,
            errorSummary: reading.errorSummary, time: reading.time, resolved: subjects)
    }
}
