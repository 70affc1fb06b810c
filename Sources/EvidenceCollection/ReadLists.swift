import ClusterModel
import FastJSON
import IncidentModel
import KubernetesClient

/// The lists of a collection as they come in, and what was not read.
struct ReadLists: Sendable {
    private(set) var lists: [String: [JSONValue]] = [:]
    private(set) var gaps: [EvidenceGap] = []
    private var failures: [ClusterReadError] = []

    init(_ outcomes: [ListOutcome] = []) {
        for outcome in outcomes { add(outcome) }
    }

    mutating func add(_ outcome: ListOutcome) {
        gaps += outcome.gaps
        let isAddOn = ResourceType.addOns.contains(outcome.job.resource)
        switch outcome.result {
        case .success(let items): lists[outcome.job.resource.path, default: []] += items
        case .failure(.notFound) where isAddOn, .failure(.forbidden) where isAddOn: return
        case .failure(let error):
            failures.append(error)
            gaps.append(EvidenceGap(path: outcome.job.path, error: error))
        }
    }

    /// Adds items of other namespaces. A list none of which could be read in the scope stays unread, so that no one takes the
    /// few added items for all of it.
    mutating func addConnected(_ outcome: ListOutcome) {
        guard let known = lists[outcome.job.resource.path] else { return }
        guard outcome.job.resource.isNamespaced, outcome.job.namespace == nil else { return add(outcome) }
        // A list over all namespaces has those of the scope once more; where it is refused, the scope is still read.
        guard case .success(let items) = outcome.result else { return }
        let have = Set(known.map(Self.key))
        lists[outcome.job.resource.path] = known + items.filter { !have.contains(Self.key($0)) }
    }

    private static func key(_ item: JSONValue) -> String {
        (item["metadata", "namespace"].string ?? "") + "/" + (item["metadata", "name"].string ?? "")
    }

    mutating func addGap(_ gap: EvidenceGap) { gaps.append(gap) }

    /// The failure that explains best why nothing at all was read; `nil` where something was.
    var totalFailure: ClusterReadError? {
        guard lists.isEmpty else { return nil }
        return failures.first { if case .unauthorized = $0 { true } else { false } }
            ?? failures.first(where: \.isTransient) ?? failures.first
    }
}
